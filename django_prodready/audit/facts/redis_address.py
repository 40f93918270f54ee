"""Which database of which Redis server a setting names; without user and password, so it may be shown.

What is compared is how redis-py, kombu and Celery read their addresses:
https://redis.readthedocs.io/en/stable/connections.html#redis.Redis.from_url,
https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html#configuration
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

__all__ = ["RedisAddress", "parse_redis_url", "parse_redis_urls"]

DEFAULT_PORT = 6379

_TCP = frozenset({"redis", "rediss", "valkey", "valkeys"})
_SOCKET = frozenset({"unix", "socket", "redis+socket"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """One database of one server. Two that are equal are the same database."""

    host: str  # lower case, "localhost" for every loopback address; or the path of a socket
    port: int | None  # None for a socket
    db: int

    def __str__(self) -> str:
        if self.port is None:
            return f"{self.host} database {self.db}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}/{self.db}"


def parse_redis_url(url: object, *, db: object = None) -> RedisAddress | None:
    """Read one address; None when it is not Redis, or not to be understood.

    ``db`` is the database for an address that names none; else it is 0.
    """
    if not isinstance(url, str) or "://" not in url:
        return None
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    number = _database(parts, db)
    # An unescaped "#", "/" or "?" in a password ends the host too early, with a part of the password in it.
    is_torn = "@" in url and "@" not in parts.netloc
    if number is None or is_torn:
        return None
    if parts.scheme in _SOCKET and parts.path:
        return RedisAddress(unquote(parts.path), None, number)
    if parts.scheme in _TCP:
        host = unquote(parts.hostname or "localhost")  # in lower case already
        return RedisAddress("localhost" if host in _LOOPBACK else host, port or DEFAULT_PORT, number)
    return None


def parse_redis_urls(value: object, *, db: object = None) -> Iterator[RedisAddress]:
    """Yield the addresses of a setting that holds one, several in one string, or a list of them."""
    items = value if isinstance(value, list | tuple | set | frozenset) else (value,)
    for item in items:
        # Only where the next address begins: a password may hold either character.
        urls = re.split(r"[;,](?=\s*[\w+]+://)", item) if isinstance(item, str) else (item,)
        for url in urls:
            address = parse_redis_url(url, db=db)
            if address is not None:
                yield address


def _database(parts: SplitResult, default: object) -> int | None:
    query: Mapping[str, list[str]] = parse_qs(parts.query)
    named = query.get("db") or query.get("virtual_host")
    if named:
        return _number(named[0])
    path = "" if parts.scheme in _SOCKET else unquote(parts.path).strip("/")
    if path:
        return _number(path)
    return 0 if default is None else _number(default)


def _number(value: object) -> int | None:
    text = str(value).strip()
    return int(text) if text.isdecimal() else None
