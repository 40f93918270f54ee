"""URLs of Redis and of Celery's brokers: what settings must know of them, and the text, kept out of sight.

Redis URLs are read as redis-py reads them, brokers as Kombu does, with errors where those fall back to
database 0 or to localhost: https://redis.readthedocs.io/en/stable/connections.html and
https://docs.celeryq.dev/projects/kombu/en/stable/userguide/connections.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, unquote

from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.kinds.locator import host_of, port_of, scheme_of, split_url

__all__ = ["Broker", "BrokerUrl", "RedisUrl", "broker_url", "redis_url"]

_REDIS = ("redis", "rediss", "unix")
_REDIS_PORT = 6379
_REDIS_BROKERS = {"redis": _REDIS_PORT, "rediss": _REDIS_PORT, "sentinel": 26379}
_AMQP_BROKERS = {"amqp": 5672, "amqps": 5671, "librabbitmq": 5672, "pyamqp": 5672, "qpid": 5672}
# Transports that read their URLs in ways of their own; Azure's keys, for one, may have a bare slash.
_OTHER_BROKERS = frozenset(
    {
        *(
            "azureservicebus",
            "azurestoragequeues",
            "confluentkafka",
            "consul",
            "etcd",
            "filesystem",
            "gcpubsub",
        ),
        *("kafka", "memory", "mongodb", "pgmq", "pyro", "redis+socket", "slmq", "sqla", "sqlalchemy"),
        *("sqla+mysql", "sqla+oracle", "sqla+postgresql", "sqla+sqlite", "zookeeper"),
    }
)
_BROKERS = frozenset({"sqs", *_REDIS_BROKERS, *_AMQP_BROKERS, *_OTHER_BROKERS})

_DATABASE = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class RedisUrl:
    """Which Redis database a URL means. Its ``repr`` shows neither user nor password."""

    scheme: str  # redis, rediss (TLS) or unix
    host: str  # empty for unix
    port: int  # 6379 when the URL has none; 0 for unix
    db: int
    path: str  # of the socket; empty but for unix
    username: str = field(repr=False)  # empty when there is none
    has_password: bool
    _text: str = field(repr=False)

    def reveal(self) -> str:
        """Return the URL as it was given, password and all."""
        return self._text


@dataclass(frozen=True, slots=True)
class Broker:
    """One broker of a list. Its ``repr`` shows neither user nor password."""

    transport: str  # the scheme in small letters
    host: str  # empty where a transport needs none
    port: int | None  # None where a transport has no usual one
    virtual_host: str  # what follows the host and a slash; empty means the default of the transport
    db: int | None  # of Redis; None for others
    has_password: bool


@dataclass(frozen=True, slots=True)
class BrokerUrl:
    """The brokers that a URL means, the first one and those to fail over to."""

    brokers: tuple[Broker, ...]
    _text: str = field(repr=False)

    @property
    def transport(self) -> str:
        """The transport of the first broker."""
        return self.brokers[0].transport

    def reveal(self) -> str:
        """Return the URL as it was given, passwords and all."""
        return self._text


def redis_url(text: str) -> RedisUrl:
    """Return which Redis a URL means: ``redis://user:password@host:6379/0``, rediss or ``unix:///run/x?db=0``."""
    parts = split_url(text, _REDIS, files=("unix",))
    _refuse_lone_password(parts)
    is_socket = parts.scheme == "unix"
    host, port = _place(parts, required=not is_socket)
    if is_socket and (host or port or parts.path in ("", "/")):
        raise Invalid("expected the path of a socket, as in unix:///run/redis.sock")
    return RedisUrl(
        scheme=parts.scheme,
        host=host,
        port=0 if is_socket else port or _REDIS_PORT,
        db=_database(parts),
        path=unquote(parts.path) if is_socket else "",
        username=unquote(parts.username or ""),
        has_password=bool(parts.password),
        _text=text,
    )


def broker_url(text: str) -> BrokerUrl:
    """Return the brokers of a URL, or of several that are joined by ``;`` for failover."""
    pieces = text.split(";")
    if len(pieces) > 1 and not all("://" in piece for piece in pieces):
        raise Invalid("expected a whole URL before and after each ; (in a password, ; is %3B)")
    return BrokerUrl(tuple(map(_broker, pieces)), text)


def _broker(text: str) -> Broker:
    if scheme_of(text, _BROKERS) in _OTHER_BROKERS:
        return _other_broker(text)
    parts = split_url(text, _BROKERS)
    is_redis = parts.scheme in _REDIS_BROKERS
    if is_redis:
        _refuse_lone_password(parts)
    host, port = _place(parts, required=parts.scheme != "sqs")
    usual = {**_REDIS_BROKERS, **_AMQP_BROKERS}.get(parts.scheme)
    return Broker(
        transport=parts.scheme,
        host=host,
        port=port or usual,
        virtual_host=unquote(parts.path[1:]),
        db=_path_database(parts.path) if is_redis else None,
        has_password=bool(parts.password),
    )


def _other_broker(text: str) -> Broker:
    """Return the broker of a transport that reads its URL itself: the URL is not taken apart here."""
    return Broker(
        transport=scheme_of(text, _BROKERS),
        host="",
        port=None,
        virtual_host="",
        db=None,
        has_password="@" in text,
    )


def _place(parts: SplitResult, *, required: bool) -> tuple[str, int | None]:
    host = host_of(parts)
    port = port_of(parts)
    if required and not host:
        raise Invalid("expected a host")
    return host, port


def _refuse_lone_password(parts: SplitResult) -> None:
    """Raise for ``redis://password@host``, which clients read as a user without a password."""
    if parts.username and not parts.password:
        raise Invalid("expected a colon before the password, as in redis://:password@host")


def _database(parts: SplitResult) -> int:
    """Return the number of the database, from ``?db=`` or from the path."""
    asked = parse_qs(parts.query, keep_blank_values=True).get("db", [])
    from_path = 0 if parts.scheme == "unix" else _path_database(parts.path)
    if not asked:
        return from_path
    has_path = parts.scheme != "unix" and parts.path not in ("", "/")
    if len(asked) > 1 or (has_path and _number(asked[0]) != from_path):
        raise Invalid("expected the number of the database once, in the path or as ?db=")
    return _number(asked[0])


def _path_database(path: str) -> int:
    name = unquote(path).removeprefix("/").removesuffix("/")
    return _number(name) if name else 0


def _number(text: str) -> int:
    if not _DATABASE.fullmatch(text):
        raise Invalid("expected the number of a database, such as 0, after the host and a slash")
    return int(text)
