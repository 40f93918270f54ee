"""health+json: the format of an IETF draft that API gateways and dashboards know.

https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check-06. Its ``output`` is for error
texts, so it is never sent.
"""

from __future__ import annotations

import json
import re
from typing import Any

from django_prodready.health.outcome import HealthReport, Outcome, Status
from django_prodready.health.statement import Endpoint, Statement

CONTENT_TYPE = "application/health+json"
EXTRA_HEADERS = ()

_WORDS = {Status.OK: "pass", Status.DEGRADED: "warn", Status.DOWN: "fail"}
# Section 4.3: "datastore", "system", or "component" for everything else. By the name of the built-in probe.
_COMPONENT_TYPES = {
    "database": "datastore",
    "database_pool": "datastore",
    "database_replica_lag": "datastore",
    "cache": "datastore",
    "redis": "datastore",
    "storage": "datastore",
    "disk": "system",
    "memory": "system",
}
_MAJOR = re.compile(r"v?(\d{1,4})\.\d")


def render(statement: Statement) -> bytes:
    """Return the draft's JSON object."""
    payload: dict[str, Any] = {"status": _status(statement)}
    if statement.version is not None:
        # "version" is the interface's, which changes seldom; "releaseId" the implementation's (section 3.2).
        major = _MAJOR.match(statement.version)
        payload |= {"version": major[1]} if major else {}
        payload["releaseId"] = statement.version
    if statement.reason is not None:
        payload["notes"] = [statement.reason]
    if statement.report is not None:
        payload["checks"] = _checks(statement.report)
    return json.dumps(payload).encode()


def _status(statement: Statement) -> str:
    if statement.http_status >= 400:
        return "fail"
    is_judged = statement.endpoint is Endpoint.READY and statement.report is not None
    return "warn" if is_judged and statement.report and statement.report.degraded else "pass"


def _checks(report: HealthReport) -> dict[str, list[dict[str, Any]]]:
    return {
        # A colon separates the names of the component and of what is measured (section 4).
        f"{name.replace(':', '_')}:responseTime": [_check(name, outcome)]
        for name, outcome in report.outcomes.items()
        if outcome.status in _WORDS
    }


def _check(name: str, outcome: Outcome) -> dict[str, Any]:
    return {
        "componentType": _COMPONENT_TYPES.get(name, "component"),
        "observedValue": round(outcome.duration_s * 1000, 1),
        "observedUnit": "ms",
        "status": _WORDS[outcome.status],
        "time": outcome.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
