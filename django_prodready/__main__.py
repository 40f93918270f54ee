"""``python -m django_prodready`` and the ``prodready`` script: the commands without a manage.py.

They work when the settings module cannot be imported, and say then what is wrong with it.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import django
from django.core.management.base import CommandError

from django_prodready import __version__

USAGE = """\
usage: prodready COMMAND [--settings MODULE] [--pythonpath DIR] [OPTIONS]

commands:
  check    judge whether the project is fit for production (manage.py prodcheck)

prodready COMMAND --help shows the options of one command.
"""
FAILED = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that ``argv`` names and return its exit code. Help and usage go to the console."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and arguments[0] in ("-h", "--help", "help"):
        sys.stdout.write(USAGE)
        return 0
    if arguments == ["--version"]:
        sys.stdout.write(f"{__version__}\n")
        return 0
    if not arguments or arguments[0] != "check":
        sys.stderr.write(USAGE if not arguments else f"prodready: unknown command {arguments[0]!r}.\n{USAGE}")
        return FAILED
    return _check(arguments[1:])


def _check(arguments: list[str]) -> int:
    from django_prodready.audit.command import is_page
    from django_prodready.management.commands.prodcheck import Command

    command = Command()
    # Usage errors print and end, as under manage.py.
    vars(command)["_called_from_command_line"] = True
    try:
        options = vars(command.create_parser("prodready", "check").parse_args(arguments))
        options.pop("args", None)
        command.handle(load_failure=_load(options, required=not is_page(options)), **options)
    except CommandError as error:
        sys.stderr.write(f"prodready check: {error}\n")
        return error.returncode
    except KeyboardInterrupt:
        sys.stderr.write("prodready check: interrupted.\n")
        return FAILED
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else FAILED
    return 0


def _load(options: Mapping[str, Any], *, required: bool) -> BaseException | None:
    """Load the settings and set Django up; the exception that ended it, or None.

    Without ``required``, no settings need be named.
    """
    sys.path.insert(0, options["pythonpath"] or str(Path.cwd()))
    if options["settings"]:
        os.environ["DJANGO_SETTINGS_MODULE"] = options["settings"]
    if not os.environ.get("DJANGO_SETTINGS_MODULE"):
        if not required:
            return None
        raise CommandError(
            "Name the settings module: --settings MODULE, or DJANGO_SETTINGS_MODULE in the environment.",
            returncode=FAILED,
        )
    try:
        # What settings print must not stand in the report.
        with contextlib.redirect_stdout(sys.stderr):
            if os.environ.get("DJANGO_CONFIGURATION"):
                importlib.import_module("configurations").setup()
            django.setup()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a settings module may raise anything, SystemExit included
        return error
    return None


if __name__ == "__main__":
    sys.exit(main())
