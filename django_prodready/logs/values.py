"""Secrets in what is logged beside the message: in strings, and in containers by the names of their keys."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any, cast

from django_prodready.logs.scrubbing import scrub
from django_prodready.reporting.secret_names import Secrecy, holds_secret, secrecy
from django_prodready.reporting.secret_shapes import REDACTED

__all__ = ["LONGEST_NUMBER_BITS", "safe_repr", "shortened", "without_secrets"]

LONGEST_NUMBER_BITS = 1024  # Python refuses to write numbers of several thousand digits
LONGEST_REPR = 1000  # characters; what is longer is a page or a file, and no detail of a log
_SHORTEST_NUMBER = 100_000  # smaller numbers are counts, even under a secret's name
_MAX_DEPTH = 10
_DEEPER = "..."  # in place of what is too deep, or holds itself
_CONTAINERS: tuple[type[Any], ...] = (dict, list, tuple, set, frozenset)
_SESSION_NAMES = frozenset({"cookie", "cookies", "http_cookie", "set-cookie", "sessionid", "session_key"})

_Seen = dict[tuple[str, int], object]


def without_secrets(name: str, value: object) -> object:
    """Return ``value`` without its secrets: the same object where there is none.

    ``name`` is what it is called. Strings, bytes, numbers, and dicts, lists, tuples and sets of them are
    searched; any other object is returned as it is.
    """
    return _clean(name, value, {}, _MAX_DEPTH)


def safe_repr(value: object) -> str:
    """Return the ``repr`` of any object, or what it is where its own code raises."""
    try:
        return repr(value)
    except Exception:  # noqa: BLE001 - a foreign __repr__ may do anything
        return f"<{type(value).__qualname__} without repr>"


def shortened(text: str) -> str:
    """Cut ``text`` where it is too long for a log."""
    return text if len(text) <= LONGEST_REPR else f"{text[:LONGEST_REPR]}{_DEEPER}"


def _clean(name: str, value: object, seen: _Seen, depth: int) -> object:
    """Go by ``type()``: ``isinstance()`` asks a lazy object for its class, and so evaluates it."""
    kind = type(value)
    if issubclass(kind, str):
        return _clean_text(name, cast("str", value))
    if issubclass(kind, bytes):
        text = bytes.decode(cast("bytes", value), "utf-8", "backslashreplace")
        return value if _clean_text(name, text) == text else REDACTED
    if issubclass(kind, int):
        return REDACTED if _is_secret_number(name, cast("int", value)) else value
    if not issubclass(kind, _CONTAINERS):
        return value
    if depth == 0:
        return _DEEPER
    is_dict = issubclass(kind, dict)
    key = ("" if is_dict else name, id(value))
    if key not in seen:
        seen[key] = _DEEPER
        clean = _clean_dict if is_dict else _clean_items
        seen[key] = clean(name, cast("Any", value), seen, depth - 1)
    return seen[key]


def _clean_text(name: str, text: str) -> str:
    is_secret = holds_secret(name, text) or (bool(text) and name.casefold() in _SESSION_NAMES)
    return REDACTED if is_secret else scrub(text)


def _is_secret_number(name: str, number: int) -> bool:
    if abs(number) < _SHORTEST_NUMBER or number.bit_length() > LONGEST_NUMBER_BITS:
        return False
    return secrecy(name) is Secrecy.SURE or scrub(str(number)) != str(number)


def _clean_dict(_name: str, value: dict[object, object], seen: _Seen, depth: int) -> object:
    keys, items = list(value), list(value.values())
    clean_keys = [_clean("", key, seen, depth) for key in keys]
    names = [key if type(key) is str else "" for key in keys]
    clean_items = [_clean(name, item, seen, depth) for name, item in zip(names, items, strict=True)]
    if all(map(operator.is_, keys, clean_keys)) and all(map(operator.is_, items, clean_items)):
        return value
    return dict(zip(clean_keys, clean_items, strict=True))


def _clean_items(name: str, value: Iterable[object], seen: _Seen, depth: int) -> object:
    items = list(value)
    cleaned = [_clean(name, item, seen, depth) for item in items]
    if all(map(operator.is_, items, cleaned)):
        return value
    # A class of one's own may take other arguments.
    return next(kind for kind in _CONTAINERS if isinstance(value, kind))(cleaned)
