"""Whether this project gives its visitors a session cookie."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from django_prodready.audit.facts.code_text import source_of
from django_prodready.audit.facts.security import has_middleware
from django_prodready.audit.model import NotApplicable

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["SESSION_MIDDLEWARE", "require_sessions"]

SESSION_MIDDLEWARE = "django.contrib.sessions.middleware.SessionMiddleware"


def require_sessions(facts: Facts) -> None:
    """Raise :class:`NotApplicable` when no middleware sets a session cookie, ``NotRun`` when one may.

    Django's own middleware, its subclasses, and those written anew, which show by reading the setting
    that the cookie is made from.
    """
    if any(_reads_cookie_setting(entry.target) for entry in facts.middleware.entries):
        return
    if not has_middleware(facts, SESSION_MIDDLEWARE):
        raise NotApplicable("no middleware sets a session cookie")


def _reads_cookie_setting(target: Any) -> bool:
    module = sys.modules.get(getattr(target, "__module__", None) or "")
    return "SESSION_COOKIE_SECURE" in source_of(module)
