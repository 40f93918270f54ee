"""JSON: what scripts and dashboards read. ``checks`` holds booleans in every answer."""

from __future__ import annotations

import json
import time
from typing import Any

from django_prodready.health.outcome import HealthReport
from django_prodready.health.statement import Endpoint, Statement

CONTENT_TYPE = "application/json"


def render(statement: Statement) -> bytes:
    """Return a JSON object whose first key is ``status``."""
    return json.dumps(_payload(statement)).encode()


def _payload(statement: Statement) -> dict[str, Any]:
    payload: dict[str, Any] = {"status": statement.status}
    if statement.endpoint is Endpoint.HEALTH:
        payload["version"] = statement.version
    if statement.reason is not None:
        payload["reason"] = statement.reason
    report = statement.report
    if report is None:
        return payload
    payload["checks"] = report.checks
    # Liveness repeats what was known; whether that is good enough is for readiness to say.
    if statement.endpoint is Endpoint.READY and report.degraded:
        payload["degraded"] = report.degraded
    if statement.has_details:
        payload["probes"] = _details(report)
    return payload


def _details(report: HealthReport) -> dict[str, dict[str, Any]]:
    now_s = time.monotonic()
    return {
        name: {
            "status": outcome.status.value,
            "critical": report.specs[name].critical,
            "duration_ms": round(outcome.duration_s * 1000, 1),
            "age_ms": max(0, round((now_s - outcome.finished_s) * 1000)),
            "error": outcome.error,
        }
        for name, outcome in report.outcomes.items()
    }
