"""Sessions are kept in a cache that no other process sees and no restart survives.

What it checks
--------------
The class behind `SESSION_ENGINE` and that of the cache in `SESSION_CACHE_ALIAS`: sessions that are only
in a cache (`backends.cache`), with `LocMemCache` or `DummyCache`, or a class that builds on one. Sessions
in the database with a copy in local memory (`backends.cached_db`) are a warning; so is local memory where
`PRODREADY = {"FACTS": {"processes": 1}}` says that one process serves the site.

Why it matters
--------------
In local memory a session is known to the process that made it: the next request goes to another worker,
and the visitor is logged out again. A restart or a deploy loses all of them. A dummy cache keeps none.
With a copy in local memory, whoever logs out in one process stays logged in in the others.

When it is wrong
----------------
Nobody logs in on the site, and nothing else is kept in its sessions.

How to fix
----------
Point `SESSION_CACHE_ALIAS` to a cache that all processes share, such as
`django.core.cache.backends.redis.RedisCache`, or remove `SESSION_ENGINE`: the default is the database.

Source
------
[Configuring the session
engine](https://docs.djangoproject.com/en/stable/topics/http/sessions/#configuring-the-session-engine)"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.contrib.sessions.backends.cache import SessionStore as CacheStore
from django.contrib.sessions.backends.cached_db import SessionStore as CachedStore
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache

from django_prodready.audit import Case, Finding, NotApplicable, NotRun, Severity, check
from django_prodready.audit.facts.session_store import session_store
from django_prodready.audit.facts.sessions import require_sessions

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_ENGINES = "django.contrib.sessions.backends"
_DUMMY = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
_SHARED = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}

BAD = (
    Case(settings={"SESSION_ENGINE": f"{_ENGINES}.cache"}),
    Case(settings={"SESSION_ENGINE": f"{_ENGINES}.cache", "CACHES": {"default": _DUMMY}}),
    Case(settings={"SESSION_ENGINE": f"{_ENGINES}.cached_db"}),
)
GOOD = (
    Case(),
    Case(settings={"SESSION_ENGINE": f"{_ENGINES}.cache", "CACHES": {"default": _SHARED}}),
    Case(settings={"SESSION_ENGINE": f"{_ENGINES}.cached_db", "CACHES": {"default": _DUMMY}}),
    Case(settings={"SESSION_ENGINE": f"{_ENGINES}.signed_cookies"}),
)

_LOST = "a visitor is logged out as soon as another worker answers, and everybody is by a restart"
_KEPT = "whoever logs out in one process stays logged in in the others"


@check(severity=Severity.ERROR)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when the cache of the sessions is one process's memory, or none."""
    require_sessions(facts)
    store = session_store(facts)
    if not issubclass(store, CacheStore | CachedStore):
        raise NotApplicable("SESSION_ENGINE keeps no sessions in a cache")
    alias = facts.settings.SESSION_CACHE_ALIAS
    backend = facts.effective.cache_class(alias)
    if backend is None:
        raise NotRun(f"the backend of CACHES[{alias!r}] is not set or cannot be imported")
    problem = _problem(facts, backend, only_cache=issubclass(store, CacheStore))
    if problem is not None:
        yield Finding(
            message=f"Sessions are in the cache {alias!r}, which is {problem[0]}.",
            hint=f"Set CACHES[{alias!r}] to a cache that all processes share, or remove SESSION_ENGINE.",
            subject=f"CACHES[{alias!r}]",
            at=facts.origin("CACHES", alias, "BACKEND") or facts.origin("SESSION_ENGINE"),
            severity=problem[1],
        )


def _problem(facts: Facts, backend: type, *, only_cache: bool) -> tuple[str, Severity] | None:
    if issubclass(backend, DummyCache):
        return ("a dummy: nobody stays logged in", Severity.ERROR) if only_cache else None
    if not issubclass(backend, LocMemCache):
        return None
    is_alone = facts.declared.get("processes") == 1 and facts.declared.get("replicas", 1) == 1
    if only_cache and is_alone:
        return (
            "the memory of the one process that is declared: a restart logs everybody out",
            Severity.WARNING,
        )
    if only_cache:
        return f"local memory: {_LOST}", Severity.ERROR
    return None if is_alone else (f"local memory beside the database: {_KEPT}", Severity.WARNING)
