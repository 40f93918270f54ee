"""What the status page says in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django_prodready.health.outcome import HealthReport, Status
from django_prodready.health.renderers.page_marks import Mark
from django_prodready.health.statement import Endpoint, Statement

MOST_NAMES = 4

ENDPOINTS = {
    Endpoint.HEALTH: "Liveness",
    Endpoint.READY: "Readiness",
    Endpoint.STARTUP: "Start-up",
}
STATUSES = {
    Status.OK: "OK",
    Status.DEGRADED: "Degraded",
    Status.DOWN: "Down",
    Status.SKIPPED: "Skipped",
}


@dataclass(frozen=True, slots=True)
class Headline:
    """A statement at one glance."""

    word: str
    mark: Mark
    sentence: str


def headline(statement: Statement) -> Headline:
    """Return the statement's word, its shape, and one sentence on what follows from it."""
    if statement.endpoint is Endpoint.HEALTH:
        return Headline("Healthy", Mark.OK, _alive(statement))
    if statement.endpoint is Endpoint.STARTUP:
        return _startup(statement)
    if statement.is_draining:
        sentence = "This process is about to stop. It takes no new traffic, and asks no probe."
        return Headline("Draining", Mark.DRAINING, sentence)
    return _readiness(statement.status == "ready", statement.report)


def tally(report: HealthReport) -> str:
    """Count the statuses: "3 ok, 1 down"."""
    counts = Counter(outcome.status for outcome in report.outcomes.values())
    return ", ".join(f"{counts[status]} {status}" for status in Status if counts[status])


def duration(seconds: float) -> str:
    """Return a length of time that is easy to read: "1.2 ms", "310 ms", "4.5 s", "3 min"."""
    if seconds < 0.01:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds / 60:.0f} min"


def _alive(statement: Statement) -> str:
    drain = " It is about to stop and takes no new traffic." if statement.is_draining else ""
    if statement.report is None:
        return f"This process is alive.{drain}"
    return f"This process is alive, whatever its probes say: below is what readiness last knew.{drain}"


def _startup(statement: Statement) -> Headline:
    if statement.status == "started":
        return Headline("Started", Mark.OK, "Start-up is complete.")
    return Headline("Starting", Mark.STARTING, statement.reason or "Start-up is not complete.")


def _readiness(is_ready: bool, report: HealthReport | None) -> Headline:
    troubles = [] if report is None else _troubles(report, is_ready)
    tail = " and ".join(troubles)
    if not is_ready:
        why = f": {tail}" if tail else ""
        return Headline("Not ready", Mark.DOWN, f"This process should get no traffic{why}.")
    if tail:
        return Headline("Ready, degraded", Mark.DEGRADED, f"This process can take traffic, although {tail}.")
    return Headline("Ready", Mark.OK, "This process can take traffic.")


def _troubles(report: HealthReport, is_ready: bool) -> list[str]:
    """Name what is down and what is degraded; of a process that is not ready, only what makes it so."""
    statuses = [Status.DOWN, Status.DEGRADED] if is_ready else [Status.DOWN]
    named = [
        (status, [name for name in report.outcomes if _counts(report, name, status, is_ready)])
        for status in statuses
    ]
    return [f"{_listed(names)} {_verb(names)} {status}" for status, names in named if names]


def _counts(report: HealthReport, name: str, status: Status, is_ready: bool) -> bool:
    return report.outcomes[name].status is status and (is_ready or report.specs[name].critical)


def _verb(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _listed(names: Sequence[str]) -> str:
    """Join names as a sentence does; beyond a few, say only how many more there are."""
    if len(names) == 1:
        return names[0]
    shown, rest = names[:MOST_NAMES], len(names) - MOST_NAMES
    if rest > 0:
        return f"{', '.join(shown)} and {rest} more"
    return f"{', '.join(shown[:-1])} and {shown[-1]}"
