"""Say in the log that somebody named an address who may not: one line a minute for each reason, with a count.

Whoever sends forged headers sends many. No line holds what a header said: it is the sender's to choose.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from dataclasses import dataclass

__all__ = ["SpoofLog", "spoof_log"]

logger = logging.getLogger("django_prodready.client")

EVERY_S = 60.0


@dataclass(slots=True)
class _Count:
    told_s: float
    untold: int = 0


class SpoofLog:
    """Counts what happened, and tells of it at most once a minute for each message."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, _Count] = {}

    def note(self, message: str, peer: str | None) -> None:
        """Tell that ``message`` is true of one more request. Messages are few; none is a header's."""
        now_s = time.monotonic()
        with self._lock:
            count = self._counts.get(message)
            if count is not None and now_s - count.told_s < EVERY_S:
                count.untold += 1
                return
            times = 1 if count is None else count.untold + 1
            self._counts[message] = _Count(now_s)
        logger.warning(
            "%s Peer: %s. Requests since the last such line: %d.", message, peer or "a socket", times
        )

    def begin_anew(self) -> None:
        """Free the lock in a child: another thread of the parent may have held it."""
        self._lock = threading.Lock()


spoof_log = SpoofLog()

if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no fork
    os.register_at_fork(after_in_child=spoof_log.begin_anew)
