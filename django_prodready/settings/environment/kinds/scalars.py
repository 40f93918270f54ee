"""Single values: text, booleans, numbers, and one of several words."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.kinds.characters import refuse_control_characters

__all__ = ["boolean", "choice", "integer", "number", "text"]

_BOOLEANS = {
    "true": True,
    "1": True,
    "yes": True,
    "on": True,
    "false": False,
    "0": False,
    "no": False,
    "off": False,
}
# 640 digits convert under any limit that an interpreter can be given:
# https://docs.python.org/3/library/stdtypes.html#int-max-str-digits
_INTEGER = re.compile(r"[+-]?[0-9]{1,640}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def text(value: str, *, multiline: bool = False) -> str:
    """Return the text as it is; ``multiline`` allows tabs and line breaks, as in PEM blocks."""
    refuse_control_characters(value, multiline=multiline)
    return value


def boolean(text: str) -> bool:
    """Return what one of eight words says, in any case and with blanks around it."""
    meant = _BOOLEANS.get(text.strip().lower())
    if meant is None:
        raise Invalid("expected true/false/1/0/yes/no/on/off")
    return meant


def integer(text: str, *, minimum: int | None = None, maximum: int | None = None) -> int:
    """Return a whole number in ASCII digits, within the bounds; blanks around it are allowed."""
    said = text.strip()
    bounds = _bounds(minimum, maximum)
    if not _INTEGER.fullmatch(said):
        raise Invalid(f"expected a whole number{bounds}, in digits alone")
    value = int(said)
    if not _is_within(value, minimum, maximum):
        raise Invalid(f"expected a whole number{bounds}")
    return value


def number(text: str, *, minimum: float | None = None, maximum: float | None = None) -> float:
    """Return a finite number in ASCII digits, within the bounds; blanks around it are allowed."""
    said = text.strip()
    value = float(said) if _NUMBER.fullmatch(said) else math.nan
    if not math.isfinite(value) or not _is_within(value, minimum, maximum):
        raise Invalid(f"expected a number{_bounds(minimum, maximum)}, such as 2 or 0.5")
    return value


def choice(text: str, choices: Sequence[str]) -> str:
    """Return the text when it is one of ``choices``, letter by letter."""
    if text not in choices:
        raise Invalid(f"expected one of {', '.join(choices)}")
    return text


def _is_within(value: float, minimum: float | None, maximum: float | None) -> bool:
    return (minimum is None or value >= minimum) and (maximum is None or value <= maximum)


def _bounds(minimum: float | None, maximum: float | None) -> str:
    if minimum is not None and maximum is not None:
        return f" from {minimum} to {maximum}"
    if minimum is not None:
        return f" of at least {minimum}"
    return "" if maximum is None else f" of at most {maximum}"
