"""Django's system checks of ``settings.PRODREADY`` and of the health paths. Importing registers them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's name
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.module_loading import import_string

from django_prodready.conf import problems
from django_prodready.health.paths import both_spellings, configured_paths, setting_of
from django_prodready.health.statement import Endpoint

# Resolved when it is needed: the middleware's room stands above this one.
HEALTH_MIDDLEWARE = "django_prodready.middleware.HealthMiddleware"
OUR_VIEWS = "django_prodready.health.views"


@register
def check_setting(**_: Any) -> list[CheckMessage]:
    """Report every unknown key and wrong type in ``settings.PRODREADY``."""
    return [
        Error(problem.message, hint=problem.hint, id=f"django_prodready.{code}")
        for problem in problems(getattr(settings, "PRODREADY", {}))
        for code in ["E001" if problem.is_unknown_key else "E002"]
    ]


@register
def check_paths_differ(**_: Any) -> list[CheckMessage]:
    """Report two endpoints that are configured to one path, where only one of them can answer."""
    endpoints: dict[str, list[Endpoint]] = {}
    for endpoint, path in configured_paths().items():
        endpoints.setdefault(path, []).append(endpoint)
    return [
        Error(
            f"{' and '.join(map(_key, sharing))} are the same path, {path!r}.",
            hint="Give each its own path, or None to turn one off.",
            id="django_prodready.E008",
        )
        for path, sharing in endpoints.items()
        if len(sharing) > 1
    ]


@register(Tags.urls)
def check_paths_are_free(**_: Any) -> list[CheckMessage]:
    """Report URL patterns that the middleware keeps from ever being reached; one for each endpoint."""
    if not _has_health_middleware():
        return []
    return [
        Warning(
            f"HealthMiddleware answers {path}, so the URL pattern {match.route!r} "
            f"({match.view_name}) is never reached there.",
            hint=f"Remove the URL pattern, or set {_key(endpoint)} to another path.",
            id="django_prodready.W001",
        )
        for endpoint, configured in configured_paths().items()
        for path, match in list(_hidden_matches(configured))[:1]
    ]


def _key(endpoint: Endpoint) -> str:
    return f"PRODREADY['{setting_of(endpoint)}']"


def _has_health_middleware() -> bool:
    wanted = import_string(HEALTH_MIDDLEWARE)
    return any(_is_subclass_at(dotted, wanted) for dotted in settings.MIDDLEWARE or ())


def _is_subclass_at(dotted: str, wanted: type) -> bool:
    try:
        found = import_string(dotted)
    except Exception:  # noqa: BLE001 - any code may run while a user's module is imported; Django reports it
        return False
    return isinstance(found, type) and issubclass(found, wanted)


def _hidden_matches(configured: str) -> Iterator[tuple[str, ResolverMatch]]:
    for path in both_spellings(configured):
        match = _hidden_match(path)
        if match is not None:
            yield path, match


def _hidden_match(path: str) -> ResolverMatch | None:
    """Return the pattern that serves ``path`` and was meant to: not one that serves any page's path.

    A view of ours there is no loss: it would have answered the same.
    """
    try:
        match = _match(path)
        other = _match(_sibling(path))
    except Exception:  # noqa: BLE001 - a URLconf that cannot be imported is for Django's own checks to report
        return None
    is_catch_all = match is not None and other is not None and match.route == other.route
    return None if is_catch_all or _is_ours(match) else match


def _is_ours(match: ResolverMatch | None) -> bool:
    return match is not None and match.func.__module__ == OUR_VIEWS


def _sibling(path: str) -> str:
    """Replace the last segment: "/status/health/" gives "/status/prodreadynosuchpage/"."""
    slash = "/" if path.endswith("/") else ""
    parent = path.rstrip("/").rpartition("/")[0]
    return f"{parent}/prodreadynosuchpage{slash}"


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None
