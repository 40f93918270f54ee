"""Which middleware answer requests of their own or use the session, wherever they stand in ``MIDDLEWARE``.

Only what is known to: an unknown class may be a health check, which has every right to come first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.middleware import Entry

__all__ = ["WHITENOISE_MIDDLEWARE", "pages_before"]

WHITENOISE_MIDDLEWARE = "whitenoise.middleware.WhiteNoiseMiddleware"

_PAGES = (
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.auth.middleware.RemoteUserMiddleware",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.contrib.redirects.middleware.RedirectFallbackMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.locale.LocaleMiddleware",
)


def pages_before(facts: Facts, position: int) -> list[Entry]:
    """Return the entries above ``position`` that answer requests of their own or use the session."""
    return [entry for entry in facts.middleware.entries[:position] if _makes_pages(entry)]


def _makes_pages(entry: Entry) -> bool:
    # By name: importing flatpages or redirects fails where their apps are not installed.
    lineage = entry.target.__mro__ if isinstance(entry.target, type) else ()
    return entry.path in _PAGES or any(f"{each.__module__}.{each.__qualname__}" in _PAGES for each in lineage)
