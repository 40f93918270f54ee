"""What one endpoint has to say, before a renderer gives it a format."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from django_prodready.health.outcome import HealthReport


class Endpoint(enum.StrEnum):
    """The three questions that platforms ask."""

    HEALTH = "health"
    READY = "ready"
    STARTUP = "startup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One answer's content, complete and free of secrets; every renderer shows this and nothing else."""

    endpoint: Endpoint
    status: str  # healthy | ready | not_ready | started | starting
    http_status: int  # 200 or 503
    reason: str | None = None  # draining, or why it has not started
    version: str | None = None
    report: HealthReport | None = None  # None: nothing is said of probes, not even an empty "checks"
    is_draining: bool = False
    has_details: bool = False  # whether durations, ages and error classes may be told to this asker
