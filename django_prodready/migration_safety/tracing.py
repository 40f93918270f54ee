"""A trace from start to end: makes the scratch database, runs the process, gathers what it tells."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import cast

from django_prodready.migration_safety.model import Judgement, Key
from django_prodready.migration_safety.plan import Plan, Selection
from django_prodready.migration_safety.trace import client
from django_prodready.migration_safety.trace.protocol import ATTEMPTED, Job, Message
from django_prodready.migration_safety.trace.run import JUDGEMENT
from django_prodready.migration_safety.trace.scratch import Server, created
from django_prodready.migration_safety.trace.wire import from_wire
from django_prodready.reporting.redaction import Redactor


@dataclass(slots=True)
class Traced:
    """What one trace told."""

    judgements: dict[Key, Judgement] = field(default_factory=dict)
    attempts: dict[Key, Sequence[str]] = field(default_factory=dict)  # refused, in words
    warnings: list[str] = field(default_factory=list)  # scratch databases that could not be dropped


def trace(
    plan: Plan,
    selection: Selection,
    server: Server,
    redactor: Redactor,
    show: Callable[[str], object] | None = None,
) -> Traced:
    """Run what ``selection`` asks for on a scratch database of ``server``. Raises TraceError.

    ``show`` gets what the migrations printed, also when the trace fails.
    """
    traced = Traced()
    job = Job(
        settings_module=client.settings_module(),
        alias=plan.alias,
        selection=selection,
        applied=tuple(plan.loader.applied_migrations),
    )
    with created(server, tell=traced.warnings.append) as scratch:
        attempts: list[str] = []
        messages = client.run(job, scratch, redactor=redactor, show=show)
        # Closed: nobody may use the scratch database any more when it is dropped.
        with contextlib.closing(cast("Generator[Message, None, None]", messages)):
            for message in messages:
                if message["kind"] == ATTEMPTED:
                    attempts.append(message["words"])
                elif message["kind"] == JUDGEMENT:
                    judgement = from_wire(message["judgement"])
                    traced.judgements[judgement.key] = judgement
                    # They come before the judgement of the migration that made them.
                    traced.attempts[judgement.key] = tuple(attempts)
                    attempts.clear()
    return traced
