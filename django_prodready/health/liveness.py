"""Liveness: this process runs and answers. That is all it says.

It asks no database, cache or other service, because a platform restarts a container whose
liveness probe fails, and a restart mends no database:
https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
What it tells of probes is what readiness found out last.
"""

from __future__ import annotations

from django_prodready.health import drain, runner
from django_prodready.health.access import Access
from django_prodready.health.asked import Asked
from django_prodready.health.negotiation import Format
from django_prodready.health.outcome import HealthReport
from django_prodready.health.probe_set import get_probe_set
from django_prodready.health.selection import select
from django_prodready.health.statement import Endpoint, Statement
from django_prodready.health.version import current_version

MAX_AGE_S = 60  # what was found out longer ago says nothing of now

_TELL_OF_DRAINING = frozenset({Format.OPENMETRICS, Format.HTML})


def liveness(asked: Asked) -> Statement:
    """Say that the process is alive, which version of the project it runs, and what is known already."""
    return Statement(
        endpoint=Endpoint.HEALTH,
        status="healthy",
        http_status=200,
        version=current_version(),
        report=_last_known(asked),
        # Only where it is told: it may look for a file.
        is_draining=asked.format in _TELL_OF_DRAINING and drain.is_draining(),
        has_details=asked.has_details,
    )


def _last_known(asked: Asked) -> HealthReport | None:
    if asked.access is Access.DENIED:
        return None  # not even whether a probe of some name exists
    report = runner.last_known(select(get_probe_set(), asked.query), MAX_AGE_S)
    return report if report.outcomes else None
