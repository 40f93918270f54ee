"""A judgement as JSON between the process that traces and the command, and back. Not the public format."""

from __future__ import annotations

import dataclasses
from typing import Any

from django_prodready.migration_safety.model import (
    Category,
    Evidence,
    Finding,
    Judgement,
    Lock,
    Phase,
    Verdict,
)
from django_prodready.reporting.finding import Severity

# Kinds of messages.
STEP = "step"  # the migration of this "key" begins
NOT_PASSED = "not passed"  # the last one: the migrations of these "keys" failed, or need one that did

_FINDING_LATER = ("rows", "bytes", "estimated_block_s", "estimate_reason", "at", "fingerprint", "suppressed")


def to_wire(judgement: Judgement) -> dict[str, Any]:
    """Write a judgement, without what is filled in later, as JSON can say it."""
    values = {
        name: getattr(judgement, name)
        for name in ("reversible", "traced", "duration_ms", "not_checked", "is_partial", "key")
    }
    return values | {
        "verdict": judgement.verdict.value,
        "phase": judgement.phase.value,
        "findings": [_finding_to_wire(finding) for finding in judgement.findings],
    }


def from_wire(values: dict[str, Any]) -> Judgement:
    """Read what ``to_wire`` wrote."""
    app_label, name = values["key"]
    return Judgement(
        **values
        | {
            "key": (app_label, name),
            "verdict": Verdict(values["verdict"]),
            "phase": Phase(values["phase"]),
            "findings": tuple(_finding_from_wire(finding) for finding in values["findings"]),
            "not_checked": tuple(values["not_checked"]),
        }
    )


def _finding_to_wire(finding: Finding) -> dict[str, Any]:
    values = {
        field.name: getattr(finding, field.name)
        for field in dataclasses.fields(finding)
        if field.name not in _FINDING_LATER
    }
    return values | {
        "category": finding.category.value if finding.category else None,
        "evidence": finding.evidence.value,
        "severity": finding.severity.value,
        "locks": [[lock.table, lock.mode] for lock in finding.locks],
    }


def _finding_from_wire(values: dict[str, Any]) -> Finding:
    category = values["category"]
    return Finding(
        **values
        | {
            "category": Category(category) if category else None,
            "evidence": Evidence(values["evidence"]),
            "severity": Severity(values["severity"]),
            "locks": tuple(Lock(table, mode) for table, mode in values["locks"]),
            "tables": tuple(values["tables"]),
        }
    )
