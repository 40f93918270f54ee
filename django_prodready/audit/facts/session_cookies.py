"""The cookies that Django makes by settings of one pattern: session, CSRF and language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django_prodready.audit.facts.effective import value_of
from django_prodready.audit.facts.own_middleware import sets_cookie_alone
from django_prodready.audit.facts.security import has_middleware
from django_prodready.audit.facts.sessions import SESSION_MIDDLEWARE, require_sessions
from django_prodready.audit.model import NotApplicable, NotRun

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["SettingsCookie", "cookies_in_use"]

_CSRF_MIDDLEWARE = "django.middleware.csrf.CsrfViewMiddleware"
_LOCALE_MIDDLEWARE = "django.middleware.locale.LocaleMiddleware"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsCookie:
    """One cookie that Django sets."""

    prefix: str  # of its settings, such as "SESSION_COOKIE_"
    title: str  # "session cookie"
    values: Mapping[str, Any]  # by the rest of the setting's name: NAME, PATH, SECURE, …
    loss: str  # what does not work when browsers refuse it

    def setting(self, rest: str) -> str:
        """The whole name of one of its settings."""
        return self.prefix + rest


def cookies_in_use(facts: Facts) -> tuple[SettingsCookie, ...]:
    """Return the cookies that the project's middleware sets or reads.

    Raises :class:`NotApplicable` when there is none, and :class:`NotRun` when none is seen but a middleware
    that cannot be imported may set one. Where a middleware of the project's decides by itself whether the
    cookie is Secure, it counts as that.
    """
    cookies = []
    unknown: NotRun | None = None
    for find in (_session, _csrf, _language):
        try:
            cookie = find(facts)
        except NotRun as reason:
            unknown = reason
        else:
            cookies += [cookie] if cookie else []
    if not cookies:
        raise unknown or NotApplicable("no middleware in MIDDLEWARE sets a cookie")
    return tuple(cookies)


def _session(facts: Facts) -> SettingsCookie | None:
    try:
        require_sessions(facts)
    except NotApplicable:
        return None
    own = sets_cookie_alone(facts, SESSION_MIDDLEWARE, "process_response", "SESSION_COOKIE_SECURE")
    return _cookie(facts, "SESSION", "nobody stays logged in", is_secure=own is not None)


def _csrf(facts: Facts) -> SettingsCookie | None:
    if value_of(facts.settings, "CSRF_USE_SESSIONS") or not has_middleware(facts, _CSRF_MIDDLEWARE):
        return None
    own = sets_cookie_alone(facts, _CSRF_MIDDLEWARE, "_set_csrf_cookie", "CSRF_COOKIE_SECURE")
    return _cookie(facts, "CSRF", "every form is refused", is_secure=own is not None)


def _language(facts: Facts) -> SettingsCookie | None:
    if facts.middleware.find(_LOCALE_MIDDLEWARE) is None:
        return None
    return _cookie(facts, "LANGUAGE", "the chosen language is forgotten", is_secure=False)


def _cookie(facts: Facts, word: str, loss: str, *, is_secure: bool) -> SettingsCookie:
    prefix = f"{word}_COOKIE_"
    rest = ("NAME", "PATH", "DOMAIN", "SECURE", "HTTPONLY", "SAMESITE")
    values = {name: value_of(facts.settings, prefix + name) for name in rest}
    title = "CSRF cookie" if word == "CSRF" else f"{word.lower()} cookie"
    return SettingsCookie(
        prefix=prefix,
        title=title,
        values={**values, "SECURE": True} if is_secure else values,
        loss=loss,
    )
