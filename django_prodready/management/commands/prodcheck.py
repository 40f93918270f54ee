"""manage.py prodcheck: judge whether this project is fit for production."""

from __future__ import annotations

import contextlib
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from django_prodready import __version__
from django_prodready.audit import command
from django_prodready.audit.console import Console


class Command(BaseCommand):
    """Parse, call, print, exit code. No logic."""

    help = (
        "Judge whether this project is fit for production. "
        "Exit 0: yes; 1: findings; 2: it could not judge; 3: nothing ran."
    )
    # A failing system check of a third party must not replace our report.
    requires_system_checks: list[str] = []  # noqa: RUF012 - how Django declares it

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Make a parser that takes no abbreviated options."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        # Set afterwards: under django-configurations the method takes no keyword of argparse.
        parser.allow_abbrev = False
        return parser

    def get_version(self) -> str:
        """Give the version of this package for ``--version``."""
        return __version__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the audit's options."""
        command.add_arguments(parser)

    def handle(self, *_: Any, load_failure: BaseException | None = None, **options: Any) -> None:
        """Run the audit; end the process with its exit code unless that is 0."""
        # Django asks this only where it starts the command itself.
        if options["force_color"] and options["no_color"]:
            raise CommandError("--no-color and --force-color exclude each other.", returncode=command.FAILED)
        color = True if options["force_color"] else False if options["no_color"] else None
        console = Console(out=self.stdout, color=color)
        try:
            # What checks and packages print must not stand in the report.
            with contextlib.redirect_stdout(sys.stderr):
                code = command.run(options, console, load_failure=load_failure)
        except command.UsageError as error:
            raise CommandError(str(error), returncode=command.FAILED) from error
        if code != command.OK:
            sys.exit(code)
