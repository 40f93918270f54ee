"""A Redis cache and the task queue are one Redis database.

What it checks
--------------
The Redis caches of `CACHES`, by class, against Celery's broker and result backend
(`CELERY_BROKER_URL`, `CELERY_RESULT_BACKEND`, with or without the prefix, or the environment
variables of these names, which Celery prefers) and against `RQ_QUEUES`: server, port and database
number. A queue that is shared is an error, results alone are a warning.

Why it matters
--------------
`cache.clear()` is Redis' `FLUSHDB`, in Django's backend as in django-redis: it empties the whole
database, waiting tasks included, whatever `KEY_PREFIX` says. So does the "clear the cache" that
somebody runs at night. An eviction policy that suits a cache throws tasks away, too.

When it is wrong
----------------
When nobody will ever clear the cache and the server evicts nothing. A cache class that defines
`clear()` anew is left alone. Two names of one server are not recognised as one.

How to fix
----------
Give one of them a database number of its own: `redis://redis:6379/1` for the cache. Better, a server
of its own: a cache wants `maxmemory-policy allkeys-lru`, a queue `noeviction`.

Source
------
[FLUSHDB](https://redis.io/docs/latest/commands/flushdb/),
[Clearing the cache](https://docs.djangoproject.com/en/stable/topics/cache/#basic-usage),
[Celery's Redis broker](https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.redis_use import QueueUse, flushing_caches, queue_uses

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts


def _redis(location: object) -> dict[str, object]:
    return {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": location}}


BAD = (
    Case(settings={"CACHES": _redis("redis://redis:6379/0"), "CELERY_BROKER_URL": "redis://u:p8Jk2@redis"}),
    Case(
        settings={
            "CACHES": _redis(["redis://127.0.0.1:6379/2"]),
            "RQ_QUEUES": {"mail": {"HOST": "localhost", "PORT": 6379, "DB": 2}},
        }
    ),
    Case(settings={"CACHES": _redis("redis://redis/1"), "CELERY_RESULT_BACKEND": "redis://redis/1"}),
)
GOOD = (
    Case(settings={"CACHES": _redis("redis://redis:6379/1"), "CELERY_BROKER_URL": "redis://redis:6379/0"}),
    Case(settings={"CACHES": _redis("redis://cache/0"), "CELERY_BROKER_URL": "redis://queue/0"}),
    Case(settings={"CACHES": _redis("redis://redis/0"), "CELERY_BROKER_URL": "amqp://mq//"}),
    Case(settings={"CACHES": _redis("redis://redis/0"), "CELERY_RESULT_BACKEND": "django-db"}),
    Case(settings={"CELERY_BROKER_URL": "redis://redis/0"}),
)


@check(severity=Severity.ERROR)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each cache that lives in the queue's database."""
    caches = flushing_caches(facts)
    if not any(caches.values()):
        raise NotApplicable("no cache is in Redis")
    uses = list(queue_uses(facts, caches))
    if not uses:
        raise NotApplicable("no task queue is in Redis")
    for alias, addresses in caches.items():
        shared = [use for use in uses if use.address in addresses]
        if shared:
            yield _finding(facts, alias, shared)


def _finding(facts: Facts, alias: str, shared: list[QueueUse]) -> Finding:
    queues = [use for use in shared if use.is_queue]
    severity, lost = (Severity.ERROR, "waiting tasks") if queues else (Severity.WARNING, "results of tasks")
    settings = " and ".join(dict.fromkeys(use.setting for use in queues or shared))
    return Finding(
        message=f"The cache {alias!r} is in the Redis database of {settings}, {shared[0].address}:"
        f" cache.clear() is FLUSHDB and drops the {lost}, whatever the key prefix.",
        hint=f"Give CACHES[{alias!r}] a database number that nothing else uses, or a server of its own.",
        subject=f"CACHES[{alias!r}]",
        severity=severity,
        at=facts.origin("CACHES", alias, "LOCATION"),
    )
