"""Startup: whether this process has begun its work. It asks no readiness probe.

A platform restarts a container whose startup probe fails, and a restart mends no database.
"""

from __future__ import annotations

import functools

from django_prodready.health.asked import Asked, Pending
from django_prodready.health.startup import startup_problem, startup_problem_async
from django_prodready.health.statement import Endpoint, Statement
from django_prodready.health.version import current_version


def startup(asked: Asked) -> Pending[str | None]:
    """Say whether anything still keeps the process from its work. Selections of probes say nothing here."""
    return Pending(
        find_out=startup_problem,
        find_out_async=startup_problem_async,
        conclude=functools.partial(_statement, asked),
    )


def _statement(asked: Asked, problem: str | None) -> Statement:
    return Statement(
        endpoint=Endpoint.STARTUP,
        status="started" if problem is None else "starting",
        http_status=200 if problem is None else 503,
        reason=problem,
        version=current_version(),
        has_details=asked.has_details,
    )
