"""A trace from start to end: makes the scratch databases, runs the processes, gathers what they tell.

What a cache remembers of every migration that is asked for is not traced again.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from django_prodready.migration_safety.cache import Cache, narrowed, server_version
from django_prodready.migration_safety.model import Judgement, Key
from django_prodready.migration_safety.plan import Plan, Selection
from django_prodready.migration_safety.shares import shares_of
from django_prodready.migration_safety.trace import client, protocol, wire
from django_prodready.migration_safety.trace.protocol import KNOWN, Job, Message, TraceError
from django_prodready.migration_safety.trace.scratch import Server, created
from django_prodready.migration_safety.trace.verdicts import not_judged
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
    """Run what ``selection`` asks for on scratch databases of ``server``. Raises TraceError.

    ``show`` gets what the migrations printed, also when the trace fails. The ``known`` migrations are run
    where others need them, and judged only where that cannot be told apart.
    """
    traced = Traced()
    shares = shares_of(narrowed(plan, known) or plan)
    with _adding(traced.warnings), contextlib.ExitStack() as stack:
        jobs = [
            (_job(plan, selection, share), stack.enter_context(created(server, tell=traced.warnings.append)))
            for share in shares
        ]
        told = [_Told() for _ in shares]
        # Closed: nobody may use the scratch databases any more when they are dropped.
        with contextlib.closing(client.run_all(jobs, redactor=redactor, show=show)) as messages:
            try:
                for number, message in messages:
                    told[number].take(message)
            except client.EndedError as error:
                raise TraceError(f"{error}{told[error.number].last_word}") from error
    asked = {step.key for step in plan.judged}
    failed: set[Key] = set()
    for share, each in zip(shares, told, strict=True):
        each.judgements |= dict(_not_judged(plan, share, failed))
        failed |= each.not_passed
        for key, judgement in each.judgements.items():
            # Of what another one judges, a process says at most that it could not be applied.
            if key in share or key not in asked:
                traced.judgements[key] = judgement
                traced.attempts[key] = tuple(each.attempts[key])
    traced.warnings[:] = dict.fromkeys(traced.warnings)
    return traced


@dataclass(slots=True)
class _Told:
    """What one process told."""

    judgements: dict[Key, Judgement] = field(default_factory=dict)
    attempts: defaultdict[Key | None, list[str]] = field(default_factory=lambda: defaultdict(list))
    not_passed: frozenset[Key] = frozenset()
    running: Key | None = None  # at first, the project is set up

    @property
    def last_word(self) -> str:
        """Say which migration was running, as the end of a sentence on what ended it."""
        return f" {self.running[0]}.{self.running[1]} was running." if self.running else ""

    def take(self, message: Message) -> None:
        """Keep what a message says."""
        match message["kind"]:
            case wire.STEP:
                self.running = _key(message["key"])
            case protocol.ATTEMPTED:
                self.attempts[self.running].append(message["words"])
            case wire.NOT_PASSED:
                self.not_passed = frozenset(map(_key, message["keys"]))
            case _:
                judgement = wire.from_wire(message["judgement"])
                self.judgements[judgement.key] = judgement


def _key(value: Sequence[str]) -> Key:
    app_label, name = value
    return app_label, name


def _not_judged(
    plan: Plan, share: Collection[Key], failed: Collection[Key]
) -> Iterator[tuple[Key, Judgement]]:
    """Yield judgements of a share's migrations that need one that failed in an earlier share."""
    failed = set(failed)
    for step in plan.steps:
        parents = plan.loader.graph.node_map[step.key].parents
        missing = [parent.key for parent in parents if parent.key in failed]
        if missing:
            failed.add(step.key)
            if step.key in share:
                yield step.key, not_judged(step, missing[0])


def _job(plan: Plan, selection: Selection, share: Collection[Key]) -> Job:
    return Job(
        settings_module=client.settings_module(),
        alias=plan.alias,
        selection=selection,
        applied=tuple(plan.loader.applied_migrations),
        options={KNOWN: tuple(step.key for step in plan.judged if step.key not in share)},
    )


@contextlib.contextmanager
def _adding(warnings: Sequence[str]) -> Iterator[None]:
    """Say in the words of a failure what could not be dropped: there is no report to say it in."""
    try:
        yield
    except TraceError as error:
        if not warnings:
            raise
        raise TraceError(" ".join((str(error), *warnings))) from error
