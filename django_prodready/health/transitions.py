"""Say in the log when a component turns, and nothing in between.

One WARNING when it turns down or degraded, one INFO when it recovers. A probe that fails for an hour
is asked hundreds of times; Django's own log of 5xx responses would mail each of them to ``ADMINS``.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from dataclasses import dataclass

from django_prodready.health.outcome import Outcome, Status

logger = logging.getLogger("django_prodready.health")

LOG_PATIENCE_S = 0.05  # how long an answer waits for a log handler; not at all while one hangs
_teller: threading.Thread | None = None  # the last


@dataclass(frozen=True, slots=True)
class Turn:
    """One change of one component's status, not yet told."""

    level: int
    message: str
    arguments: tuple[str | None, ...]

    def tell(self) -> None:
        """Log it, in a thread of its own: a log handler that raises or hangs changes no answer.

        Components turn when the network does, which is when handlers hang that send to another machine.
        """
        global _teller  # noqa: PLW0603 - the state of the process
        before, teller = _teller, threading.Thread(target=self._log, name="prodready-log", daemon=True)
        with contextlib.suppress(RuntimeError):  # no thread is left, or the interpreter is ending
            teller.start()
            _teller = teller
            if before is None or not before.is_alive():
                teller.join(LOG_PATIENCE_S)

    def _log(self) -> None:
        with contextlib.suppress(Exception):
            logger.log(self.level, self.message, *self.arguments)


class _Told:
    """The last status of each probe, and the lock that guards them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.by_name: dict[str, Status] = {}


_told = _Told()


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
    global _told  # noqa: PLW0603 - the state of the process
    if name is None:
        _told = _Told()
        return
    with _told.lock:
        _told.by_name.pop(name, None)
