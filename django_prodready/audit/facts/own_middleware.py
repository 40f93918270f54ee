"""Middleware of the project's own that does what Django would do by a setting, as its source shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django_prodready.audit.facts.code_text import source_of

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["host_validator", "sets_cookie_alone"]

_TENANTS = "django_tenants.middleware.main.TenantMainMiddleware"
_REFUSES_HOST = re.compile(r"\braise\s+(?:\w+\.)*DisallowedHost\b")
_MORSEL = re.compile(
    r"""\[["']secure["']\]\s*=\s*(?!=|False\b)"""
)  # response.cookies["sessionid"]["secure"] = …
_SECURE = re.compile(r"\bsecure\s*=\s*(?!=|False\b)")


def host_validator(facts: Facts) -> str | None:
    """Return the middleware that refuses hosts which the project does not know; None when there is none.

    Sites with domains in their database accept every host in the settings and look it up:
    https://django-tenants.readthedocs.io/en/latest/use.html.
    """
    for entry in facts.middleware.entries:
        if any(_REFUSES_HOST.search(text) for text in _own_sources(entry.target)):
            return entry.path
    tenants = facts.middleware.find(_TENANTS)
    if tenants is None or getattr(facts.settings, "SHOW_PUBLIC_IF_NO_TENANT_FOUND", False):
        return None
    return tenants.path


def sets_cookie_alone(facts: Facts, dotted: str, method: str, setting: str) -> str | None:
    """Return the subclass of the middleware ``dotted`` whose ``method`` decides the Secure attribute.

    That is one which sets it without reading ``setting`` and without leaving it to Django's method,
    such as by the scheme of the request, or which sets it on the cookie that Django's method made;
    None when Django's own method sets the cookie.
    """
    entry = facts.middleware.find(dotted)
    if entry is None or not isinstance(entry.target, type):
        return None
    if any(_MORSEL.search(source_of(ancestor)) for ancestor in _own_classes(entry.target)):
        return entry.path
    override = next(
        (vars(ancestor)[method] for ancestor in _own_classes(entry.target) if method in vars(ancestor)), None
    )
    source = source_of(override)
    if not _SECURE.search(source) or setting in source or "super()" in source:
        return None
    return entry.path


def _own_sources(target: Any) -> list[str]:
    if isinstance(target, type):
        return [source_of(ancestor) for ancestor in _own_classes(target)]
    return [source_of(target)] if _is_own(target) else []


def _own_classes(target: type) -> list[type]:
    return [ancestor for ancestor in target.__mro__ if _is_own(ancestor)]


def _is_own(target: Any) -> bool:
    return str(getattr(target, "__module__", "")).partition(".")[0] not in {"django", "builtins", ""}
