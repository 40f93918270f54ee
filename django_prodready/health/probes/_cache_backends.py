"""Which kind of cache a backend is, and how an instance of it is made that never waits long.

The instance is the probe's own. It shares neither connection nor pool with the application, whose
time-outs may be long or missing, and it takes nothing from the application's pools.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import CacheHandler
from django.utils.module_loading import import_string

from django_prodready.health.probes._bounded_redis import bounded_pool_class, bounds

if TYPE_CHECKING:
    from django.core.cache.backends.base import BaseCache

_FACTORY = f"{__name__}.django_redis_factory"
_FACTORY_OPTIONS = "DJANGO_PRODREADY"


class Kind(enum.Enum):
    """What has to be known of a backend."""

    LOCAL = enum.auto()  # of this machine: memory, files, nothing at all
    DATABASE = enum.auto()
    DJANGO_REDIS = enum.auto()  # the package django-redis
    REDIS = enum.auto()  # Django's own
    PYMEMCACHE = enum.auto()
    PYLIBMC = enum.auto()
    OTHER = enum.auto()


_DJANGO = "django.core.cache.backends"
_KINDS = {
    f"{_DJANGO}.dummy.DummyCache": Kind.LOCAL,
    f"{_DJANGO}.locmem.LocMemCache": Kind.LOCAL,
    f"{_DJANGO}.filebased.FileBasedCache": Kind.LOCAL,
    f"{_DJANGO}.db.BaseDatabaseCache": Kind.DATABASE,
    f"{_DJANGO}.redis.RedisCache": Kind.REDIS,
    f"{_DJANGO}.memcached.PyMemcacheCache": Kind.PYMEMCACHE,
    f"{_DJANGO}.memcached.PyLibMCCache": Kind.PYLIBMC,
    "django_redis.cache.RedisCache": Kind.DJANGO_REDIS,
}


def kind_of(backend: str) -> Kind:
    """Return the kind of the backend with this dotted path; a subclass is what its base is.

    Whatever the import of a user's module raises is raised.
    """
    bases = import_string(backend).__mro__
    names = (f"{base.__module__}.{base.__qualname__}" for base in bases)
    return next((_KINDS[name] for name in names if name in _KINDS), Kind.OTHER)


def make_cache(alias: str, kind: Kind, timeout_s: float) -> BaseCache:
    """Make an instance of its own by the settings of ``alias``, with time-outs and without retries."""
    entry = dict(settings.CACHES[alias])
    bound = _BOUNDS.get(kind)
    if bound is not None:
        entry["OPTIONS"] = bound(entry.get("OPTIONS") or {}, timeout_s)
    cache: BaseCache = CacheHandler({alias: entry}).create_connection(alias)
    return cache


def has_replicas(cache: Any, kind: Kind) -> bool:
    """Tell whether what is written to one server is read from another, which has it later."""
    if kind is Kind.REDIS:
        return len(cache._servers) > 1
    return kind is Kind.DJANGO_REDIS and len(cache.client._server) > 1


def disconnect(cache: BaseCache, kind: Kind) -> None:
    """Close the connections of an instance that :func:`make_cache` made."""
    if kind is Kind.REDIS:
        # Django's own backend keeps its pools when it is closed.
        _disconnect_pools(vars(cache).get("_cache"))
    elif kind is Kind.DJANGO_REDIS:
        client = vars(cache).get("_client")
        _disconnect_pools(getattr(client, "connection_factory", None))
    else:
        cache.close()


def _disconnect_pools(holder: object) -> None:
    """Disconnect the pools in the instance itself; those of django-redis's class are the application's."""
    held = {} if holder is None else vars(holder)
    for pool in held.get("_pools", {}).values():
        pool.disconnect()
    sentinel = held.get("_sentinel")
    for client in getattr(sentinel, "sentinels", ()):
        client.connection_pool.disconnect()


def _bound_redis(options: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
    named = options.get("pool_class") or "redis.ConnectionPool"
    base = import_string(named) if isinstance(named, str) else named
    return {**options, "pool_class": bounded_pool_class(base, timeout_s)}


def _bound_django_redis(options: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
    sentinel = {**(options.get("SENTINEL_KWARGS") or {}), **bounds(timeout_s)}
    return {
        **options,
        "CONNECTION_FACTORY": _FACTORY,
        _FACTORY_OPTIONS: {"factory": options.get("CONNECTION_FACTORY"), "timeout_s": timeout_s},
        "SOCKET_CONNECT_TIMEOUT": timeout_s,
        "SOCKET_TIMEOUT": timeout_s,
        "IGNORE_EXCEPTIONS": False,
        "SENTINEL_KWARGS": sentinel,
    }


def django_redis_factory(options: dict[str, Any]) -> Any:
    """Make the project's connection factory, with pools of its own; django-redis asks by dotted path.

    Its class keeps one pool for each URL and process, so the first to connect would settle the
    time-outs of everybody: https://github.com/jazzband/django-redis/blob/master/django_redis/pool.py
    """
    own = options[_FACTORY_OPTIONS]
    theirs = {**options, "CONNECTION_FACTORY": own["factory"]}
    factory = import_module("django_redis.pool").get_connection_factory(theirs)
    factory._pools = {}
    if hasattr(factory, "pool_cls"):
        factory.pool_cls = bounded_pool_class(factory.pool_cls, own["timeout_s"])
    return factory


def _bound_pymemcache(options: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
    return {
        **options,
        "timeout": timeout_s,
        "connect_timeout": timeout_s,
        "ignore_exc": False,
        "retry_attempts": 0,
    }


def _bound_pylibmc(options: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
    # Some in milliseconds, some in microseconds: https://sendapatch.se/projects/pylibmc/behaviors.html
    behaviors = {
        **(options.get("behaviors") or {}),
        "connect_timeout": int(timeout_s * 1_000),
        "_poll_timeout": int(timeout_s * 1_000),
        "send_timeout": int(timeout_s * 1_000_000),
        "receive_timeout": int(timeout_s * 1_000_000),
    }
    return {**options, "behaviors": behaviors}


_BOUNDS: dict[Kind, Callable[[Mapping[str, Any], float], dict[str, Any]]] = {
    Kind.REDIS: _bound_redis,
    Kind.DJANGO_REDIS: _bound_django_redis,
    Kind.PYMEMCACHE: _bound_pymemcache,
    Kind.PYLIBMC: _bound_pylibmc,
}
