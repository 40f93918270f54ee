"""A health path checks a cache that is this process's own memory.

What it checks
--------------
Where a health view of the project reads or writes a cache, or `PRODREADY["PROBES"]` has a probe of a cache,
that cache must not be `LocMemCache` or `DummyCache`.

Why it matters
--------------
Local memory always answers. A check that is meant to say whether Redis can be reached says yes while
Redis is down, or is not even configured, as when `REDIS_URL` is missing in production.

When it is wrong
----------------
When local memory is what production uses, on purpose. Then the check proves nothing and may go.
`django_prodready`'s own cache probe finds networked caches by itself and leaves the others out.

How to fix
----------
Set `CACHES` to the shared cache, or take its check out of the health path.

Source
------
[Local-memory caching](https://docs.djangoproject.com/en/stable/topics/cache/#local-memory-caching)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.own_health import HEALTH_MIDDLEWARE
from django_prodready.conf import get_config

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_PROBE = "django_prodready.health.probes.cache.CacheProbe"
_USES = re.compile(
    r"""(?<![\w.])caches\[\s*["'](?P<alias>[^"']+)["']\s*\]|(?<![\w.])cache\.(?:set|get|add|incr|touch|delete)\("""
)
_LOCMEM = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
_SHARED = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
_URLS = """
from django.core.cache import cache
from django.http import JsonResponse
from django.urls import path

def check_cache():
    cache.set("health_check", "ok", timeout=10)
    return cache.get("health_check") == "ok"

def readiness(request):
    return JsonResponse({"cache": check_cache()})

urlpatterns = [path("ready/", readiness)]
"""
_FILES = {"probed_urls.py": _URLS}


def _case(cache: Mapping[str, Any], **settings: object) -> Case:
    return Case(settings={"CACHES": {"default": cache}, **settings}, files=_FILES)


BAD = (
    _case(_LOCMEM, ROOT_URLCONF="probed_urls"),
    _case(_LOCMEM, MIDDLEWARE=[HEALTH_MIDDLEWARE], PRODREADY={"PROBES": {"cache": {"DEADLINE": 0.5}}}),
)
GOOD = (
    Case(),
    _case(_SHARED, ROOT_URLCONF="probed_urls"),
    _case(_LOCMEM),
    _case(_LOCMEM, MIDDLEWARE=[HEALTH_MIDDLEWARE], PRODREADY={"PROBES": {"cache": None}}),
)


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES, Need.REQUESTS))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each health view and each probe that asks a cache in local memory."""
    local = {alias: name for alias in facts.effective.caches if (name := _local(facts, alias))}
    if not local:
        raise NotApplicable("no cache is in local memory")
    for path in facts.health_views.paths:
        source = facts.health_views.source(path)
        used = [match["alias"] or "default" for match in _USES.finditer(source)]
        alias = next((each for each in used if each in local), None)
        if alias is not None and not _knows(source):
            yield Finding(
                message=f"{path} checks the cache {alias!r}, which is {local[alias]}: that answers whatever"
                " became of Redis.",
                hint=f"Set CACHES[{alias!r}] to the shared cache, or take its check out of {path}.",
                subject=path,
                at=facts.health_views.location(path),
            )
    yield from _probes(facts, local)


def _probes(facts: Facts, local: Mapping[str, str]) -> Iterator[Finding]:
    probes = get_config().probes if facts.own_health else {}
    for name, entry in probes.items():
        if entry is None or entry.get("PROBE", _PROBE if name == "cache" else "") != _PROBE:
            continue
        alias = entry.get("OPTIONS", {}).get("alias", "default")
        if isinstance(alias, str) and alias in local:
            yield Finding(
                message=f"The probe {name!r} is skipped: the cache {alias!r} is {local[alias]}, so nothing is"
                " proved.",
                hint=f"Set CACHES[{alias!r}] to the shared cache, or remove PRODREADY['PROBES'][{name!r}].",
                subject=f"PRODREADY['PROBES'][{name!r}]",
                at=facts.origin("PRODREADY", "PROBES", name),
            )


def _knows(source: str) -> bool:
    """Whether the view looks at what kind of cache it has."""
    return re.search(r"locmem|LocMem|dummy|\bBACKEND\b", source) is not None


def _local(facts: Facts, alias: str) -> str | None:
    backend = facts.effective.cache_class(alias)
    if backend is None:
        return None
    if issubclass(backend, LocMemCache):
        return "local memory"
    return "a dummy" if issubclass(backend, DummyCache) else None
