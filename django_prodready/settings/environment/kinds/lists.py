"""Several values in one variable: ``a,b`` and ``key=value,key=value``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, overload

from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.kinds.scalars import text as _text

__all__ = ["items", "mapping"]

Value = TypeVar("Value")


@overload
def items(text: str) -> list[str]: ...
@overload
def items(text: str, element: Callable[[str], Value]) -> list[Value]: ...
def items(text: str, element: Callable[[str], Any] = _text) -> list[Any]:
    """Return what stands between commas, stripped, each parsed by ``element``; empty items are left out."""
    return [_parsed(piece, element, place) for place, piece in _pieces(text)]


@overload
def mapping(text: str) -> dict[str, str]: ...
@overload
def mapping(text: str, element: Callable[[str], Value]) -> dict[str, Value]: ...
def mapping(text: str, element: Callable[[str], Any] = _text) -> dict[str, Any]:
    """Return the values of ``key=value,key=value``, stripped, each value parsed by ``element``.

    A value may contain ``=`` and may be empty; a key is there once and has at least one character.
    """
    found: dict[str, Any] = {}
    for place, piece in _pieces(text):
        name, separator, value = piece.partition("=")
        key = _parsed(name.strip(), _text, place)
        if not separator or not key:
            raise Invalid(f"{place}: expected key=value")
        if key in found:
            raise Invalid(f"{place}: expected every key once")
        found[key] = _parsed(value.strip(), element, place)
    return found


def _pieces(text: str) -> list[tuple[str, str]]:
    """Return the items that are not empty, each after words for its place."""
    stripped = (piece.strip() for piece in text.split(","))
    return [(f"item {number}", piece) for number, piece in enumerate(stripped, start=1) if piece]


def _parsed(piece: str, element: Callable[[str], Value], place: str) -> Value:
    try:
        return element(piece)
    except Invalid as invalid:
        rule = invalid.rule
    raise Invalid(f"{place}: {rule}")
