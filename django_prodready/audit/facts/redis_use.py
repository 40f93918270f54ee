"""What the project keeps in which Redis database: its caches, and its task queues.

Celery: https://docs.celeryq.dev/en/stable/userguide/configuration.html#broker-url,
RQ: https://github.com/rq/django-rq#configuration
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import import_string

from django_prodready.audit.facts.effective import all_values
from django_prodready.audit.facts.redis_address import RedisAddress, parse_redis_urls

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["QueueUse", "flushing_caches", "queue_uses"]

_CACHES = ("django.core.cache.backends.redis.RedisCache", "django_redis.cache.RedisCache")
# The first of each is also the environment variable that Celery prefers to its configuration.
_BROKERS = (
    ("CELERY_BROKER_URL", "BROKER_URL"),
    ("CELERY_BROKER_READ_URL", "BROKER_READ_URL"),
    ("CELERY_BROKER_WRITE_URL", "BROKER_WRITE_URL"),
)
_RESULTS = ("CELERY_RESULT_BACKEND",)

Caches = Mapping[str, tuple[RedisAddress, ...]]


@dataclass(frozen=True, slots=True)
class QueueUse:
    """What one setting keeps in a Redis database."""

    setting: str
    address: RedisAddress
    is_queue: bool  # else results of tasks


def flushing_caches(facts: Facts) -> Caches:
    """Return, by alias, where the caches are whose ``clear()`` empties the whole Redis database."""
    bases = [base for base in map(_class_at, _CACHES) if base is not None]
    return {
        alias: tuple(_cache_addresses(cache))
        for alias, cache in facts.effective.caches.items()
        if _clears_like(facts.effective.cache_class(alias), bases)
    }


def queue_uses(facts: Facts, caches: Caches) -> Iterator[QueueUse]:
    """Yield each Redis database that Celery or RQ is configured to use.

    ``caches`` are those of the project; RQ may name one of them instead of an address.
    """
    values = all_values(facts.settings)
    if not values.get("CELERY_TASK_ALWAYS_EAGER"):
        for names in _BROKERS:
            yield from _celery(facts, values, names, is_queue=True)
    yield from _celery(facts, values, _RESULTS, is_queue=False)
    queues = values.get("RQ_QUEUES")
    for name, queue in queues.items() if isinstance(queues, Mapping) else ():
        for address in _rq_addresses(queue, caches) if isinstance(queue, Mapping) else ():
            yield QueueUse(f"RQ_QUEUES[{name!r}]", address, is_queue=True)


def _class_at(dotted: str) -> type[Any] | None:
    try:
        found: type[Any] = import_string(dotted)
    except ImportError:
        return None
    return found


def _clears_like(backend: type[Any] | None, bases: list[type[Any]]) -> bool:
    return backend is not None and any(
        issubclass(backend, base) and backend.clear is base.clear for base in bases
    )


def _cache_addresses(cache: Mapping[str, Any]) -> Iterator[RedisAddress]:
    options = cache.get("OPTIONS") or {}
    pool = options.get("CONNECTION_POOL_KWARGS") or {}  # django-redis
    return parse_redis_urls(cache.get("LOCATION"), db=options.get("db", pool.get("db")))


def _celery(
    facts: Facts, values: Mapping[str, Any], names: tuple[str, ...], *, is_queue: bool
) -> Iterator[QueueUse]:
    setting = next((name for name in names if values.get(name)), None)
    preferred = facts.environ.get(names[0])
    for address in parse_redis_urls(preferred or (setting and values[setting])):
        yield QueueUse(setting or f"the environment's {names[0]}", address, is_queue)


def _rq_addresses(queue: Mapping[str, Any], caches: Caches) -> Iterator[RedisAddress]:
    """Yield where one queue of RQ is, with the precedence of django-rq."""
    db = queue.get("DB") or 0
    if "URL" in queue:
        yield from parse_redis_urls(queue["URL"], db=db)
    elif "USE_REDIS_CACHE" in queue:
        yield from caches.get(queue["USE_REDIS_CACHE"], ())
    elif "UNIX_SOCKET_PATH" in queue:
        yield from parse_redis_urls(f"unix://{queue['UNIX_SOCKET_PATH']}", db=db)
    elif "HOST" in queue:
        yield from parse_redis_urls(f"redis://{queue['HOST']}:{queue.get('PORT') or ''}", db=db)
