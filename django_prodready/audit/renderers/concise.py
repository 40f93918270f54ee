"""One line per finding, for editors and for ``grep``; then one line for what did not run or crashed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_prodready.audit.model import Outcome
from django_prodready.audit.renderers.summary import conclusion, worst_first
from django_prodready.reporting.render import finding_line

if TYPE_CHECKING:
    from django_prodready.audit.model import Report
    from django_prodready.audit.renderers import View


def render(report: Report, view: View) -> str:
    """Render the findings that count, worst first."""
    lines = [finding_line(finding, result.check) for result, finding in worst_first(report)]
    lines += [
        f"-: {result.outcome.value.replace('_', ' ')} {result.check}: {result.reason}"
        for result in report.results
        if result.outcome in (Outcome.CRASHED, Outcome.NOT_RUN)
    ]
    return "\n".join([*lines, conclusion(report, view.fail_level)]) + "\n"
