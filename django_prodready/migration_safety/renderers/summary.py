"""What several formats say of a report as a whole."""

from __future__ import annotations

from collections import Counter

from django_prodready.migration_safety.model import Finding, Judgement, Report, Verdict
from django_prodready.reporting.finding import Severity

WORST_FIRST = (Verdict.UNSAFE, Verdict.UNKNOWN, Verdict.SAFE)


def name_of(judgement: Judgement) -> str:
    """Name a migration as people do: ``shop.0007_isbn``."""
    return ".".join(judgement.key)


def counting(judgement: Judgement) -> tuple[Finding, ...]:
    """The findings that are not suppressed."""
    return tuple(finding for finding in judgement.findings if finding.suppressed is None)


def fails(report: Report, fail_level: Severity | None) -> bool:
    """Whether a finding that counts reaches ``fail_level``, or a verdict is not known; None never fails."""
    if fail_level is None:
        return False
    return any(
        judgement.verdict is Verdict.UNKNOWN
        or any(finding.severity >= fail_level for finding in counting(judgement))
        for judgement in report.judgements
    )


def conclusion(report: Report, fail_level: Severity | None) -> str:
    """One sentence: how many of which verdict, and whether that is good enough."""
    if not report.judgements:
        return "No migration to judge."
    verdicts = Counter(judgement.verdict for judgement in report.judgements)
    parts = [f"{verdicts[verdict]} {verdict.value}" for verdict in WORST_FIRST if verdicts[verdict]]
    silenced = sum(
        finding.suppressed is not None for judgement in report.judgements for finding in judgement.findings
    )
    said = f" ({silenced} finding{'' if silenced == 1 else 's'} suppressed)" if silenced else ""
    number = len(report.judgements)
    judged = f"{number} migration{'' if number == 1 else 's'} judged"
    return f"{judged}: {', '.join(parts)}{said} - {_rating(report, fail_level)}."


def _rating(report: Report, fail_level: Severity | None) -> str:
    verdicts = {judgement.verdict for judgement in report.judgements}
    if fail_level is None:
        return "not rated"
    worst = next(verdict for verdict in WORST_FIRST if verdict in verdicts)
    if fails(report, fail_level) == (worst is not Verdict.SAFE):
        return worst.value.upper()
    return f"{'FAILS' if worst is Verdict.SAFE else 'PASSES'} at --fail-level {fail_level.label}"
