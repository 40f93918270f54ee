"""The classes behind ``MIDDLEWARE``."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of ``MIDDLEWARE``."""

    position: int
    path: str
    target: Any = None  # the class or factory; None when it cannot be imported
    error: BaseException | None = None  # why it cannot


class Middleware:
    """``MIDDLEWARE``, imported once, asked by class instead of by spelling."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        self.paths = paths

    @functools.cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every line in order; one that fails to import carries its error."""
        return tuple(_load(position, path) for position, path in enumerate(self.paths))

    def find(self, dotted: str) -> Entry | None:
        """The first entry that is the class at ``dotted`` or a subclass of it."""
        wanted = _load(0, dotted).target
        for entry in self.entries:
            if entry.path == dotted:
                return entry
            if (
                isinstance(wanted, type)
                and isinstance(entry.target, type)
                and issubclass(entry.target, wanted)
            ):
                return entry
        return None


def _load(position: int, path: str) -> Entry:
    try:
        return Entry(position, path, target=import_string(path))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - any code may run while a user's module is imported
        return Entry(position, path, error=error)
