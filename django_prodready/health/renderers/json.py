"""JSON: what scripts and dashboards read. ``checks`` holds booleans in every answer."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Sequence
from typing import Any

from django_prodready.health.outcome import HealthReport
from django_prodready.health.statement import Endpoint, Statement

CONTENT_TYPE = "application/json"
EXTRA_HEADERS = ()


def render(statement: Statement) -> bytes:
    """Return a JSON object whose first key is ``status``."""
    told = {"status": statement.status}
    if statement.endpoint is Endpoint.HEALTH and statement.version is not None:
        told["version"] = statement.version
    if statement.reason is not None:
        told["reason"] = statement.reason
    report = statement.report
    if report is None:
        return _encoded(tuple(told.items()))
    # Liveness repeats what was known; whether that is good enough is for readiness to say.
    degraded = report.degraded if statement.endpoint is Endpoint.READY else ()
    if statement.has_details:
        return _dumped(told, report.checks, degraded, {"probes": _details(report)})
    return _encoded(tuple(told.items()), tuple(report.checks.items()), tuple(degraded))


# Every few seconds the same is said.
@functools.lru_cache(maxsize=32)
def _encoded(
    told: tuple[tuple[str, str], ...],
    checks: tuple[tuple[str, bool], ...] | None = None,
    degraded: tuple[str, ...] = (),
) -> bytes:
    return _dumped(dict(told), None if checks is None else dict(checks), degraded, {})


def _dumped(
    told: dict[str, str], checks: dict[str, bool] | None, degraded: Sequence[str], more: dict[str, Any]
) -> bytes:
    payload: dict[str, Any] = {**told}
    if checks is not None:
        payload["checks"] = checks
    if degraded:
        payload["degraded"] = degraded
    return json.dumps(payload | more).encode()


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
