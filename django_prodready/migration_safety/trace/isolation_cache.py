"""A cache in memory, with what django-redis adds to Django's: a migration may call it."""

from __future__ import annotations

import fnmatch
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from django.core.cache.backends.locmem import LocMemCache

__all__ = ["MemoryCache"]


class MemoryCache(LocMemCache):
    """Stands for any cache.

    See https://github.com/jazzband/django-redis#user-guide.
    """

    _cache: dict[str, bytes]

    def keys(self, search: str, **_named: Any) -> list[str]:
        """Return the keys, as given to ``set``, that match a pattern of the shell."""
        made = self.make_key("", version=None)
        found = [key.removeprefix(made) for key in list(self._cache) if key.startswith(made)]
        return fnmatch.filter(found, search)

    def iter_keys(self, search: str, **_named: Any) -> Iterator[str]:
        """Yield what ``keys`` returns."""
        yield from self.keys(search)

    def delete_pattern(self, pattern: str, **_named: Any) -> int:
        """Delete the keys that match, and return how many they were."""
        found = self.keys(pattern)
        for key in found:
            self.delete(key)
        return len(found)

    def lock(self, *_args: Any, **_named: Any) -> AbstractContextManager[Any]:
        """Return a lock that is free: nobody else is here."""
        return threading.Lock()
