"""Ask a Redis server whether it answers."""

from __future__ import annotations

from typing import Any

from django_prodready.health.probe import Probe
from django_prodready.health.probes._bounded_redis import bounded_pool_class
from django_prodready.health.probes._options import require_package, require_seconds, secret_address


class RedisProbe(Probe):
    """Send ``PING`` to a Redis or Valkey server that is not one of the caches.

    ``url``: ``redis://``, ``rediss://`` (TLS) or ``unix://``, as redis-py reads them; or ``url_env``: the
    name of the environment variable that holds it. ``socket_timeout_s``: for connecting and for each answer,
    in seconds; nothing is tried again. Behind Sentinel use the ``cache`` probe, which follows the cache's
    settings.

    Down: no connection, a refused login, no answer in time, or a server that is still loading. Never
    degraded. It costs one connection and one round trip, and writes nothing: a read-only replica is fine.
    """

    def __init__(
        self, *, url: str | None = None, url_env: str | None = None, socket_timeout_s: float = 0.5
    ) -> None:
        address = secret_address(url, url_env, ("redis", "rediss", "unix"))
        timeout_s = require_seconds("socket_timeout_s", socket_timeout_s)
        self._redis = require_package("redis", extra="redis")
        self._pool = self._make_pool(address, timeout_s)

    def _make_pool(self, address: str, timeout_s: float) -> Any:
        pool_class = bounded_pool_class(self._redis.ConnectionPool, timeout_s)
        try:
            return pool_class.from_url(address)
        except ValueError:
            raise ValueError("url has a query or a path that redis-py does not understand.") from None

    def run(self) -> None:
        """Ask for PONG."""
        try:
            is_pong = self._redis.Redis(connection_pool=self._pool).ping()
        except Exception:
            self.close()
            raise
        if not is_pong:
            self.close()
            raise self._redis.ConnectionError("The server answered PING with something else than PONG.")

    def close(self) -> None:
        """Close the connection; the next run opens another."""
        self._pool.disconnect()
