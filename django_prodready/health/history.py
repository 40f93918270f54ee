"""The latest outcomes of each probe, in the memory of this process: the strip on the status page."""

from __future__ import annotations

import threading
from collections import deque

from django_prodready.health.outcome import Outcome

LENGTH = 60  # a strip that is still readable at 360 px, and a minute of outcomes at the default READY_TTL


class _History:
    """Outcomes by name, and the lock that guards them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.by_name: dict[str, deque[Outcome]] = {}


_history = _History()


def record(name: str, outcome: Outcome) -> None:
    """Keep ``outcome`` as the latest of the probe ``name``."""
    history = _history
    with history.lock:
        history.by_name.setdefault(name, deque(maxlen=LENGTH)).append(outcome)


def recent(name: str) -> tuple[Outcome, ...]:
    """Return at most ``LENGTH`` outcomes of the probe ``name``, oldest first; () when it never ran."""
    history = _history
    with history.lock:
        return tuple(history.by_name.get(name, ()))


def forget(name: str | None = None) -> None:
    """Begin anew, for one probe or for all. For all it takes no lock, so it is safe after a fork."""
    global _history  # noqa: PLW0603 - the state of the process
    if name is None:
        _history = _History()
        return
    with _history.lock:
        _history.by_name.pop(name, None)
