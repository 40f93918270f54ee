"""The verdict on one traced migration."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from django_prodready.migration_safety.harm import Harm
from django_prodready.migration_safety.model import Evidence, Judgement, Phase, Verdict
from django_prodready.migration_safety.rule import finding_of
from django_prodready.migration_safety.trace import breakage, failures
from django_prodready.migration_safety.trace.explain import explain
from django_prodready.migration_safety.trace.work import SHARE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django_prodready.migration_safety.model import Key
    from django_prodready.migration_safety.plan import Step
    from django_prodready.migration_safety.trace.explain import Scene
    from django_prodready.migration_safety.trace.seen import Seen


def judge(step: Step, seen: Seen, scene: Scene) -> Judgement:
    """Say what is to be said of a migration that was run."""
    not_checked = list(seen.not_checked)
    harms = list(_harms(seen, scene, not_checked))
    operations = step.migration.operations
    irreversible = [number for number, operation in enumerate(operations) if not operation.reversible]
    if irreversible:
        first = irreversible[0]
        harms.append(Harm(rule="irreversible", operation=first, new=type(operations[first]).__name__))
    findings = tuple(finding_of(harm, Evidence.TRACED) for harm in harms)
    is_unsafe = any(finding.category is not None for finding in findings)
    breaks_deployed = bool(seen.broken_old)
    return Judgement(
        key=step.key,
        verdict=Verdict.UNSAFE if is_unsafe else Verdict.SAFE,
        phase=Phase.CONTRACT if breaks_deployed and seen.new_works_before else Phase.EXPAND,
        reversible=not irreversible,
        traced=True,
        duration_ms=round(seen.first.duration_ms, 1),
        findings=findings,
        not_checked=tuple(not_checked),
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


def could_not_apply(step: Step, error: Exception) -> Judgement:
    """Say that a migration in front of those to judge failed."""
    return Judgement(
        key=step.key,
        verdict=Verdict.UNKNOWN,
        not_checked=(f"It could not be applied to the scratch database ({type(error).__name__}).",),
    )


def may_be_batches(seen: Seen) -> bool:
    """Whether more rows are needed to hold apart a batch and the whole table.

    So it is where a migration that is not atomic wrote most of the few rows in one transaction.
    """
    if seen.second is None:
        return False
    written: defaultdict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for statement in seen.second.statements:
        for oid, touch in statement.touches.items():
            written[statement.transaction, oid]["rows"] += touch.updated + touch.deleted
    return any(
        count["rows"] > seen.counts.get(oid, 0) * SHARE and seen.counts.get(oid, 0)
        for (_, oid), count in written.items()
    )


def _harms(seen: Seen, scene: Scene, not_checked: list[str]) -> Iterator[Harm]:
    run = seen.first
    if seen.second is not None and seen.second.error is None:
        run = seen.second
    elif seen.first.error is not None:
        yield failures.without_rows(seen.first)
    elif seen.second is not None:
        harm = failures.with_rows(seen.second, seen.existing)
        if harm is not None:
            yield harm
        else:
            not_checked.append("Whether the rows that exist pass: on generated rows it fails.")
    if seen.first.error is None or run is seen.second:
        yield from explain(run.statements, scene if run is seen.second else scene.without_rows())
    yield from breakage.of_deployed(seen.broken_old, seen.existing, seen.after, seen.first.statements)
    yield from breakage.of_new(seen.broken_new)
