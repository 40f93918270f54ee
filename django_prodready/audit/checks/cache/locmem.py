"""The cache is local memory, and every process of the site has its own.

What it checks
--------------
Whether `CACHES` uses `LocMemCache`, by class; it is also Django's default. When `CACHES` is not set,
the check applies only if something uses the cache: sessions, middleware, throttling or rate limits,
`{% cache %}`, `cache_page`, or code of the project that imports `django.core.cache`.

Why it matters
--------------
A server runs several processes, and each keeps a cache that no other sees, the shell's
`cache.clear()` included. Sessions in it come and go with the worker that answers, a limit of 5 logins
becomes 5 for each worker, and what was deleted in one lives on in the others. A restart empties it.

When it is wrong
----------------
When one process serves the site: declare it, `PRODREADY = {"FACTS": {"processes": 1}}`, and the
finding becomes an info. So it does where the project is no WSGI or ASGI application, by its settings
and its files, but a program of its own that Django runs in. Local memory under an alias other than
`default` is taken for a choice, and is an info, unless it keeps the sessions.

How to fix
----------
Use a cache that all processes share: `django.core.cache.backends.redis.RedisCache` with
`LOCATION: os.environ["REDIS_URL"]`, Memcached, or without another server
`django.core.cache.backends.db.DatabaseCache`.

Source
------
[Local-memory caching](https://docs.djangoproject.com/en/stable/topics/cache/#local-memory-caching)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.core.cache.backends.locmem import LocMemCache

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.cache_use import cache_user, keeps_sessions

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_LOCMEM = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
_SHARED = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}

BAD = (
    Case(settings={"CACHES": {"default": _LOCMEM}}),
    Case(settings={"SESSION_ENGINE": "django.contrib.sessions.backends.cache"}),
    Case(files={"shop/views.py": "from django.core.cache import cache\n"}),
    Case(settings={"CACHES": {"default": _SHARED, "local": {**_LOCMEM, "LOCATION": "local"}}}),
)
GOOD = (
    Case(),
    Case(settings={"CACHES": {"default": _SHARED}}),
    Case(settings={"CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}}),
    Case(files={"shop/views.py": "from django.views.decorators.cache import never_cache\n"}),
)


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each cache that the processes do not share."""
    local = [alias for alias in facts.effective.caches if _is_local(facts, alias)]
    user = cache_user(facts) if "default" in local else None
    if "CACHES" not in facts.explicit and user is None:
        raise NotApplicable("CACHES is not set, and nothing is seen to use the cache")
    for alias in local:
        if alias == "default":
            yield _default(facts, user)
        elif not _is_one_process(facts):
            yield _other(facts, alias)


def _is_local(facts: Facts, alias: str) -> bool:
    backend = facts.effective.cache_class(alias)
    return backend is not None and issubclass(backend, LocMemCache)


def _is_no_web_application(facts: Facts) -> bool:
    """Whether nothing in the project is for a server with several processes to load."""
    if facts.settings.WSGI_APPLICATION or getattr(facts.settings, "ASGI_APPLICATION", None):
        return False
    names = {path.rpartition("/")[2] for path in facts.source.python_files}
    # Without a settings module there is no telling what the files are of.
    return (
        facts.settings_module is not None and bool(names) and not names & {"wsgi.py", "asgi.py", "manage.py"}
    )


def _is_one_process(facts: Facts) -> bool:
    return facts.declared.get("processes") == 1 and facts.declared.get("replicas", 1) == 1


def _default(facts: Facts, user: str | None) -> Finding:
    use = f", and {user}" if user else ""
    if _is_one_process(facts):
        return Finding(
            message=f"The cache 'default' is the memory of the one process that is declared{use}:"
            " a restart empties it.",
            hint="Set CACHES['default'] to a shared cache such as Redis before you run a second process.",
            subject="CACHES['default']",
            severity=Severity.INFO,
            at=facts.origin("CACHES", "default", "BACKEND"),
        )
    return Finding(
        severity=Severity.INFO if _is_no_web_application(facts) else Severity.ERROR,
        message=f"The cache 'default' is local memory, which each process has for itself{use}.",
        hint="Set CACHES['default'] to a cache that all processes share, such as"
        " django.core.cache.backends.redis.RedisCache.",
        subject="CACHES['default']",
        at=facts.origin("CACHES", "default", "BACKEND"),
    )


def _other(facts: Facts, alias: str) -> Finding:
    has_sessions = keeps_sessions(facts, alias)
    consequence = "what one process deletes from it, the others keep"
    rest = ", or keep in it only what may be out of date and ignore this finding"
    if has_sessions:
        consequence, rest = "a session that is kept in it is known to one process only", ""
    return Finding(
        message=f"The cache {alias!r} is local memory: {consequence}.",
        hint=f"Set CACHES[{alias!r}] to a cache that all processes share{rest}.",
        subject=f"CACHES[{alias!r}]",
        severity=Severity.ERROR if has_sessions else Severity.INFO,
        at=facts.origin("CACHES", alias, "BACKEND"),
    )
