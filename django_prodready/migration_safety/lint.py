"""Judges migrations: plans, gathers verdicts, and adds all that a report says beside them.

One function a step, in the order of :func:`lint`.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from django_prodready.migration_safety import notes, stats
from django_prodready.migration_safety.cache import Cache
from django_prodready.migration_safety.estimate import sized, tables_of
from django_prodready.migration_safety.ignores import Ignores, read_ignores
from django_prodready.migration_safety.locations import Source, source_of
from django_prodready.migration_safety.merging import merged, verdict_of
from django_prodready.migration_safety.model import Finding, Judgement, Key, Report
from django_prodready.migration_safety.plan import Plan, Selection
from django_prodready.migration_safety.rule import all_rules
from django_prodready.migration_safety.sizes import Sizes, of_target
from django_prodready.migration_safety.static.judge import judge
from django_prodready.migration_safety.target import plan_of
from django_prodready.reporting.baseline import BaselineEntry
from django_prodready.reporting.finding import Location, Suppression
from django_prodready.reporting.fingerprint import fingerprint
from django_prodready.reporting.redaction import Redactor

if TYPE_CHECKING:
    from django_prodready.migration_safety.trace.scratch import Server
    from django_prodready.migration_safety.tracing import Traced


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be judged, and with what."""

    selection: Selection
    alias: str
    root: Path  # what files are named relative to
    redactor: Redactor
    server: Server | None = None  # for the scratch database; None: nothing is run
    cache: Path | None = None  # folder that traced verdicts are kept in
    stats: Path | None = None  # file with the sizes of tables; None: the target is asked
    asks_sizes: bool = True  # of the target
    show: Callable[[str], object] | None = None  # gets what traced migrations print


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """A report, and the places that it speaks of."""

    report: Report
    places: Mapping[Key, Location] = field(default_factory=dict)  # of migrations whose file is known


def lint(request: Request) -> Linted:
    """Judge what is asked for; only ``accept`` knows of a baseline.

    Raises PlanError, TargetError, TraceError and StatsError.
    """
    plan = plan_of(request.selection, request.alias, request.redactor)
    static = {judgement.key: judgement for judgement in judge(plan)}
    traced = _traced(plan, request)
    sources = _sources(plan, request.root)
    ignores = {key: read_ignores(source, all_rules()) for key, source in sources.items()}
    judgements = []
    said = list(notes.of_plan(plan, request.selection))
    said += notes.of_trace(plan, traced)
    for step in plan.judged:
        inferred = static[step.key]
        judgement = _joined(inferred, traced)
        silenced = ignores.get(step.key, Ignores())
        said += silenced.problems
        if judgement.traced or not judgement.not_checked:
            said += silenced.unused((*inferred.findings, *judgement.findings))
        judgement = _identified(_located(judgement, sources.get(step.key)))
        judgements.append(_suppressed(judgement, silenced.for_finding))
    sizes = _sizes(judgements, request)
    said += sizes.notes
    report = Report(
        database=request.alias,
        traced=traced is not None,
        judgements=tuple(sized(judgement, sizes) for judgement in judgements),
        notes=tuple(dict.fromkeys(said)),
    )
    places = {key: source.at(None) for key, source in sources.items()}
    return Linted(report=_scrubbed(report, request.redactor), places=places)


def accept(report: Report, baseline: Mapping[str, BaselineEntry]) -> Report:
    """Suppress the findings that the baseline knows."""

    def known(finding: Finding) -> Suppression | None:
        entry = baseline.get(finding.fingerprint)
        return (
            Suppression(by="baseline", reason=entry.reason) if entry and entry.check == finding.rule else None
        )

    judgements = tuple(_suppressed(judgement, known) for judgement in report.judgements)
    return dataclasses.replace(report, judgements=judgements)


def _traced(plan: Plan, request: Request) -> Traced | None:
    if request.server is None:
        return None
    from django_prodready.migration_safety import tracing  # dear to import, and seldom needed

    cache = Cache(request.cache) if request.cache else None
    return tracing.remembered_or_traced(
        plan, request.selection, request.server, request.redactor, cache, request.show
    )


def _sizes(judgements: Iterable[Judgement], request: Request) -> Sizes:
    if request.stats is not None:
        return stats.load(request.stats)
    if not request.asks_sizes:
        return Sizes()
    return of_target(request.alias, tables_of(judgements), request.redactor)


def _sources(plan: Plan, root: Path) -> dict[Key, Source]:
    found = {step.key: source_of(step.migration, root) for step in plan.judged}
    return {key: source for key, source in found.items() if source is not None}


def _joined(static: Judgement, traced: Traced | None) -> Judgement:
    if traced is None:
        return static
    return merged(static, traced.judgements.get(static.key), traced.attempts.get(static.key, ()))


def _located(judgement: Judgement, source: Source | None) -> Judgement:
    if source is None:
        return judgement
    return _with(
        judgement, (dataclasses.replace(one, at=source.at(one.operation)) for one in judgement.findings)
    )


def _identified(judgement: Judgement) -> Judgement:
    """Name the findings: the same in every run, whatever stands around them."""
    seen: Counter[tuple[str, str]] = Counter()
    findings = []
    for finding in judgement.findings:
        identity = " ".join((*judgement.key, finding.subject or ""))
        name = fingerprint(finding.rule, identity, seen[finding.rule, identity])
        seen[finding.rule, identity] += 1
        findings.append(dataclasses.replace(finding, fingerprint=name))
    return _with(judgement, findings)


def _suppressed(judgement: Judgement, why: Callable[[Finding], Suppression | None]) -> Judgement:
    findings = [
        finding if finding.suppressed else dataclasses.replace(finding, suppressed=why(finding))
        for finding in judgement.findings
    ]
    judged = _with(judgement, findings)
    return dataclasses.replace(judged, verdict=verdict_of(judged))


def _scrubbed(report: Report, redactor: Redactor) -> Report:
    scrub = redactor.scrub
    judgements = [
        dataclasses.replace(
            judgement,
            findings=tuple(_scrubbed_finding(finding, redactor) for finding in judgement.findings),
            not_checked=tuple(map(scrub, judgement.not_checked)),
        )
        for judgement in report.judgements
    ]
    return dataclasses.replace(report, judgements=tuple(judgements), notes=tuple(map(scrub, report.notes)))


def _scrubbed_finding(finding: Finding, redactor: Redactor) -> Finding:
    return dataclasses.replace(
        finding,
        message=redactor.scrub(finding.message),
        hint=redactor.scrub(finding.hint),
        safe_way=redactor.scrub(finding.safe_way),
        subject=redactor.scrub(finding.subject) if finding.subject else None,
    )


def _with(judgement: Judgement, findings: Iterable[Finding]) -> Judgement:
    return dataclasses.replace(judgement, findings=tuple(findings))
