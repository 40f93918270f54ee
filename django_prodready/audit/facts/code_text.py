"""The text of a piece of Python that was imported."""

from __future__ import annotations

import inspect
from typing import Any

__all__ = ["source_of"]


def source_of(target: Any) -> str:
    """Return the source of a function, class or module; empty when it has none."""
    try:
        return inspect.getsource(target)
    except (OSError, TypeError):
        return ""
