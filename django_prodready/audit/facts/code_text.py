"""The text of a piece of Python that was imported."""

from __future__ import annotations

import inspect
from typing import Any

__all__ = ["source_of"]


def source_of(target: Any) -> str:
    """Return the source of a function, class or module; empty when it has none.

    What ``exec`` made names no file. Since Python 3.13 the program of ``python -c`` stands under the same
    ``<string>``, and is another text.
    """
    try:
        if inspect.getfile(inspect.unwrap(target)).startswith("<"):
            return ""
        return inspect.getsource(target)
    except (OSError, TypeError, ValueError):  # ValueError: what it wraps wraps it
        return ""
