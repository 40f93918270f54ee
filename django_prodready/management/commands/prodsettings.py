"""manage.py prodsettings: the effective settings, the environment that they read, and whom they believe."""

from __future__ import annotations

import contextlib
import functools
import re
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from django_prodready import __version__
from django_prodready.audit.console import Console
from django_prodready.management.prodsettings import command
from django_prodready.management.prodsettings.errors import RefusedError, UsageError
from django_prodready.management.prodsettings.options import add_arguments
from django_prodready.reporting.safe_errors import safe_exception_text, safe_traceback


class Command(BaseCommand):
    """Parse, call, print, exit code. No logic."""

    help = (
        "Show the effective settings, each with its origin and no secret; write or check the environment "
        "that they read; refresh Cloudflare's ranges; say whom a request is from. "
        "Exit 0: done; 1: problems, refused, or with --check different; 2: usage errors, no settings."
    )
    # A failing system check of a third party must not replace our report.
    requires_system_checks: list[str] = []  # noqa: RUF012 - how Django declares it

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Make a parser that takes no abbreviated options, and whose errors show no value."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        # Set afterwards: under django-configurations the method takes no keyword of argparse.
        parser.allow_abbrev = False
        # So that names may stand between the options.
        vars(parser)["parse_args"] = parser.parse_intermixed_args
        vars(parser)["error"] = functools.partial(_usage_error, parser)
        return parser

    def get_version(self) -> str:
        """Give the version of this package for ``--version``."""
        return __version__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options of prodsettings."""
        add_arguments(parser)

    def handle(self, *_: Any, load_failure: BaseException | None = None, **options: Any) -> None:
        """Do what the options say; end the process with another code than 0 unless it is well done."""
        # Django asks this only where it starts the command itself.
        if options["force_color"] and options["no_color"]:
            raise CommandError("--no-color and --force-color exclude each other.", returncode=command.FAILED)
        color = True if options["force_color"] else False if options["no_color"] else None
        console = Console(out=self.stdout, color=color)
        try:
            # What the project's packages print must not stand in the report.
            with contextlib.redirect_stdout(sys.stderr):
                code = command.run(options, console, load_failure=load_failure)
        except UsageError as error:
            raise CommandError(str(error), returncode=command.FAILED) from error
        except RefusedError as error:
            raise CommandError(str(error), returncode=command.REFUSED) from error
        except KeyboardInterrupt:
            raise CommandError("interrupted.", returncode=command.FAILED) from None
        except Exception as error:  # noqa: BLE001 - whatever it is, no value may stand in what is told
            tell = safe_traceback if options["verbosity"] > 1 else safe_exception_text
            said = f"prodsettings itself failed: {tell(error, command.redactor(load_failure))}"
            # From None: --traceback would show the error's own text.
            raise CommandError(said, returncode=command.FAILED) from None
        if code != command.OK:
            sys.exit(code)


def _usage_error(parser: CommandParser, message: str) -> NoReturn:
    """Do what argparse does, and show no value that was typed where none belongs: headers hold secrets."""
    kind, colon, words = message.partition("unrecognized arguments: ")
    if colon:
        names = [word.partition("=")[0] for word in words.split() if word.startswith("-")]
        message = f"{kind}{colon}{' '.join(names)}"
    # argparse repeats what is no choice.
    message = re.sub(r"invalid choice: .* \(choose", "invalid choice (choose", message, flags=re.DOTALL)
    message = command.redactor().scrub(message)
    if not parser.called_from_command_line:
        raise CommandError(f"Error: {message}", returncode=command.FAILED)
    parser.print_usage(sys.stderr)
    parser.exit(command.FAILED, f"{parser.prog}: error: {message}\n")
