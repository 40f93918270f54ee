"""The report for people: what was judged, the findings from the worst on, and what did not run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import django_prodready
from django_prodready.audit.model import Outcome
from django_prodready.audit.renderers.summary import conclusion, worst_first
from django_prodready.reporting.finding import Severity
from django_prodready.reporting.render import finding_block
from django_prodready.reporting.terminal import table, wrap

if TYPE_CHECKING:
    from django_prodready.audit.model import Report, Result
    from django_prodready.audit.renderers import View

WIDTH = 80
SLOWEST = 10


def render(report: Report, view: View) -> str:
    """Render ``report`` at most 80 columns wide, but for paths and the like that cannot be broken."""
    closing = conclusion(report, view.fail_level)
    if view.verbosity == 0:
        return closing + "\n"
    blocks = [_header(report), *_findings(report, view), *_crashes(report, view)]
    if view.verbosity > 1:
        blocks += [*_suppressed(report, view), *_judged_well(report)]
    blocks += [_families(report), *_not_run(report)]
    if view.durations:
        blocks.append(_durations(report))
    blocks.append(wrap(closing, width=WIDTH))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _header(report: Report) -> list[str]:
    target = report.target
    lines = wrap(
        f"prodcheck {django_prodready.__version__} · {target.settings} · "
        f"Django {target.django} · Python {target.python}",
        width=WIDTH,
    )
    facts = " ".join(f"{name}={fact.value} ({fact.origin})" for name, fact in report.facts.items())
    return lines + (wrap(f"facts: {facts}", width=WIDTH, hanging=2) if facts else [])


def _findings(report: Report, view: View) -> Iterator[list[str]]:
    for result, finding in worst_first(report):
        yield finding_block(finding, result.check, view.style, WIDTH)


def _suppressed(report: Report, view: View) -> Iterator[list[str]]:
    for result, finding in worst_first(report, suppressed=True):
        yield finding_block(finding, result.check, view.style, WIDTH)


def _crashes(report: Report, view: View) -> Iterator[list[str]]:
    for result in report.results:
        if result.outcome is not Outcome.CRASHED:
            continue
        lines = [f"{view.style.critical('CRASHED')}  {view.style.bold(result.check)}"]
        lines += wrap(
            f"The check itself failed, so nothing is known: {result.reason}.", indent=2, width=WIDTH
        )
        if view.verbosity > 1 and result.traceback:
            lines += [f"  {line}" for line in result.traceback.splitlines()]
        else:
            lines.append("  see -v 2 for where")
        yield lines


def _judged_well(report: Report) -> Iterator[list[str]]:
    passed = [result.check for result in report.results if result.outcome is Outcome.PASS]
    if passed:
        yield ["passed", *wrap(", ".join(passed), indent=2, width=WIDTH)]
    beside = [result for result in report.results if result.outcome is Outcome.NOT_APPLICABLE]
    if beside:
        yield ["not applicable", *_with_reasons(beside)]


def _families(report: Report) -> list[str]:
    header = ["", *(severity.label for severity in reversed(Severity)), "pass", "n/a", "not run", "crashed"]
    rows = []
    for family in sorted({result.family for result in report.results}):
        results = [result for result in report.results if result.family == family]
        outcomes = Counter(result.outcome for result in results)
        severities = Counter(
            finding.severity
            for result in results
            for finding in result.findings
            if finding.suppressed is None
        )
        numbers = [severities[severity] for severity in reversed(Severity)]
        numbers += [
            outcomes[outcome]
            for outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE, Outcome.NOT_RUN, Outcome.CRASHED)
        ]
        rows.append([family, *(str(number) if number else "-" for number in numbers)])
    return table(rows, header)


def _not_run(report: Report) -> Iterator[list[str]]:
    left_out = [result for result in report.results if result.outcome is Outcome.NOT_RUN]
    if left_out:
        yield ["not run", *_with_reasons(left_out)]


def _with_reasons(results: list[Result]) -> list[str]:
    """One line each; checks with the same reason share it."""
    by_reason: dict[str | None, list[str]] = {}
    for result in results:
        by_reason.setdefault(result.reason, []).append(result.check)
    return [
        line
        for reason, checks in by_reason.items()
        for line in wrap(f"{', '.join(checks)}: {reason}", indent=2, width=WIDTH, hanging=2)
    ]


def _durations(report: Report) -> list[str]:
    slowest = sorted(report.results, key=lambda result: -result.duration_ms)[:SLOWEST]
    lines = [f"slowest checks, of {report.duration_s:.2f} s in all"]
    return lines + [f"  {result.duration_ms:9.1f} ms  {result.check}" for result in slowest]
