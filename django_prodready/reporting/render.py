"""One finding as JSON, as a block of text and as one line."""

from __future__ import annotations

from typing import TypedDict

from django_prodready.reporting.finding import Finding, Suppression
from django_prodready.reporting.terminal import DEFAULT_WIDTH, Style, columns, one_line, wrap

_LABEL_WIDTH = len("CRITICAL")
_FIX = "fix  "


class SuppressionDict(TypedDict):
    """Why a finding does not count, in JSON."""

    by: str  # "baseline", "ignore" or "silenced"
    reason: str
    until: str | None  # ISO day, the last on which it holds


class FindingDict(TypedDict):
    """A finding in JSON. The keys are public: they may gain company, never change."""

    severity: str
    message: str
    hint: str
    subject: str | None
    file: str | None  # relative to the root of the report
    line: int | None
    fingerprint: str
    suppressed: SuppressionDict | None


def finding_as_dict(finding: Finding) -> FindingDict:
    """Give the JSON shape of a finding."""
    return {
        "severity": finding.severity.label,
        "message": finding.message,
        "hint": finding.hint,
        "subject": finding.subject,
        "file": finding.at.file if finding.at else None,
        "line": finding.at.line if finding.at else None,
        "fingerprint": finding.fingerprint,
        "suppressed": _suppression_as_dict(finding.suppressed) if finding.suppressed else None,
    }


def finding_block(finding: Finding, check_name: str, style: Style, width: int = DEFAULT_WIDTH) -> list[str]:
    """Give the lines of a text report: what, evidence, where, fix."""
    lines = _headline(finding, check_name, style, width)
    lines += wrap(finding.message, indent=2, width=width)
    for line in finding.evidence:
        lines += [style.dim(part) for part in wrap(line, indent=5, width=width, hanging=2)]
    if finding.at is not None:
        lines.append(f"  {one_line(str(finding.at))}")
    lines += wrap(f"{_FIX}{finding.hint}", indent=2, width=width, hanging=len(_FIX))
    if finding.suppressed is not None:
        lines += [style.dim(part) for part in wrap(_suppression(finding.suppressed), 2, width, hanging=2)]
    return lines


def finding_line(finding: Finding, check_name: str) -> str:
    """Give the one line of the concise report, in the form that editors jump from."""
    place = one_line(str(finding.at)) if finding.at else "-"
    note = f" ({one_line(_suppression(finding.suppressed))})" if finding.suppressed else ""
    return f"{place}: {finding.severity.label} {check_name}: {one_line(finding.message)}{note}"


def _headline(finding: Finding, check_name: str, style: Style, width: int) -> list[str]:
    label = finding.severity.label.upper().ljust(_LABEL_WIDTH)
    head = f"{style.severity(finding.severity, label)} {style.bold(check_name)}"
    if finding.subject is None:
        return [head]
    subject = one_line(finding.subject)
    if columns(f"{label} {check_name}  {subject}") <= width:
        return [f"{head}  {subject}"]
    return [head, *wrap(subject, indent=2, width=width)]


def _suppression(suppressed: Suppression) -> str:
    words = {"ignore": "ignored", "baseline": "in the baseline", "silenced": "silenced"}
    until = f" until {suppressed.until.isoformat()}" if suppressed.until else ""
    return f"{words.get(suppressed.by, suppressed.by)}{until}: {suppressed.reason}"


def _suppression_as_dict(suppressed: Suppression) -> SuppressionDict:
    return {
        "by": suppressed.by,
        "reason": suppressed.reason,
        "until": suppressed.until.isoformat() if suppressed.until else None,
    }
