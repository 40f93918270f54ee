"""Say in the log when a component turns, and nothing in between.

One WARNING when it turns down or degraded, one INFO when it recovers. A probe that fails for an hour
is asked hundreds of times; Django's own log of 5xx responses would mail each of them to ``ADMINS``.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import deque
from dataclasses import dataclass

from django_prodready.health.outcome import Outcome, Status

logger = logging.getLogger("django_prodready.health")

LOG_PATIENCE_S = 0.05  # how long an answer waits for a log handler; not at all while one hangs
MOST_UNTOLD = 100  # turns kept while a log handler hangs; the oldest are lost first


@dataclass(frozen=True, slots=True)
class Turn:
    """One change of one component's status, not yet told."""

    level: int
    message: str
    arguments: tuple[str | None, ...]

    def tell(self) -> None:
        """Log it, after all that turned before; a log handler that raises or hangs changes no answer.

        Components turn when the network does, which is when handlers hang that send to another machine.
        """
        _teller.tell(self)

    def log(self) -> None:
        """Hand it to whatever handlers there are."""
        with contextlib.suppress(Exception):
            logger.log(self.level, self.message, *self.arguments)


class _Teller:
    """Logs one turn after the other, in a thread that lives while there is something to tell."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._untold: deque[tuple[Turn, threading.Event]] = deque(maxlen=MOST_UNTOLD)
        self._has_thread = False
        self._hangs = False  # whether somebody has waited for it in vain since it last told a turn

    def tell(self, turn: Turn) -> None:
        """Have ``turn`` logged, and wait for that as long as the log handlers do not hang."""
        told = threading.Event()
        with self._lock:
            self._untold.append((turn, told))
            needs_thread, self._has_thread = not self._has_thread, True
        if needs_thread and not self._start_thread():
            return
        if not self._hangs and not told.wait(LOG_PATIENCE_S):
            self._hangs = True

    def _start_thread(self) -> bool:
        try:
            threading.Thread(target=self._tell_all, name="prodready-log", daemon=True).start()
        except RuntimeError:  # no thread is left, or the interpreter is ending: it is told with the next turn
            self._has_thread = False
            return False
        return True

    def _tell_all(self) -> None:
        while (following := self._next()) is not None:
            turn, told = following
            turn.log()
            self._hangs = False
            told.set()

    def _next(self) -> tuple[Turn, threading.Event] | None:
        with self._lock:
            self._has_thread = bool(self._untold)
            return self._untold.popleft() if self._untold else None


class _Told:
    """The last status of each probe, and the lock that guards them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.by_name: dict[str, Status] = {}


_told = _Told()
_teller = _Teller()


def turn(name: str, outcome: Outcome) -> Turn | None:
    """Note ``outcome`` and return what is to be told; None when nothing turned, or the first is well.

    Noting and telling are apart, so that no lock is held while a slow log handler works.
    """
    status = Status.OK if outcome.status is Status.SKIPPED else outcome.status
    told = _told
    with told.lock:
        before = told.by_name.get(name, Status.OK)
        told.by_name[name] = status
    if status is before:
        return None
    if status is Status.DOWN:
        return Turn(logging.WARNING, "Probe %s is down (%s).", (name, outcome.error))
    if status is Status.DEGRADED:
        return Turn(logging.WARNING, "Probe %s is degraded.", (name,))
    return Turn(logging.INFO, "Probe %s has recovered.", (name,))


def forget(name: str | None = None) -> None:
    """Begin anew, for one probe or for all. For all it takes no lock, so it is safe after a fork."""
    global _told, _teller
    if name is None:
        _told, _teller = _Told(), _Teller()
        return
    with _told.lock:
        _told.by_name.pop(name, None)
