"""The report as JSON, schema 1. The keys are public: they may gain company, never change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django_prodready.migration_safety.model import Finding, Judgement
from django_prodready.reporting.finding import Location, Suppression

if TYPE_CHECKING:
    from django_prodready.migration_safety.lint import Linted
    from django_prodready.migration_safety.renderers import View

SCHEMA = 1


def render(linted: Linted, view: View) -> str:  # noqa: ARG001 - what every renderer takes
    """Render all of a report; nothing in ``view`` changes it. ASCII, which every stream can hold."""
    return json.dumps(as_dict(linted), indent=2) + "\n"


def as_dict(linted: Linted) -> dict[str, Any]:
    """The report as plain data, keys in the order of the documentation."""
    report = linted.report
    return {
        "schema": SCHEMA,
        "database": report.database,
        "traced": report.traced,
        "migrations": [
            _migration(judgement, linted.places.get(judgement.key)) for judgement in report.judgements
        ],
        "notes": list(report.notes),
    }


def _migration(judgement: Judgement, place: Location | None) -> dict[str, Any]:
    app_label, name = judgement.key
    return {
        "app": app_label,
        "name": name,
        "verdict": judgement.verdict.value,
        "phase": judgement.phase.value,
        "reversible": judgement.reversible,
        "duration_ms": judgement.duration_ms,
        "not_checked": list(judgement.not_checked),
        "traced": judgement.traced,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "findings": [_finding(finding) for finding in judgement.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.label,
        "category": finding.category.value if finding.category else None,
        "evidence": finding.evidence.value,
        "operation": finding.operation,
        "locks": [{"table": lock.table, "mode": lock.mode} for lock in finding.locks],
        "rewrite": finding.rewrite,
        "rows": finding.rows,
        "bytes": finding.bytes,
        "estimated_block_s": finding.estimated_block_s,
        "estimate_reason": finding.estimate_reason or None,
        "message": finding.message,
        "hint": finding.hint,
        "safe_way": finding.safe_way,
        "subject": finding.subject,
        "file": finding.at.file if finding.at else None,
        "line": finding.at.line if finding.at else None,
        "fingerprint": finding.fingerprint,
        "suppressed": _suppression(finding.suppressed) if finding.suppressed else None,
    }


def _suppression(suppressed: Suppression) -> dict[str, Any]:
    until = suppressed.until.isoformat() if suppressed.until else None
    return {"by": suppressed.by, "reason": suppressed.reason, "until": until}
