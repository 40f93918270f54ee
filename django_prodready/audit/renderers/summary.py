"""What several formats say of a report as a whole."""

from __future__ import annotations

from django_prodready.audit.model import Outcome, Report, Result
from django_prodready.reporting.finding import Finding, Severity


def worst_first(report: Report, *, suppressed: bool = False) -> list[tuple[Result, Finding]]:
    """The findings that count (or, on request, those that are suppressed), the worst first, then by check."""
    pairs = [
        (result, finding)
        for result in report.results
        for finding in result.findings
        if (finding.suppressed is not None) == suppressed
    ]
    return sorted(pairs, key=lambda pair: -pair[1].severity)


def fails(report: Report, fail_level: Severity | None) -> bool:
    """Whether a finding that counts reaches ``fail_level``; None never fails."""
    if fail_level is None:
        return False
    return any(finding.severity >= fail_level for _, finding in worst_first(report))


def conclusion(report: Report, fail_level: Severity | None) -> str:
    """One sentence: how many of what, and whether that is good enough."""
    counts = report.counts()
    outcomes = report.outcomes()
    parts = [_count(counts[severity.label], severity.label) for severity in reversed(Severity)]
    said = ", ".join(parts) + (f" ({counts['suppressed']} suppressed)" if counts["suppressed"] else "")
    open_ends = [
        f"{outcomes[outcome.value]} {words}"
        for outcome, words in ((Outcome.CRASHED, "crashed"), (Outcome.NOT_RUN, "not run"))
        if outcomes[outcome.value]
    ]
    judged = outcomes["pass"] + outcomes["fail"] + outcomes["not_applicable"]
    tail = f"; {', '.join(open_ends)}" if open_ends else ""
    return f"{said} - {_verdict(report, fail_level)}. {judged} of {len(report.results)} checks judged{tail}."


def _verdict(report: Report, fail_level: Severity | None) -> str:
    if fails(report, fail_level):
        return "NOT READY"
    if any(result.outcome is Outcome.CRASHED for result in report.results):
        return "UNKNOWN, a check crashed"
    if all(result.outcome is Outcome.NOT_RUN for result in report.results):
        return "UNKNOWN, nothing was judged"
    return "READY" if fail_level is not None else "not rated"


def _count(number: int, label: str) -> str:
    plural = label if label in ("critical", "info") or number == 1 else f"{label}s"
    return f"{number} {plural}"
