"""Which characters a value may have at all."""

from __future__ import annotations

import unicodedata

from django_prodready.settings.environment.invalid import Invalid

__all__ = ["refuse_control_characters", "refuse_undecodable"]

_LINES = frozenset("\t\n\r")


def refuse_undecodable(text: str) -> None:
    """Raise where bytes of the environment were no UTF-8: Python hands them on as lone surrogates."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Invalid("expected text in UTF-8")


def refuse_control_characters(text: str, *, multiline: bool = False) -> None:
    """Raise for bytes that are no UTF-8 and for control characters; ``multiline`` allows tabs and lines."""
    refuse_undecodable(text)
    allowed = _LINES if multiline else frozenset()
    if any(unicodedata.category(character) == "Cc" and character not in allowed for character in text):
        inside = "" if multiline else ", tabs and line breaks among them"
        raise Invalid(f"expected text without control characters{inside}")
