"""OpenMetrics: what Prometheus scrapes.

https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from django_prodready.health.outcome import HealthReport, Outcome, Status
from django_prodready.health.statement import Statement

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
EXTRA_HEADERS = ()

# "started" says nothing of readiness.
_READY = {"ready": True, "not_ready": False, "starting": False}
_Sample = tuple[str, float | int]  # what stands after the metric's name, and the value


def render(statement: Statement) -> bytes:
    """Return the exposition; a metric of which nothing is known has no sample."""
    lines = [line for family in _families(statement) for line in family]
    return "".join(f"{line}\n" for line in (*lines, "# EOF")).encode(errors="backslashreplace")


def _families(statement: Statement) -> Iterator[Iterator[str]]:
    asked = () if statement.report is None else tuple(_asked(statement.report.outcomes.items()))
    now_s = time.monotonic()
    yield _family("ready", "Whether this process can serve.", _ready(statement))
    yield _family("draining", "Whether this process is about to stop.", [("", int(statement.is_draining))])
    yield _family(
        "probe_up",
        "Whether the component works, be it degraded.",
        [(label, int(outcome.status is not Status.DOWN)) for label, outcome in asked],
    )
    yield _family(
        "probe_duration_seconds",
        "How long the last run of the probe took.",
        [(label, round(outcome.duration_s, 6)) for label, outcome in asked],
    )
    yield _family(
        "probe_age_seconds",
        "How long ago the last run of the probe ended.",
        [(label, round(max(0.0, now_s - outcome.finished_s), 6)) for label, outcome in asked],
    )


def _ready(statement: Statement) -> list[_Sample]:
    is_ready = _READY.get(statement.status)
    if is_ready is None and statement.is_draining:
        is_ready = False
    if is_ready is None and statement.report is not None:
        is_ready = _was_ready(statement.report)
    return [] if is_ready is None else [("", int(is_ready))]


def _was_ready(report: HealthReport) -> bool | None:
    """Judge what liveness knows; None when a critical probe that it knows nothing of could make it untrue."""
    if not report.is_ready:
        return False
    is_whole = all(name in report.outcomes for name, spec in report.specs.items() if spec.critical)
    return True if is_whole else None


def _asked(outcomes: Iterable[tuple[str, Outcome]]) -> Iterator[tuple[str, Outcome]]:
    for name, outcome in outcomes:
        if outcome.status is not Status.SKIPPED:
            yield f'{{probe="{_escaped(name)}"}}', outcome


def _family(name: str, text: str, samples: Iterable[_Sample]) -> Iterator[str]:
    metric = f"prodready_{name}"
    yield f"# TYPE {metric} gauge"
    if name.endswith("_seconds"):
        yield f"# UNIT {metric} seconds"
    yield f"# HELP {metric} {text}"
    for label, value in samples:
        yield f"{metric}{label} {value}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
