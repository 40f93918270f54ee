"""Statements to render."""

import time
from datetime import UTC, datetime

import pytest

from django_prodready.health.outcome import HealthReport, Outcome, ProbeSpec, Status
from django_prodready.health.probe import Probe
from django_prodready.health.statement import Endpoint, Statement

SECRET = "hunter2 at postgres://10.0.0.7"


@pytest.fixture
def report():
    """Make a report of outcomes: report(database="ok", search=("down", not critical))."""

    def make(**statuses):
        specs, outcomes = {}, {}
        for name, given in statuses.items():
            status, is_critical = given if isinstance(given, tuple) else (given, True)
            specs[name] = ProbeSpec(name=name, probe=Probe(), critical=is_critical, deadline_s=0.8)
            outcomes[name] = Outcome(
                status=Status(status),
                error=None if status == "ok" else "OperationalError",
                detail=None if status == "ok" else SECRET,
                duration_s=0.00123,
                finished_s=time.monotonic() - 0.31,
                at=datetime(2026, 11, 21, 4, 55, 1, 250_000, tzinfo=UTC),
            )
        return HealthReport(specs=specs, outcomes=outcomes)

    return make


@pytest.fixture
def ready(report):
    """Make the statement of /ready/ about such a report."""

    def make(has_details=False, **statuses):
        made = report(**statuses)
        return Statement(
            endpoint=Endpoint.READY,
            status="ready" if made.is_ready else "not_ready",
            http_status=200 if made.is_ready else 503,
            version="1.4.2",
            report=made,
            has_details=has_details,
        )

    return make


@pytest.fixture
def draining():
    """Give the statement of /ready/ while the process drains."""
    return Statement(
        endpoint=Endpoint.READY,
        status="not_ready",
        http_status=503,
        reason="draining",
        version="1.4.2",
        report=HealthReport(specs={}, outcomes={}),
        is_draining=True,
    )


@pytest.fixture
def healthy():
    """Make the statement of /health/."""

    def make(report=None, version="1.4.2", **more):
        return Statement(
            endpoint=Endpoint.HEALTH,
            status="healthy",
            http_status=200,
            version=version,
            report=report,
            **more,
        )

    return make


@pytest.fixture
def starting():
    """Give the statement of /startup/ with a problem."""
    return Statement(
        endpoint=Endpoint.STARTUP,
        status="starting",
        http_status=503,
        reason="2 migrations to apply",
        version="1.4.2",
    )
