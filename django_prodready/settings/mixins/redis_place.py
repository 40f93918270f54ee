"""Which database of which Redis server an address means, and an address with another number in it.

https://redis.readthedocs.io/en/stable/connections.html#redis.Redis.from_url
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from django_prodready.settings.environment import kinds
from django_prodready.settings.environment.invalid import Invalid

__all__ = ["Place", "names_index", "place_of_cache", "places_of_queue", "with_index"]

_LOOPBACK = ("127.0.0.1", "::1")
_SOCKETS = ("redis+socket", "socket")


class Place(NamedTuple):
    """One database. Two names of one server are two servers here."""

    server: str  # host and port, or the path of a socket
    number: int


def place_of_cache(url: str) -> Place:
    """Return what a valid address of the cache means."""
    parsed = kinds.redis_url(url)
    return Place(parsed.path or _server(parsed.host, parsed.port), parsed.db)


def places_of_queue(text: object) -> Iterator[Place]:
    """Yield the Redis databases of a broker or a result backend of Celery; none when it is not Redis."""
    if not isinstance(text, str):
        return
    if text.partition("://")[0] in _SOCKETS:
        parts = urlsplit(text)
        number = parse_qs(parts.query).get("virtual_host", ["0"])[0].strip("/")
        yield Place(unquote(parts.path), int(number) if number.isdecimal() else 0)
        return
    try:
        brokers = kinds.broker_url(text).brokers
    except Invalid:  # whoever it is for says so
        return
    for broker in brokers:
        if broker.db is not None:
            yield Place(_server(broker.host, broker.port or 0), broker.db)


def names_index(url: str) -> bool:
    """Tell whether a valid address names the number of the database, rather than leaving it at 0."""
    parts = urlsplit(url)
    is_in_path = parts.scheme != "unix" and parts.path not in ("", "/")
    return is_in_path or "db" in parse_qs(parts.query)


def with_index(url: str, index: int) -> str:
    """Return a valid address that names no database with the number of one."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"{url}{'&' if parts.query else '?'}db={index}"
    return parts._replace(path=f"/{index}").geturl()


def _server(host: str, port: int) -> str:
    return f"{'localhost' if host in _LOOPBACK else host}:{port}"
