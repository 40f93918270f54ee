"""Has the pool of database connections any left? Read from the pool's own figures; nothing is borrowed.

Django keeps one psycopg pool per alias and process, and makes it when a request first needs it:
https://docs.djangoproject.com/en/stable/ref/databases/#connection-pool
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from django.db import connections
from django.db.utils import load_backend

from django_prodready.health.probe import Degraded, Probe, Skipped
from django_prodready.health.probes._options import require_percents
from django_prodready.health.probes.connection import OwnConnection

# A pool with as many connections as there are threads is empty for moments and nobody waits: what counts is
# that it stays so.
LOOKS = 4
BETWEEN_LOOKS_S = 0.02


class PoolExhaustedError(Exception):
    """Every connection that the pool may have is taken."""


class DatabasePoolProbe(Probe):
    """Look how many connections of the psycopg pool of ``alias`` are taken.

    Degraded when ``warn_percent`` of them stay taken, down when all do. A request that finds none waits
    for the pool's ``timeout``; the database itself may be well.
    """

    critical = False

    def __init__(self, alias: str = "default", warn_percent: float = 90) -> None:
        self.alias = OwnConnection(alias).alias
        self.warn_percent, _ = require_percents(warn_percent, 100)

    def run(self) -> None:
        """Look a few times; one look that finds enough connections free is the answer."""
        stats = self._stats()
        for _ in range(LOOKS - 1):
            if not stats or _taken_percent(stats) < self.warn_percent:
                return
            time.sleep(BETWEEN_LOOKS_S)
            latest = self._stats()
            stats = min(stats, latest, key=_taken_percent)
        self._judge(stats)

    def _judge(self, stats: Mapping[str, int]) -> None:
        percent = _taken_percent(stats)
        if percent < self.warn_percent:
            return
        told = f"{_taken(stats)} of {stats['pool_max']} connections of the pool are taken"
        if percent < 100:
            raise Degraded(f"{told}.")
        raise PoolExhaustedError(f"{told}; requests that wait: {stats['requests_waiting']}.")

    def _stats(self) -> Mapping[str, int]:
        """Return the pool's figures; none while this process has no open pool."""
        settings: Mapping[str, Any] = connections.settings[self.alias]
        wrapper_class = load_backend(settings["ENGINE"]).DatabaseWrapper
        if not settings["OPTIONS"].get("pool") or wrapper_class.vendor != "postgresql":
            raise Skipped("No psycopg pool is configured.")
        # DatabaseWrapper.pool would make it.
        pool = wrapper_class._connection_pools.get(self.alias)
        if pool is None or pool.closed:
            return {}
        stats: Mapping[str, int] = pool.get_stats()
        return stats


def _taken(stats: Mapping[str, int]) -> int:
    """Count the connections that cannot be had now; one that is being opened is not to be had either."""
    return stats["pool_size"] - stats["pool_available"]


def _taken_percent(stats: Mapping[str, int]) -> float:
    return 100 * _taken(stats) / stats["pool_max"] if stats else 0.0
