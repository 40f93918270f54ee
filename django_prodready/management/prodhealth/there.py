"""Ask a deployed endpoint, by the client of the exec probe."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django_prodready.health.outcome import Status
from django_prodready.management.prodhealth.state import Row, State, UsageError
from django_prodready.probe import client
from django_prodready.probe.query import ProbeError, Query
from django_prodready.probe.query import UsageError as ProbeUsageError
from django_prodready.reporting.redaction import Redactor


def query_of(url: str, how: Mapping[str, Any]) -> Query:
    """Make the request. Raises :class:`UsageError`."""
    try:
        return Query(url, **how)
    except ProbeUsageError as error:
        raise UsageError(f"--url: {error}") from error


def look(query: Query, redactor: Redactor) -> State:
    """Return what the endpoint tells: fit is a 2xx, whatever its body says."""
    told: dict[str, Any] = {}
    trouble = None
    try:
        reply = client.ask(query)
        told = _object(reply.body, query, redactor)
        client.judge(query, reply)
    except ProbeUsageError as error:
        raise UsageError(f"--url: {error}") from error
    except ProbeError as error:
        trouble = redactor.scrub(str(error))
    rows = tuple(_rows(told))
    status = told.get("status")
    reason = told.get("reason")
    if not isinstance(status, str):
        status = "fit" if trouble is None else "not_fit"
    if not isinstance(reason, str):
        is_told = any(row.status is Status.DOWN for row in rows)
        reason = None if is_told else trouble
    own = {"status": status} if reason is None else {"status": status, "reason": reason}
    return State(
        place=query.place,
        is_fit=trouble is None,
        status=status,
        reason=reason,
        rows=rows,
        payload={**own, "checks": {}, **told, **own},
    )


def _object(body: bytes, query: Query, redactor: Redactor) -> dict[str, Any]:
    """Read a body that is a JSON object, without what was sent in confidence; another has nothing to tell."""

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return redactor.scrub(query.without_secrets(value))
        if isinstance(value, list):
            return [clean(item) for item in value]
        if isinstance(value, dict):
            return {clean(key): clean(item) for key, item in value.items()}
        return value

    try:
        told = clean(json.loads(body))
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _rows(told: Mapping[str, Any]) -> Iterator[Row]:
    checks = told.get("checks")
    degraded = told.get("degraded")
    probes = told.get("probes")
    for name, works in (checks if isinstance(checks, dict) else {}).items():
        told_more = probes.get(name) if isinstance(probes, dict) else None
        more = told_more if isinstance(told_more, dict) else {}
        is_degraded = isinstance(degraded, list) and name in degraded
        status = Status.DOWN if works is False else Status.DEGRADED if is_degraded else Status.OK
        yield Row(
            name=name,
            status=status,
            # What is down and stands in "degraded" too is not critical.
            is_critical=not is_degraded if status is Status.DOWN else None,
            duration_ms=_number(more.get("duration_ms")),
            said=str(more.get("error") or ""),
        )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
