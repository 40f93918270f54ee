"""What became of one probe, and of all that one answer asked."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django_prodready.health.probe import Probe


class Status(enum.StrEnum):
    """What is said of one component."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"
    SKIPPED = "skipped"  # nothing there could fail: in no body's "checks"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeSpec:
    """One configured probe."""

    name: str
    probe: Probe
    critical: bool
    deadline_s: float
    groups: tuple[str, ...] = ("ready",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one run of one probe ended, or that it has not ended in time."""

    status: Status
    error: str | None = None  # the exception's class name; None when ok
    # Its text, for manage.py prodhealth to redact and show; never in HTTP, logs or reprs.
    detail: str | None = field(default=None, repr=False)
    duration_s: float
    finished_s: float  # time.monotonic() when it was known
    at: datetime  # the same moment in UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReport:
    """What is known of some probes, in the configured order; one without an outcome is not in it."""

    specs: Mapping[str, ProbeSpec]
    outcomes: Mapping[str, Outcome]

    @property
    def is_ready(self) -> bool:
        """Whether no critical probe is down."""
        return not any(
            outcome.status is Status.DOWN and self.specs[name].critical
            for name, outcome in self.outcomes.items()
        )

    @property
    def checks(self) -> dict[str, bool]:
        """Whether each component works, by its name; what was skipped is left out."""
        return {
            name: outcome.status is not Status.DOWN
            for name, outcome in self.outcomes.items()
            if outcome.status is not Status.SKIPPED
        }

    @property
    def degraded(self) -> list[str]:
        """Name what is degraded, and what is down without being critical."""
        return [
            name
            for name, outcome in self.outcomes.items()
            if outcome.status is Status.DEGRADED
            or (outcome.status is Status.DOWN and not self.specs[name].critical)
        ]
