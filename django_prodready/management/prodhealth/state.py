"""What one look at the probes told, here or at a URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django_prodready.health.outcome import Status


class UsageError(Exception):
    """The command line, or the setting it needs, cannot be carried out as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One probe. What an endpoint did not tell is None."""

    name: str
    status: Status
    is_critical: bool | None = None
    duration_ms: float | None = None
    said: str = ""  # the error's class and text, redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything that is shown. ``payload`` is the JSON form; no text here holds a secret."""

    place: str  # the settings module, or whom the URL names
    is_fit: bool
    status: str  # ready | not_ready, or what an endpoint says of itself
    reason: str | None
    rows: tuple[Row, ...]
    payload: Mapping[str, Any]
