"""manage.py prodmigrate: judge whether migrations take the running site down."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn, TextIO, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from django_prodready import __version__
from django_prodready.audit.console import CannotPrintError, Console
from django_prodready.audit.facts.effective import all_values
from django_prodready.audit.project import facts_of_process
from django_prodready.migration_safety import command
from django_prodready.reporting.redaction import Redactor
from django_prodready.reporting.safe_errors import safe_exception_text, safe_traceback
from django_prodready.reporting.terminal import Style


class Command(BaseCommand):
    """Parse, call, print, exit code. No logic."""

    help = (
        "Judge whether migrations take the running site down, before they run. "
        "Exit 0: safe; 1: unsafe, or not known; 2: it could not judge, and usage errors."
    )
    # A failing system check of a third party must not replace our report.
    requires_system_checks: list[str] = []  # noqa: RUF012 - how Django declares it

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Make a parser that takes no abbreviated options, and whose errors show no value."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        # Set afterwards: under django-configurations the method takes no keyword of argparse.
        parser.allow_abbrev = False
        # So that app and migration may stand between the options.
        vars(parser)["parse_args"] = parser.parse_intermixed_args
        vars(parser)["error"] = functools.partial(_usage_error, parser)
        return parser

    def get_version(self) -> str:
        """Give the version of this package for ``--version``."""
        return __version__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options of prodmigrate."""
        command.add_arguments(parser)

    def handle(self, *_: Any, load_failure: BaseException | None = None, **options: Any) -> None:
        """Judge; end the process with the exit code unless that is 0."""
        # Django asks this only where it starts the command itself.
        if options["force_color"] and options["no_color"]:
            raise CommandError("--no-color and --force-color exclude each other.", returncode=command.FAILED)
        color = True if options["force_color"] else False if options["no_color"] else None
        console = Console(out=self.stdout, color=color)
        redactor = _redactor(options["scratch_url"], load_failure)
        if load_failure is not None:
            told = safe_exception_text(load_failure, redactor)
            raise CommandError(f"The settings cannot be loaded: {told}.", returncode=command.FAILED)
        surroundings = command.Surroundings(
            root=facts_of_process().root,
            redactor=redactor,
            style=Style.for_stream(cast("TextIO", console.out), os.environ, force=color),
            tell=self.stderr.write,
        )
        try:
            # What the project's packages print must not stand in the report.
            with contextlib.redirect_stdout(sys.stderr):
                text, code = command.run(options, surroundings)
            console.print(text)
        except command.UsageError as error:
            raise CommandError(str(error), returncode=command.FAILED) from None
        except CannotPrintError as error:
            raise CommandError(
                f"Standard output cannot be written: {error}. Use --output FILE.", returncode=command.FAILED
            ) from None
        except KeyboardInterrupt:
            raise CommandError("interrupted.", returncode=command.FAILED) from None
        except Exception as error:  # noqa: BLE001 - whatever it is, no value may stand in what is told
            tell = safe_traceback if options["verbosity"] > 1 else safe_exception_text
            said = f"prodmigrate itself failed: {tell(error, redactor)}"
            # From None: --traceback would show the error's own text.
            raise CommandError(said, returncode=command.FAILED) from None
        if code != command.OK:
            sys.exit(code)


def _redactor(scratch_url: str | None, load_failure: BaseException | None = None) -> Redactor:
    """Know the secrets of the settings, of the environment and of ``--scratch-url``."""
    values = all_values(settings) if load_failure is None and settings.configured else {}
    return Redactor.from_settings(values, {**os.environ, "SCRATCH_DATABASE_URL": scratch_url or ""})


def _usage_error(parser: CommandParser, message: str) -> NoReturn:
    """Do what argparse does, and show no value that was typed where none belongs: URLs hold passwords."""
    kind, colon, words = message.partition("unrecognized arguments: ")
    if colon:
        names = [word.partition("=")[0] for word in words.split() if word.startswith("-")]
        message = f"{kind}{colon}{' '.join(names) or 'more names than an app and a migration'}"
    # argparse repeats what is no choice.
    message = re.sub(r"invalid choice: .* \(choose", "invalid choice (choose", message, flags=re.DOTALL)
    message = _redactor(None).scrub(message)
    if not parser.called_from_command_line:
        raise CommandError(f"Error: {message}", returncode=command.FAILED)
    parser.print_usage(sys.stderr)
    parser.exit(command.FAILED, f"{parser.prog}: error: {message}\n")
