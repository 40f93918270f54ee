"""The prodsettings command, apart from Django's command class: run, output, exit code."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, TextIO, cast

from django.conf import settings

from django_prodready.audit.console import CannotPrintError, Console
from django_prodready.audit.facts.effective import all_values
from django_prodready.management.prodsettings import cloudflare_ranges, explain_client, renderers
from django_prodready.management.prodsettings.cloudflare_ranges import Outcome
from django_prodready.management.prodsettings.errors import RefusedError, UsageError
from django_prodready.management.prodsettings.options import chosen_action
from django_prodready.reporting.redaction import Redactor
from django_prodready.reporting.safe_errors import safe_exception_text
from django_prodready.reporting.terminal import Style

OK, REFUSED, FAILED = 0, 1, 2


def run(options: Mapping[str, Any], console: Console, *, load_failure: BaseException | None = None) -> int:
    """Carry out the command and return its exit code. Raises :class:`UsageError`, :class:`RefusedError`."""
    action = chosen_action(options)
    # What an app raises when it is loaded says nothing against the settings.
    if load_failure is not None and not settings.configured and needs_settings(options):
        raise UsageError(f"The settings cannot be loaded. {safe_exception_text(load_failure, redactor())}")
    carry_out = {"cloudflare_ranges": _ranges, "explain_client": _client}[action]
    try:
        return carry_out(options, console)
    except CannotPrintError as error:
        raise UsageError(f"Standard output cannot be written: {error}.") from error


def redactor() -> Redactor:
    """Make a redactor that knows the secrets of the environment, and of the settings once they loaded."""
    return Redactor.from_settings(all_values(settings) if settings.configured else {}, os.environ)


def needs_settings(options: Mapping[str, Any]) -> bool:
    """Whether ``options`` ask for something that only the settings say; a file's refresh does not."""
    return options["explain_client"] or (options["cloudflare_ranges"] and options["write"] is None)


def _ranges(options: Mapping[str, Any], console: Console) -> int:
    is_json = options["format"] == "json"
    try:
        result = cloudflare_ranges.carry_out(options)
    except RefusedError as error:
        if is_json:
            console.print(renderers.refusal_as_json(error))
            return REFUSED
        if error.changes:
            console.print(renderers.of_refusal(error, _style(console)))
        raise
    console.print(
        renderers.ranges_as_json(result) if is_json else renderers.of_ranges(result, _style(console))
    )
    is_wrong = result.outcome is Outcome.DIFFERS or result.before.trouble is not None
    return REFUSED if options["check"] and is_wrong else OK


def _client(options: Mapping[str, Any], console: Console) -> int:
    explained = explain_client.carry_out(options)
    if options["format"] == "json":
        console.print(renderers.client_as_json(explained))
    else:
        console.print(renderers.of_client(explained, _style(console)))
    return OK


def _style(console: Console) -> Style:
    return Style.for_stream(cast("TextIO", console.out), os.environ, force=console.color)
