"""Ask a cache whether it keeps what is written to it."""

from __future__ import annotations

import os
import re
import socket
import time
import uuid
from typing import TYPE_CHECKING

from django.conf import settings

from django_prodready.health.probe import Degraded, Probe, Skipped
from django_prodready.health.probes._cache_backends import (
    Kind,
    disconnect,
    has_replicas,
    kind_of,
    make_cache,
)
from django_prodready.health.probes._options import require_seconds, require_text

if TYPE_CHECKING:
    from django.core.cache.backends.base import BaseCache

KEPT_S = 10  # longer than any run; what an abandoned one wrote is soon gone

# A cache with replicas reads from one of them, which has the value a moment later.
_PAUSES_S = (0.0, 0.02, 0.05, 0.1)

_SKIPPED = {
    Kind.LOCAL: "This cache is local to the machine, so asking it proves nothing.",
    Kind.DATABASE: "This cache is in a database, which the probe database asks.",
}


class CacheValueLostError(Exception):
    """The cache took a value and did not give it back."""


class CacheProbe(Probe):
    """Write a value under a key that nobody else has, read it back, compare, delete.

    ``alias``: which of ``CACHES``. ``timeout_s``: for connecting and for each answer, in seconds, in place of
    the cache's own; nothing is tried again, and errors are not ignored, whatever the cache's options are.

    Down: no connection, no answer in time, a server that takes no writes (a read-only replica, memory used
    up), or a value that does not come back; degraded when it is a replica that does not have it within 0.2 s.
    Skipped: memory, files or a database as cache. It costs one connection of its own and three round trips.

    Redis by Django and by django-redis, pymemcache and pylibmc get the time-outs; another backend is asked
    with the ones that it has.
    """

    def __init__(self, *, alias: str = "default", timeout_s: float = 0.5) -> None:
        self._alias = require_text("alias", alias)
        self._timeout_s = require_seconds("timeout_s", timeout_s)
        self._kind = Kind.OTHER
        self._cache: BaseCache | None = None
        if alias not in settings.CACHES:
            raise ValueError("alias is not one of CACHES.")

    def run(self) -> None:
        """Write, read, compare, delete."""
        try:
            self._ask(self._connected())
        except Exception:
            # A client may remember that its server was not there; the next run begins afresh.
            self.close()
            raise

    def close(self) -> None:
        """Close the connection; the next run opens another."""
        cache, self._cache = self._cache, None
        if cache is not None:
            disconnect(cache, self._kind)

    def _connected(self) -> BaseCache:
        if self._cache is None:
            self._kind = kind_of(settings.CACHES[self._alias]["BACKEND"])
            if self._kind in _SKIPPED:
                raise Skipped(_SKIPPED[self._kind])
            self._cache = make_cache(self._alias, self._kind, self._timeout_s)
        return self._cache

    def _ask(self, cache: BaseCache) -> None:
        key, value = self._key(), uuid.uuid4().hex
        cache.set(key, value, timeout=KEPT_S)
        if not any(_reads(cache, key, value, pause_s) for pause_s in _PAUSES_S):
            self._say_lost(cache)
        cache.delete(key)

    def _say_lost(self, cache: BaseCache) -> None:
        if has_replicas(cache, self._kind):
            raise Degraded(
                "The value that was written to the cache did not come back from a replica in time."
            )
        raise CacheValueLostError("The value that was written to the cache did not come back.")

    def _key(self) -> str:
        """Return a key that no other probe has, on any machine, and that memcached takes."""
        host = socket.gethostname()[:60]
        return re.sub(
            r"[^\w.:-]", "-", f"prodready:{self._alias[:60]}:{host}:{os.getpid()}:{uuid.uuid4()}", flags=re.A
        )


def _reads(cache: BaseCache, key: str, value: str, pause_s: float) -> bool:
    time.sleep(pause_s)
    return bool(cache.get(key) == value)
