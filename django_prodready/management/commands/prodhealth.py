"""manage.py prodhealth: ask the probes, and say whether this process could serve."""

from __future__ import annotations

import contextlib
import functools
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from django_prodready import __version__
from django_prodready.audit.console import Console
from django_prodready.management.prodhealth import command
from django_prodready.management.prodhealth.options import add_arguments
from django_prodready.management.prodhealth.state import UsageError
from django_prodready.reporting.safe_errors import safe_exception_text, safe_traceback


class Command(BaseCommand):
    """Parse, call, print, exit code. No logic."""

    help = (
        "Ask the probes in this process, or an endpoint at a URL. "
        "Exit 0: fit; 1: not fit, and usage errors; never anything else."
    )
    # A failing system check of a third party must not replace our report.
    requires_system_checks: list[str] = []  # noqa: RUF012 - how Django declares it

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Make a parser that takes no abbreviated options, and whose errors end with 1."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        # Set afterwards: under django-configurations the method takes no keyword of argparse.
        parser.allow_abbrev = False
        vars(parser)["error"] = functools.partial(_usage_error, parser)
        return parser

    def get_version(self) -> str:
        """Give the version of this package for ``--version``."""
        return __version__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options of prodhealth."""
        add_arguments(parser)

    def handle(self, *_: Any, load_failure: BaseException | None = None, **options: Any) -> None:
        """Ask; end the process with 1 unless all is fit."""
        # Django asks this only where it starts the command itself.
        if options["force_color"] and options["no_color"]:
            raise CommandError("--no-color and --force-color exclude each other.")
        color = True if options["force_color"] else False if options["no_color"] else None
        console = Console(out=self.stdout, color=color)
        try:
            # What probes and packages print must not stand in the report.
            with contextlib.redirect_stdout(sys.stderr):
                code = command.run(options, console, load_failure=load_failure)
        except UsageError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("interrupted.") from None
        except Exception as error:  # noqa: BLE001 - whatever it is, the exit code is 1
            tell = safe_traceback if options["verbosity"] > 1 else safe_exception_text
            # From None: --traceback would show the error's own text.
            raise CommandError(f"prodhealth itself failed: {tell(error, command.redactor())}") from None
        if code != command.FIT:
            sys.exit(code)


def _usage_error(parser: CommandParser, message: str) -> NoReturn:
    """Do what argparse does, but exit with 1, and show no value that was typed where none belongs."""
    kind, colon, words = message.partition("unrecognized arguments: ")
    if colon:
        names = [word.partition("=")[0] for word in words.split() if word.startswith("-")]
        message = f"{kind}{colon}{' '.join(names) or 'prodhealth takes options only'}"
    message = command.redactor().scrub(message)
    if not parser.called_from_command_line:
        raise CommandError(f"Error: {message}")
    parser.print_usage(sys.stderr)
    parser.exit(command.UNFIT, f"{parser.prog}: error: {message}\n")
