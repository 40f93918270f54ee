"""The audit behind ``manage.py prodcheck``, and the names that a check's author needs."""

from django_prodready.audit.model import (
    Case,
    Check,
    Need,
    NotApplicable,
    NotRun,
    Outcome,
    Report,
    Result,
    check,
)
from django_prodready.reporting.finding import Finding, Location, Severity

__all__ = [
    "Case",
    "Check",
    "Finding",
    "Location",
    "Need",
    "NotApplicable",
    "NotRun",
    "Outcome",
    "Report",
    "Result",
    "Severity",
    "check",
]
