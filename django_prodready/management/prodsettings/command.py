"""The prodsettings command, apart from Django's command class: run, output, exit code."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, TextIO, cast

from django.conf import settings

from django_prodready.audit.console import CannotPrintError, Console
from django_prodready.management.prodsettings import (
    cloudflare_ranges,
    env_check,
    env_check_renderers,
    env_template,
    explain_client,
    listing,
    listing_renderers,
    renderers,
    secret_key,
)
from django_prodready.management.prodsettings.applied import cannot_load
from django_prodready.management.prodsettings.cloudflare_ranges import Outcome
from django_prodready.management.prodsettings.errors import RefusedError, UsageError
from django_prodready.management.prodsettings.known_secrets import redactor
from django_prodready.management.prodsettings.options import LISTING, chosen_action
from django_prodready.reporting.terminal import Style

__all__ = ["FAILED", "OK", "REFUSED", "needs_settings", "redactor", "run"]

OK, REFUSED, FAILED = 0, 1, 2


def run(options: Mapping[str, Any], console: Console, *, load_failure: BaseException | None = None) -> int:
    """Carry out the command and return its exit code. Raises :class:`UsageError`, :class:`RefusedError`."""
    action = chosen_action(options)
    # What an app raises when it is loaded says nothing against the settings.
    if load_failure is not None and not settings.configured and _takes_loaded_settings(action, options):
        raise cannot_load(load_failure)
    try:
        return _ACTIONS[action](options, console, load_failure)
    except CannotPrintError as error:
        raise UsageError(f"Standard output cannot be written: {error}.") from error


def needs_settings(options: Mapping[str, Any]) -> bool:
    """Whether ``options`` ask for something that only a settings module says, loaded or not.

    A key is fresh, a file's refresh takes none, and a file of variables may name the module itself.
    """
    try:
        action = chosen_action(options)
    except UsageError:
        return False
    if action == "env_check":
        return not options["env_check"]
    return action == "env_template" or _takes_loaded_settings(action, options)


def _takes_loaded_settings(action: str, options: Mapping[str, Any]) -> bool:
    if action == "cloudflare_ranges":
        return options["write"] is None
    return action in (LISTING, "explain_client")


def _listing(options: Mapping[str, Any], console: Console, _: BaseException | None) -> int:
    found = listing.carry_out(options)
    is_json = options["format"] == "json"
    console.print(
        listing_renderers.as_json(found) if is_json else listing_renderers.as_text(found, _style(console))
    )
    return OK


def _env_template(options: Mapping[str, Any], console: Console, load_failure: BaseException | None) -> int:
    console.print(env_template.carry_out(options, load_failure))
    return OK


def _env_check(options: Mapping[str, Any], console: Console, load_failure: BaseException | None) -> int:
    checked = env_check.carry_out(options, load_failure)
    is_json = options["format"] == "json"
    console.print(
        env_check_renderers.as_json(checked)
        if is_json
        else env_check_renderers.as_text(checked, _style(console))
    )
    return REFUSED if checked.problems else OK


def _secret_key(_: Mapping[str, Any], console: Console, __: BaseException | None) -> int:
    console.print(f"{secret_key.fresh()}\n")
    return OK


def _ranges(options: Mapping[str, Any], console: Console, _: BaseException | None) -> int:
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


def _client(options: Mapping[str, Any], console: Console, _: BaseException | None) -> int:
    explained = explain_client.carry_out(options)
    if options["format"] == "json":
        console.print(renderers.client_as_json(explained))
    else:
        console.print(renderers.of_client(explained, _style(console)))
    return OK


def _style(console: Console) -> Style:
    return Style.for_stream(cast("TextIO", console.out), os.environ, force=console.color)


_ACTIONS: Mapping[str, Callable[[Mapping[str, Any], Console, BaseException | None], int]] = {
    LISTING: _listing,
    "env_template": _env_template,
    "env_check": _env_check,
    "secret_key": _secret_key,
    "cloudflare_ranges": _ranges,
    "explain_client": _client,
}
