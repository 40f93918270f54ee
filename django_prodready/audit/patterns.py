"""Regular expressions that are compiled at their first use: one run needs few of what the checks hold."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

__all__ = ["lazy_pattern"]


def lazy_pattern(regex: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what stands for ``re.compile(regex, flags)``, for its attributes and methods.

    A wrong ``regex`` raises at the first use.
    """
    return cast("re.Pattern[AnyStr]", _LazyPattern(regex, flags))


class _LazyPattern:
    def __init__(self, regex: str | bytes, flags: int) -> None:
        self._regex = regex
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(self._regex, self._flags), name)
        setattr(self, name, value)  # asked for once: the next use finds it here
        return value
