"""A trace from start to end: makes the scratch database, runs the process, gathers what it tells.

What a cache remembers of every migration that is asked for is not traced again.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

from django_prodready.migration_safety.cache import Cache, narrowed, server_version
from django_prodready.migration_safety.model import Judgement, Key
from django_prodready.migration_safety.plan import Plan, Selection
from django_prodready.migration_safety.trace import client
from django_prodready.migration_safety.trace.protocol import ATTEMPTED, KNOWN, Job, Message, TraceError
from django_prodready.migration_safety.trace.scratch import Server, created
from django_prodready.migration_safety.trace.wire import STEP, from_wire
from django_prodready.reporting.redaction import Redactor


@dataclass(slots=True)
class Traced:
    """What one trace told."""

    judgements: dict[Key, Judgement] = field(default_factory=dict)
    attempts: dict[Key, Sequence[str]] = field(default_factory=dict)  # refused, in words
    warnings: list[str] = field(default_factory=list)  # what could not be dropped, or kept


def remembered_or_traced(
    plan: Plan,
    selection: Selection,
    server: Server,
    redactor: Redactor,
    cache: Cache | None = None,
    show: Callable[[str], object] | None = None,
) -> Traced:
    """Return what the cache knows, or trace and have the cache keep it. Raises TraceError."""
    if not plan.judged:
        return Traced()
    if cache is None:
        return trace(plan, selection, server, redactor, show)
    keys = cache.keys(plan, server_version(server))
    known = cache.find(keys)
    traced = Traced()
    if narrowed(plan, known) is not None:
        traced = trace(plan, selection, server, redactor, show, known=tuple(known))
        traced.warnings += cache.keep(keys, traced.judgements, traced.attempts, redactor)
    for key, remembered in known.items():
        seen = traced.judgements.get(key)
        if seen is None or not seen.traced:  # at most in front of others, and not whole
            traced.judgements[key] = remembered.judgement
            traced.attempts[key] = remembered.attempts
    return traced


def trace(
    plan: Plan,
    selection: Selection,
    server: Server,
    redactor: Redactor,
    show: Callable[[str], object] | None = None,
    *,
    known: tuple[Key, ...] = (),
) -> Traced:
    """Run what ``selection`` asks for on a scratch database of ``server``. Raises TraceError.

    ``show`` gets what the migrations printed, also when the trace fails. The ``known`` migrations are run
    where others need them, and judged only where that cannot be told apart.
    """
    traced = Traced()
    job = Job(
        settings_module=client.settings_module(),
        alias=plan.alias,
        selection=selection,
        applied=tuple(plan.loader.applied_migrations),
        options={KNOWN: known},
    )
    with _adding(traced.warnings), created(server, tell=traced.warnings.append) as scratch:
        running: Key | None = None  # at first, the project is set up
        attempts: defaultdict[Key | None, list[str]] = defaultdict(list)
        messages = client.run(job, scratch, redactor=redactor, show=show)
        # Closed: nobody may use the scratch database any more when it is dropped.
        with contextlib.closing(cast("Generator[Message, None, None]", messages)):
            for message in messages:
                if message["kind"] == STEP:
                    app_label, name = message["key"]
                    running = app_label, name
                elif message["kind"] == ATTEMPTED:
                    attempts[running].append(message["words"])
                else:
                    judgement = from_wire(message["judgement"])
                    traced.judgements[judgement.key] = judgement
        traced.attempts = {key: tuple(attempts[key]) for key in traced.judgements}
    return traced


@contextlib.contextmanager
def _adding(warnings: Sequence[str]) -> Iterator[None]:
    """Say in the words of a failure what could not be dropped: there is no report to say it in."""
    try:
        yield
    except TraceError as error:
        if not warnings:
            raise
        raise TraceError(" ".join((str(error), *warnings))) from error
