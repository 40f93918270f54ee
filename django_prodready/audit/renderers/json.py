"""The report as JSON, schema 1."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import django_prodready
from django_prodready.reporting.render import finding_as_dict

if TYPE_CHECKING:
    from django_prodready.audit.model import Report, Result
    from django_prodready.audit.renderers import View


def render(report: Report, view: View) -> str:  # noqa: ARG001 - what every renderer takes
    """Render all of ``report``; nothing in ``view`` changes it. ASCII, which every stream can hold."""
    return json.dumps(as_dict(report), indent=2) + "\n"


def as_dict(report: Report) -> dict[str, Any]:
    """The report as plain data, keys in the order of the contract."""
    return {
        "schema": 1,
        "generated_at": report.generated_at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "tool": {"name": "prodcheck", "version": django_prodready.__version__},
        "target": {
            "settings": report.target.settings,
            "django": report.target.django,
            "python": report.target.python,
            "url": report.target.url,
        },
        "facts": {name: {"value": fact.value, "origin": fact.origin} for name, fact in report.facts.items()},
        "summary": {"findings": report.counts(), "checks": report.outcomes()},
        "results": [_result(result) for result in report.results],
    }


def _result(result: Result) -> dict[str, Any]:
    return {
        "check": result.check,
        "family": result.family,
        "severity": result.severity.label,
        "outcome": result.outcome.value,
        "reason": result.reason,
        "duration_ms": result.duration_ms,
        "findings": [finding_as_dict(finding) for finding in result.findings],
    }
