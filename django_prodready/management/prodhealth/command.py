"""The prodhealth command, apart from Django's command class: run, output, exit code."""

from __future__ import annotations

import datetime
import functools
import os
import time
from collections.abc import Callable, Mapping
from typing import Any, TextIO, cast

from django.conf import settings

from django_prodready.audit.console import CannotPrintError, Console
from django_prodready.audit.facts.effective import all_values
from django_prodready.management.prodhealth import drain_file, here, renderers, there
from django_prodready.management.prodhealth.options import asking, refuse_stray_modifiers
from django_prodready.management.prodhealth.state import State, UsageError
from django_prodready.reporting.redaction import Redactor
from django_prodready.reporting.terminal import Style

FIT, UNFIT = 0, 1  # and nothing else: Docker reserves 2


def run(options: Mapping[str, Any], console: Console, *, load_failure: BaseException | None = None) -> int:
    """Carry out the command and return its exit code. Raises :class:`UsageError`."""
    refuse_stray_modifiers(options)
    try:
        if load_failure is not None and needs_settings(options):
            return _once(functools.partial(here.not_loaded, load_failure, redactor()), options, console)
        if options["drain"] or options["undrain"]:
            change = drain_file.begin() if options["drain"] else drain_file.end()
            console.print(renderers.of_change(change, options["format"]))
            return FIT
        look = _look(options)
        return _once(look, options, console) if options["watch"] is None else _watch(look, options, console)
    except CannotPrintError as error:
        raise UsageError(f"Standard output cannot be written: {error}.") from error


def redactor() -> Redactor:
    """Make a redactor that knows the secrets of the environment, and of the settings once they loaded."""
    return Redactor.from_settings(all_values(settings) if settings.configured else {}, os.environ)


def needs_settings(options: Mapping[str, Any]) -> bool:
    """Whether ``options`` ask for something that the project's settings say."""
    return options["url"] is None


def _look(options: Mapping[str, Any]) -> Callable[[], State]:
    if options["url"] is not None:
        query = there.query_of(options["url"], asking(options))
        return functools.partial(there.look, query, redactor())
    return functools.partial(here.look, here.query_of(options), redactor())


def _once(look: Callable[[], State], options: Mapping[str, Any], console: Console) -> int:
    state = look()
    if options["format"] == "json":
        console.print(renderers.as_json(state))
    else:
        console.print(renderers.block(state, _style(console), options["verbosity"]))
    return _exit_code(state)


def _watch(look: Callable[[], State], options: Mapping[str, Any], console: Console) -> int:
    """Look until Ctrl-C, or until nobody reads any more; the last state says the exit code."""
    before = state = None
    try:
        while True:
            started_s = time.monotonic()
            before, state = state, look()
            text = _shown(before, state, options, console)
            if text and not console.print(text):
                break
            time.sleep(max(0.0, options["watch"] - (time.monotonic() - started_s)))
    except KeyboardInterrupt:
        if state is None:
            raise
    return _exit_code(state)


def _shown(before: State | None, state: State, options: Mapping[str, Any], console: Console) -> str:
    """Give JSON for every look; for people everything at first, and then what changes."""
    if options["format"] == "json":
        return renderers.as_json_line(state, _clock())
    if before is None:
        return renderers.block(state, _style(console), options["verbosity"])
    return renderers.changes(before, state, _style(console), _clock())


def _clock() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _style(console: Console) -> Style:
    return Style.for_stream(cast("TextIO", console.out), os.environ, force=console.color)


def _exit_code(state: State) -> int:
    return FIT if state.is_fit else UNFIT
