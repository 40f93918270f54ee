"""Settings as the running site sees them, not as they were written."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, cast

from django.conf import LazySettings, Settings, UserSettingsHolder
from django.conf import settings as django_settings
from django.db.utils import ConnectionHandler
from django.utils.module_loading import import_string


def explicit_names(settings: LazySettings) -> frozenset[str]:
    """The names that the project's settings set, however: module, ``configure()`` or override.

    ``hasattr(settings, name)`` cannot tell, because Django's defaults answer it too.
    """
    names: set[str] = set()
    holder = cast("Any", settings)._wrapped
    deleted: set[str] = set()
    while isinstance(holder, UserSettingsHolder):
        names |= {name for name in holder.__dict__ if name.isupper()} - deleted
        deleted |= holder.__dict__["_deleted"]
        holder = holder.default_settings
    if isinstance(holder, Settings):
        names |= {name for name in cast("Any", holder)._explicit_settings if name.isupper()} - deleted
    return frozenset(names)


def all_values(settings: LazySettings) -> dict[str, Any]:
    """Every setting by name, defaults included.

    Read from behind the lazy object, because that one warns, or raises, for deprecated names
    and for an empty SECRET_KEY.
    """
    holder = cast("Any", settings)._wrapped
    return {name: getattr(holder, name) for name in dir(holder) if name.isupper()}


def value_of(settings: LazySettings, name: str) -> Any:
    """One setting, read as :func:`all_values` reads it; None when there is none."""
    return getattr(cast("Any", settings)._wrapped, name, None)


class Effective:
    """The values that Django computes from the raw dictionaries."""

    @functools.cached_property
    def databases(self) -> Mapping[str, Mapping[str, Any]]:
        """What ``connections[alias].settings_dict`` holds, by alias.

        Django's own handler fills in the defaults, without importing a backend or connecting;
        ``ENGINE`` is ``django.db.backends.dummy`` where nothing is configured.
        """
        return dict(ConnectionHandler().settings)

    @functools.cached_property
    def caches(self) -> Mapping[str, Mapping[str, Any]]:
        """``CACHES`` by alias."""
        return dict(django_settings.CACHES)

    def cache_class(self, alias: str) -> type | None:
        """The backend class of a cache, or None when it cannot be imported."""
        return _class_at(self.caches.get(alias, {}).get("BACKEND"))

    def storage_class(self, alias: str) -> type | None:
        """The backend class of ``STORAGES[alias]``, or None when unset or not importable."""
        return _class_at(django_settings.STORAGES.get(alias, {}).get("BACKEND"))


def _class_at(dotted: object) -> type | None:
    if isinstance(dotted, type):
        return dotted
    if not isinstance(dotted, str):
        return None
    try:
        found = import_string(dotted)
    except Exception:  # noqa: BLE001 - any code may run while a user's module is imported
        return None
    return found if isinstance(found, type) else None
