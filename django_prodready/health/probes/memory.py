"""Look at how near the kernel is to ending processes for want of memory."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django_prodready.health.probe import Degraded, Probe, Skipped
from django_prodready.health.probes._memory_use import memory_uses
from django_prodready.health.probes._options import require_percents

_ROOT = Path("/")


class OutOfMemoryError(Exception):
    """So much memory is in use that the kernel may end the process at any moment."""


class MemoryProbe(Probe):
    """Compare the memory in use with the tightest limit: of the container (cgroup 2 or 1), or the machine.

    ``warn_percent``, ``max_percent``: shares in use that are degraded and down, 85 and 95 by default. File
    cache that the kernel can drop does not count. Not critical: a restart for the sake of memory is for the
    platform to decide. Skipped where there is no ``/proc``. It costs the reading of a few small files.
    """

    critical: ClassVar[bool] = False

    def __init__(self, *, warn_percent: float = 85, max_percent: float = 95) -> None:
        self._warn_percent, self._max_percent = require_percents(warn_percent, max_percent)

    def run(self) -> None:
        """Compare the worst share with the limits."""
        worst = max(memory_uses(_ROOT), key=lambda use: use.percent, default=None)
        if worst is None:
            raise Skipped("This system does not tell how much memory is in use.")
        sentence = f"{worst.percent:.1f} % of the memory of the {worst.where} is in use."
        if worst.percent >= self._max_percent:
            raise OutOfMemoryError(sentence)
        if worst.percent >= self._warn_percent:
            raise Degraded(sentence)
