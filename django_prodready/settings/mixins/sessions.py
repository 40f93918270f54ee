"""Sessions that outlive a process, and are as fast as the cache where every process shares it."""

from __future__ import annotations

from django_prodready.settings.draft import Draft
from django_prodready.settings.mixin import SettingsMixin

__all__ = ["Sessions"]

_OWN_MEMORY = (
    "django.core.cache.backends.locmem.LocMemCache",
    "django.core.cache.backends.dummy.DummyCache",
)


class Sessions(SettingsMixin):
    """In the database, read through the cache where there is one that all processes share.

    A cache of each process's own would go on to show a session that another process has ended.
    """

    def conclude(self, draft: Draft) -> None:
        """Choose the engine by the cache that the other classes have set, unless the project chose one."""
        if "django.contrib.sessions" not in draft.sequence("INSTALLED_APPS") or draft.has("SESSION_ENGINE"):
            return
        cache = draft.entries("CACHES").get(draft.get("SESSION_CACHE_ALIAS", "default"), {})
        is_shared = bool(cache) and cache.get("BACKEND") not in _OWN_MEMORY
        engine = "cached_db" if is_shared else "db"
        draft.set("SESSION_ENGINE", f"django.contrib.sessions.backends.{engine}")
