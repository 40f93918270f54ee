"""``python -m django_prodready`` and the ``prodready`` script: the commands without a manage.py.

They work when the settings module cannot be imported, and say then what is wrong with it. Django is
imported where a command needs it: ``prodready probe`` starts anew for every probe, and needs none.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # importing typing would be the dearest part of a probe
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from django.core.management.base import BaseCommand

USAGE = """\
usage: prodready COMMAND [--settings MODULE] [--pythonpath DIR] [OPTIONS]

commands:
  check     judge whether the project is fit for production (manage.py prodcheck)
  health    ask the probes, or a deployed endpoint (manage.py prodhealth)
  migrate   judge migrations before they run (manage.py prodmigrate)
  probe     ask a URL as Docker and kubelet do, without Django and settings
  settings  show the settings and their origins, check the environment (manage.py prodsettings)

prodready COMMAND --help shows the options of one command.
"""
FAILED = 2  # what prodcheck says of a failure of its own
UNFIT = 1  # all that health and probe say that is not 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that ``argv`` names and return its exit code. Help and usage go to the console."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and arguments[0] in ("-h", "--help", "help"):
        sys.stdout.write(USAGE)
        return 0
    if arguments == ["--version"]:
        from django_prodready import __version__

        sys.stdout.write(f"{__version__}\n")
        return 0
    run = _COMMANDS.get(arguments[0]) if arguments else None
    if run is None:
        sys.stderr.write(USAGE if not arguments else f"prodready: unknown command {arguments[0]!r}.\n{USAGE}")
        return FAILED
    return run(arguments[1:])


def _check(arguments: list[str]) -> int:
    from django_prodready.audit.command import is_page
    from django_prodready.management.commands.prodcheck import Command

    return _run("check", Command(), arguments, needs_settings=lambda options: not is_page(options))


def _health(arguments: list[str]) -> int:
    from django_prodready.management.commands.prodhealth import Command
    from django_prodready.management.prodhealth.command import needs_settings

    return UNFIT if _run("health", Command(), arguments, needs_settings=needs_settings) else 0


def _migrate(arguments: list[str]) -> int:
    from django_prodready.management.commands.prodmigrate import Command

    return _run("migrate", Command(), arguments, needs_settings=lambda _: True)


def _settings(arguments: list[str]) -> int:
    from django_prodready.management.commands.prodsettings import Command
    from django_prodready.management.prodsettings.command import needs_settings

    return _run("settings", Command(), arguments, needs_settings=needs_settings)


def _probe(arguments: list[str]) -> int:
    from django_prodready.probe.__main__ import main as probe

    return probe(arguments)


_COMMANDS = {
    "check": _check,
    "health": _health,
    "migrate": _migrate,
    "probe": _probe,
    "settings": _settings,
}


def _run(
    name: str, command: BaseCommand, arguments: list[str], *, needs_settings: Callable[[dict[str, Any]], bool]
) -> int:
    """Run a management command, which is given what kept the project from being loaded."""
    from django.core.management.base import CommandError

    # Usage errors print and end, as under manage.py.
    vars(command)["_called_from_command_line"] = True
    try:
        options = vars(command.create_parser("prodready", name).parse_args(arguments))
        options.pop("args", None)
        command.handle(load_failure=_load(options, required=needs_settings(options)), **options)
    except CommandError as error:
        sys.stderr.write(f"prodready {name}: {error}\n")
        return error.returncode
    except KeyboardInterrupt:
        sys.stderr.write(f"prodready {name}: interrupted.\n")
        return FAILED
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else FAILED
    return 0


def _load(options: dict[str, Any], *, required: bool) -> BaseException | None:
    """Load the settings and set Django up; the exception that ended it, or None.

    Without ``required``, no settings need be named.
    """
    import contextlib
    import importlib

    import django
    from django.core.management.base import CommandError

    sys.path.insert(0, options["pythonpath"] or os.getcwd())  # noqa: PTH109 - it is to be a str
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
