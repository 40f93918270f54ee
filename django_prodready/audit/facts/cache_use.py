"""Who uses a cache, as far as settings, apps, code and templates show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from django_prodready.audit.facts.effective import all_values

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["cache_user", "keeps_sessions"]

_SESSIONS = ("django.contrib.sessions.backends.cache", "django.contrib.sessions.backends.cached_db")
_MIDDLEWARE = (
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
)
# Packages whose work goes wrong when processes do not share the cache.
_APPS = ("django_ratelimit", "django_select2", "brake")
_AXES_HANDLER = "axes.handlers.cache.AxesCacheHandler"
# never_cache and its neighbours only set headers; cached_property and functools.cache are something else.
_CODE = re.compile(
    r"^[ \t]*(?:from[ \t]+django\.core\.cache[ \t]+import|import[ \t]+django\.core\.cache\b"
    r"|from[ \t]+django\.core[ \t]+import[ \t].*\bcache\b)"
    r"|^[ \t]*(?:from|import)[ \t]+django_ratelimit\b"
    r"|^[ \t]*from[ \t].*\bcache_page\b|^[^#\n]*\bcache_page[ \t]*\(",
    re.MULTILINE,
)
_WORDS = ("django.core", "cache_page", "django_ratelimit")
_TEMPLATE = re.compile(r"\{%-?\s*cache\s")
_TEMPLATES = ("**/templates/**", "**/jinja2/**")
_NOT_SERVED = re.compile(
    r"(?:^|/)(?:(?:tests?|testing|migrations|docs)/|(?:test_[^/]*|[^/]*_test|conftest|tests)\.py$)"
)


def cache_user(facts: Facts) -> str | None:
    """Say what uses the cache named default, as "sessions are kept in it"; None when nothing is seen to."""
    return next(_users(facts), None)


def keeps_sessions(facts: Facts, alias: str) -> bool:
    """Whether the sessions of visitors are kept in the cache named ``alias``."""
    values = all_values(facts.settings)
    return values["SESSION_ENGINE"] in _SESSIONS and values["SESSION_CACHE_ALIAS"] == alias


def _users(facts: Facts) -> Iterator[str]:
    values = all_values(facts.settings)
    if keeps_sessions(facts, "default"):
        yield "sessions are kept in it"
    caches_pages = any(facts.middleware.find(dotted) for dotted in _MIDDLEWARE)
    if caches_pages and values["CACHE_MIDDLEWARE_ALIAS"] == "default":
        yield "the cache middleware keeps pages in it"
    if values.get("AXES_HANDLER") == _AXES_HANDLER:
        yield "failed logins are counted in it"
    rest = values.get("REST_FRAMEWORK")
    if isinstance(rest, Mapping) and rest.get("DEFAULT_THROTTLE_CLASSES"):
        yield "the API's throttling counts in it"
    yield from (f"{app} uses it" for app in _APPS if facts.has_app(app))
    yield from (f"{path} uses it" for path in _code(facts))
    yield from (f"{path} keeps parts of pages in it" for path in _templates(facts))


def _code(facts: Facts) -> Iterator[str]:
    settings_files = set(facts.chain.files)
    for path in facts.files.python:
        if path not in settings_files and not _NOT_SERVED.search(path):
            text = facts.files.read(path) or ""
            # Plain words first: five times as fast, and a repository may have thousands of files.
            if any(word in text for word in _WORDS) and _CODE.search(text):
                yield path


def _templates(facts: Facts) -> Iterator[str]:
    for path in facts.files.matching(*_TEMPLATES):
        if _TEMPLATE.search(facts.files.read(path) or ""):
            yield path
