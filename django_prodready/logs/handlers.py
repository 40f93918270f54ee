"""The console: standard output, except where that is what a command has been asked for."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

from django_prodready.settings.environment.command_line import django_command

__all__ = ["ConsoleHandler"]


class ConsoleHandler(logging.StreamHandler[TextIO]):
    """Write to standard output; in a command of Django's other than ``runserver`` to standard error.

    ``manage.py dumpdata > books.json`` and ``prodcheck --format json`` print their result, and a record
    within it would spoil it. Platforms collect both streams.
    """

    def __init__(self) -> None:
        super().__init__(sys.stdout if django_command() in (None, "runserver") else sys.stderr)
