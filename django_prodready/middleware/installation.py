"""Where CloudflareRealIPMiddleware is installed in this project, and who acts on a request before it does.

Only what is known to act counts, by reading its source: a middleware that measures, answers static files or
looks at a request on its way back is in nobody's way.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from django_prodready.middleware.real_ip import CloudflareRealIPMiddleware

__all__ = ["Installation", "find_installation"]

WRAPPER = "with_client_address"


@dataclass(frozen=True, slots=True)
class Installation:
    """How a project has CloudflareRealIPMiddleware."""

    path: str | None  # its entry in MIDDLEWARE; None when it has none
    is_wrapped: bool  # whether the ASGI application is wrapped, so that all of MIDDLEWARE comes behind
    is_certain: bool  # False: an entry of MIDDLEWARE cannot be imported, and might be ours
    django_before: tuple[str, ...] = ()  # Django's own entries before it that act on address, scheme or host
    others_before: tuple[str, ...] = ()  # the same of other packages

    @property
    def is_active(self) -> bool:
        """Whether it sees requests at all."""
        return self.path is not None or self.is_wrapped


def find_installation() -> Installation:
    """Look through ``MIDDLEWARE``, and the source of the ASGI application. Raises nothing."""
    is_wrapped = _is_wrapped()
    entries = [(path, _load(path)) for path in settings.MIDDLEWARE or ()]
    is_certain = all(target is not None for _, target in entries)
    for position, (path, target) in enumerate(entries):
        if _is_ours(target):
            before = () if is_wrapped else entries[:position]
            return Installation(
                path,
                is_wrapped,
                is_certain,
                django_before=_acting(before, _DJANGO),
                others_before=_acting(before, _OTHERS),
            )
    return Installation(None, is_wrapped, is_certain)


def _load(path: str) -> Any:
    try:
        return import_string(path)
    except (Exception, SystemExit):  # noqa: BLE001 - any code may run while a user's module is imported
        return None


def _is_ours(target: Any) -> bool:
    """Whether it is our class, one made of it, or a function or class that puts ours into its own place."""
    if isinstance(target, type) and issubclass(target, CloudflareRealIPMiddleware):
        return True
    maker = inspect.getattr_static(target, "__init__") if isinstance(target, type) else target
    code = getattr(inspect.unwrap(maker), "__code__", None)
    return code is not None and CloudflareRealIPMiddleware.__name__ in code.co_names


def _always() -> bool:
    return True


def _forwarded_host_counts() -> bool:
    return settings.USE_X_FORWARDED_HOST


def _site_is_found_by_host() -> bool:
    return settings.USE_X_FORWARDED_HOST and not getattr(settings, "SITE_ID", None)


def _logs_addresses() -> bool:
    return getattr(settings, "DJANGO_STRUCTLOG_IP_LOGGING_ENABLED", True)


def _keeps_addresses() -> bool:
    return not getattr(settings, "AUDITLOG_DISABLE_REMOTE_ADDR", False)


# Who acts on address, scheme or host of a request before handing it on, and under which settings. Django's
# sessions, users and CSRF token do not: their middleware reads cookies, or waits for the view.
_DJANGO: Mapping[str, Callable[[], bool]] = {
    "django.contrib.sites.middleware.CurrentSiteMiddleware": _site_is_found_by_host,
    "django.middleware.cache.FetchFromCacheMiddleware": _always,
    "django.middleware.common.CommonMiddleware": _always,
    "django.middleware.security.SecurityMiddleware": _always,
}
# Not here, though they lock out and limit: those of django-axes, django-defender and django-ratelimit, which
# look at the answer or at an exception only.
_OTHERS: Mapping[str, Callable[[], bool]] = {
    "auditlog.middleware.AuditlogMiddleware": _keeps_addresses,
    "django_hosts.middleware.HostsRequestMiddleware": _forwarded_host_counts,
    "django_structlog.middlewares.request.RequestMiddleware": _logs_addresses,
    "django_tenants.middleware.main.TenantMainMiddleware": _forwarded_host_counts,
    "iprestrict.middleware.IPRestrictMiddleware": _always,
    "qsessions.middleware.SessionMiddleware": _always,
    "user_sessions.middleware.SessionMiddleware": _always,
    "x_forwarded_for.middleware.XForwardedForMiddleware": _always,
    "xff.middleware.XForwardedForMiddleware": _always,
}


def _acting(
    entries: list[tuple[str, Any]] | tuple[()], known: Mapping[str, Callable[[], bool]]
) -> tuple[str, ...]:
    return tuple(
        path for path, target in entries if any(name in known and known[name]() for name in _lineage(target))
    )


def _lineage(target: Any) -> Iterator[str]:
    # By name: importing some of Django's own fails where their apps are not installed.
    for each in getattr(target, "__mro__", ()):
        yield f"{each.__module__}.{each.__qualname__}"


def _is_wrapped() -> bool:
    return any(_names_wrapper(module) for module in dict.fromkeys(_asgi_modules()))


def _asgi_modules() -> Iterator[str]:
    """Yield where the ASGI application may be: as the settings name it, or beside what they name."""
    application = getattr(settings, "ASGI_APPLICATION", None)
    if isinstance(application, str):
        yield application.rpartition(".")[0]
    for setting in ("SETTINGS_MODULE", "ROOT_URLCONF", "WSGI_APPLICATION"):
        named = getattr(settings, setting, None)
        package = named if isinstance(named, str) else ""
        while package:
            package = package.rpartition(".")[0]
            yield f"{package}.asgi" if package else "asgi"


def _names_wrapper(module: str) -> bool:
    """Whether the source of ``module`` uses our wrapper. Importing it would set Django up anew."""
    try:
        spec = importlib.util.find_spec(module)
        source = spec.loader.get_source(module)  # type: ignore[union-attr]
        nodes = list(ast.walk(ast.parse(source)))
    except (Exception, SystemExit):  # noqa: BLE001 - no such module, no source, or a package that cannot be imported
        return False
    return any(WRAPPER in (getattr(node, "id", None), getattr(node, "attr", None)) for node in nodes)
