"""Settings as the running site sees them, not as they were written."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from django.conf import LazySettings, Settings, UserSettingsHolder
from django.db import connections
from django.utils.module_loading import import_string


def explicit_names(settings: LazySettings) -> frozenset[str]:
    """The names that the project's settings set, however: module, ``configure()`` or override.

    ``hasattr(settings, name)`` cannot tell, because Django's defaults answer it too.
    """
    names: set[str] = set()
    holder: Any = settings._wrapped
    while isinstance(holder, UserSettingsHolder):
        names |= {name for name in holder.__dict__ if name.isupper()}
        names -= holder._deleted
        holder = holder.default_settings
    if isinstance(holder, Settings):
        names |= {name for name in holder._explicit_settings if name.isupper()}
    return frozenset(names)


class Effective:
    """The values that Django computes from the raw dictionaries."""

    @functools.cached_property
    def databases(self) -> Mapping[str, Mapping[str, Any]]:
        """``connections[alias].settings_dict`` by alias, defaults filled in. Opens no connection."""
        return {alias: connections[alias].settings_dict for alias in connections}

    @functools.cached_property
    def caches(self) -> Mapping[str, Mapping[str, Any]]:
        """``CACHES`` by alias."""
        from django.conf import settings

        return dict(settings.CACHES)

    def cache_class(self, alias: str) -> type | None:
        """The backend class of a cache, or None when it cannot be imported."""
        return _class_at(self.caches.get(alias, {}).get("BACKEND"))

    def storage_class(self, alias: str) -> type | None:
        """The backend class of ``STORAGES[alias]``, or None when unset or not importable."""
        from django.conf import settings

        return _class_at(settings.STORAGES.get(alias, {}).get("BACKEND"))


def _class_at(dotted: object) -> type | None:
    if isinstance(dotted, type):
        return dotted
    if not isinstance(dotted, str):
        return None
    try:
        found = import_string(dotted)
    except Exception:  # any code may run while a user's module is imported
        return None
    return found if isinstance(found, type) else None
