"""Readiness: whether this process can serve now, so whether it should be sent requests."""

from __future__ import annotations

import functools

from django_prodready.health import drain, runner
from django_prodready.health.asked import Asked, Pending
from django_prodready.health.negotiation import Format
from django_prodready.health.outcome import HealthReport
from django_prodready.health.probe_set import get_probe_set
from django_prodready.health.selection import select
from django_prodready.health.statement import Endpoint, Statement
from django_prodready.health.version import current_version

_NOTHING = HealthReport(specs={}, outcomes={})


def readiness(asked: Asked) -> Statement | Pending[HealthReport]:
    """Say whether the selected probes allow it; while the process drains, that it is not."""
    specs = select(get_probe_set(), asked.query)
    if drain.is_draining():
        # Metrics go on telling what was known, without asking anything anew.
        known = runner.last_known(specs) if asked.format is Format.OPENMETRICS else _NOTHING
        return _statement(asked, known, "draining")
    return Pending(
        find_out=functools.partial(runner.collect, specs),
        find_out_async=functools.partial(runner.collect_async, specs),
        conclude=functools.partial(_statement, asked),
    )


def _statement(asked: Asked, report: HealthReport, reason: str | None = None) -> Statement:
    is_ready = report.is_ready and reason is None
    return Statement(
        endpoint=Endpoint.READY,
        status="ready" if is_ready else "not_ready",
        http_status=200 if is_ready else 503,
        reason=reason,
        version=current_version(),
        report=report,
        is_draining=reason is not None,
        has_details=asked.has_details,
    )
