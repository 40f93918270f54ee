"""Copies of lists and dicts, so that changing one changes nobody else's."""

from __future__ import annotations

import copy
from typing import Any

__all__ = ["fresh"]


def fresh(value: Any) -> Any:
    """Return ``value`` with lists, dicts and sets of its own at every depth.

    All else in them is the same: ``copy.deepcopy`` fails for streams and locks, which a LOGGING may hold.
    """
    if isinstance(value, dict):
        own = copy.copy(value)
        own.update((key, fresh(entry)) for key, entry in value.items())
        return own
    if isinstance(value, list):
        return [fresh(item) for item in value]
    if type(value) is tuple:
        return tuple(fresh(item) for item in value)
    return set(value) if isinstance(value, set) else value
