"""Which built-in probes a project needs, seen from its settings alone. Nothing is connected to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

# Backends that no network can take away, by the module of any of their base classes. The cache in the
# database is one of them: the probe of the database speaks for it.
LOCAL_CACHES = frozenset(
    f"django.core.cache.backends.{name}" for name in ("locmem", "dummy", "filebased", "db")
)
LOCAL_STORAGES = frozenset(f"django.core.files.storage.{name}" for name in ("filesystem", "memory"))


def detected_names() -> Iterator[str]:
    """Yield the names of the built-in probes that need no entry in ``PRODREADY["PROBES"]``."""
    database = _default(settings.DATABASES)
    if database.get("ENGINE") not in (None, "", "django.db.backends.dummy"):
        yield "database"
        if _mapping(database.get("OPTIONS")).get("pool"):
            yield "database_pool"
    if _is_elsewhere(_default(settings.CACHES), LOCAL_CACHES):
        yield "cache"
    if _is_elsewhere(_default(settings.STORAGES), LOCAL_STORAGES):
        yield "storage"


def _default(section: object) -> Mapping[str, Any]:
    return _mapping(_mapping(section).get("default"))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_elsewhere(entry: Mapping[str, Any], local_modules: frozenset[str]) -> bool:
    """Whether the backend is a remote one. One that cannot be imported counts: its probe will say so."""
    backend = entry.get("BACKEND")
    if not backend:
        return False
    try:
        found = import_string(backend)
    except Exception:  # noqa: BLE001 - any code may run while a user's module is imported
        return True
    return not any(base.__module__ in local_modules for base in getattr(found, "__mro__", ()))
