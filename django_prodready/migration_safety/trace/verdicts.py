"""The verdict on one traced migration."""

from __future__ import annotations

import traceback
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.db.migrations import RunPython

from django_prodready.migration_safety.harm import Harm
from django_prodready.migration_safety.model import Evidence, Judgement, Verdict
from django_prodready.migration_safety.phase import phase_of
from django_prodready.migration_safety.rule import finding_of
from django_prodready.migration_safety.static.operations import is_reversible
from django_prodready.migration_safety.trace import absent, breakage, failures
from django_prodready.migration_safety.trace.explain import explain
from django_prodready.migration_safety.trace.versions import SHARE
from django_prodready.migration_safety.trace.work import blocking_locks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django_prodready.migration_safety.model import Key
    from django_prodready.migration_safety.plan import Step
    from django_prodready.migration_safety.trace.explain import Scene
    from django_prodready.migration_safety.trace.seen import Seen


def judge(step: Step, seen: Seen, scene: Scene) -> Judgement:
    """Say what is to be said of a migration that was run."""
    not_checked = list(seen.not_checked)
    harms = list(dict.fromkeys(_harms(seen, scene, not_checked)))
    operations = step.migration.operations
    irreversible = [number for number, operation in enumerate(operations) if not is_reversible(operation)]
    if irreversible:
        first = irreversible[0]
        harms.append(Harm(rule="irreversible", operation=first, new=type(operations[first]).__name__))
    findings = tuple(finding_of(harm, Evidence.TRACED) for harm in harms)
    is_unsafe = any(finding.category is not None for finding in findings)
    is_partial = _is_unfinished(seen)
    otherwise = Verdict.UNKNOWN if is_partial else Verdict.SAFE
    return Judgement(
        key=step.key,
        verdict=Verdict.UNSAFE if is_unsafe else otherwise,
        phase=phase_of(harms, is_needed_first=breakage.is_missing(seen.needed)),
        reversible=not irreversible,
        traced=True,
        duration_ms=round(seen.first.duration_ms, 1),
        findings=findings,
        not_checked=tuple(not_checked),
        is_partial=is_partial,
    )


def not_judged(step: Step, missing: Key) -> Judgement:
    """Say that a migration was not run because one that it needs failed."""
    return Judgement(
        key=step.key,
        verdict=Verdict.UNKNOWN,
        not_checked=(
            f"It was not run, because {missing[0]}.{missing[1]}, which it depends on, did not pass.",
        ),
    )


@dataclass(frozen=True, slots=True)
class Failure:
    """How a migration in front of those to judge failed."""

    error: Exception
    operation: int | None = None  # counted from 0; None: in the end, for what code has left
    sql: str = ""  # the statement that raised; may hold values
    was_refused: bool = False  # something that is out of reach in a trace

    @property
    def why(self) -> str:
        """The end of a sentence, without values."""
        reason = absent.reason(self.error, self.sql, was_refused=self.was_refused)
        return f": {reason}" if reason else f" ({type(self.error).__name__})"


def could_not_apply(step: Step, failure: Failure) -> Judgement:
    """Say that a migration in front of those to judge failed."""
    return Judgement(
        key=step.key,
        verdict=Verdict.UNKNOWN,
        not_checked=(f"It could not be applied to the scratch database{failure.why}.",),
    )


def passed_over(step: Step, failures: Sequence[Failure]) -> Judgement:
    """Say that a migration in front of those to judge was applied but for the operations that failed."""
    operations = step.migration.operations
    told = []
    for failure in failures:
        code = RunPython if failure.operation is None else type(operations[failure.operation])
        told.append(f"{code.__name__} was passed over, for it failed{failure.why}.")
    return Judgement(
        key=step.key,
        verdict=Verdict.UNKNOWN,
        not_checked=(*dict.fromkeys(told), "What it leaves behind is missing for the migrations after it."),
    )


def not_understood(step: Step, error: Exception) -> Judgement:
    """Say that the trace itself failed."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}, line {frame.lineno}"
    return Judgement(
        key=step.key,
        verdict=Verdict.UNKNOWN,
        not_checked=(f"It was not judged: {type(error).__name__} in {place}. Please report this.",),
    )


def may_be_few(seen: Seen) -> frozenset[int]:
    """Give the relations that need more rows to hold apart some rows and the whole table.

    So it is where statements read under a lock or wrote most of the few rows, and only by their rows. All
    that such a statement worked on is among them.
    """
    if seen.second is None or seen.second.error is not None:
        return frozenset()
    found: set[int] = set()
    written: Counter[tuple[int, int]] = Counter()
    for statement in seen.second.statements:
        locks = blocking_locks(statement, seen.existing)
        for oid, touch in statement.touches.items():
            rows = seen.counts.get(oid, 0)
            written[statement.transaction, oid] += touch.updated + touch.deleted
            is_written = rows and written[statement.transaction, oid] > rows * SHARE
            if is_written or (rows and locks and touch.reads >= rows and touch.before == touch.after):
                found.update(other for other, also in statement.touches.items() if also.reads or also.updated)
                found.add(oid)
    return frozenset(found)


def _harms(seen: Seen, scene: Scene, not_checked: list[str]) -> Iterator[Harm]:
    run = seen.second
    if run is not None and run.error is None:
        yield from explain(run.statements, scene.after(run))
    else:
        failure = list(_of_failure(seen, not_checked))
        yield from failure
        if seen.first.error is None:
            yield from explain(seen.first.statements, scene.without_rows())
        if run is not None and not failure:
            yield from explain(run.statements, scene.after(run))  # as far as it came
    yield from breakage.of_deployed(seen.broken_old, seen.existing, seen.after, seen.first.statements)
    yield from breakage.of_new(seen.broken_new)


def always_fails(seen: Seen) -> bool:
    """Whether it fails with rows and without, and not for want of what only production has."""
    failed = seen.failed or (seen.first if seen.first.error is not None else None)
    passes = seen.second is not None and seen.second.error is None
    return failed is not None and not passes and failures.reason(failed) is None


def _of_failure(seen: Seen, not_checked: list[str]) -> Iterator[Harm]:
    failed = seen.failed or (seen.first if seen.first.error is not None else None)
    if failed is not None:
        why = failures.reason(failed)
        if why is None:
            yield failures.without_rows(failed)
        else:
            not_checked.append(f"It was not run whole: {why}.")
    elif seen.second is not None:
        why = failures.reason(seen.second)
        harm = None if why else failures.with_rows(seen.second, seen.existing, seen.after)
        if harm is not None:
            yield harm
        elif why is not None:
            not_checked.append(f"It was not run whole where there are rows: {why}.")
        else:
            not_checked.append("Whether the rows that exist pass: on generated rows it fails.")


def _is_unfinished(seen: Seen) -> bool:
    """Whether part of what a migration does with rows was not seen."""
    if seen.second is None or seen.second.error is None:
        return False
    if seen.failed or seen.first.error is not None:
        return True
    last = seen.second.failed_in
    return any(
        # Django asks the catalogue for the names of constraints, which has no part in it.
        statement.is_dml
        and statement.touches
        and (last is None or statement.operation is None or statement.operation >= last)
        for statement in seen.first.statements
    )
