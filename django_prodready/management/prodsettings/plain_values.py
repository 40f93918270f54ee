"""Any setting's value as JSON has it, the same in every process: no addresses, no order of sets, no proxies.

Two processes, and a plain module and a class of django-configurations, give equal trees for equal settings.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import json
import math
import os
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath
from types import ModuleType
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.functional import LazyObject, Promise

__all__ = ["Plain", "canonical", "plain"]

Plain = Any
"""None, bool, int, float, str, list of these, or dict of these by str."""

_MAX_DEPTH = 20
_TOO_DEEP = "…"
_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")
# Whose objects have a repr that says what they are, and no more than what they were made of.
_TELLING = frozenset({*sys.stdlib_module_names, "celery", "csp", "django", "kombu"})


def plain(value: object) -> Plain:
    """Return ``value`` as JSON has it. A value that cannot be looked at becomes words that say so."""
    try:
        return _plain(value, _MAX_DEPTH)
    except Exception as error:  # noqa: BLE001 - a project's objects may raise anything when they are looked at
        return f"<{_path(type(value))}: {type(error).__name__} when it is read>"


def canonical(tree: Plain) -> str:
    """Spell a tree in the one way in which equal trees are spelled alike."""
    return json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: object, depth: int) -> Plain:
    """Go by ``type()``: isinstance() asks a lazy object for its class, and so evaluates it."""
    kind = type(value)
    if value is None or kind in (bool, int):
        return value
    if depth == 0:
        return _TOO_DEEP
    for kinds, spell in _SPELLINGS:
        if issubclass(kind, kinds):
            return spell(value, depth)
    if dataclasses.is_dataclass(value) and not issubclass(kind, type):
        shown = [field.name for field in dataclasses.fields(value) if field.repr]
        return {name: _plain(getattr(value, name), depth - 1) for name in shown}
    return _object(value)


def _object(value: object) -> str:
    if callable(value) and hasattr(value, "__qualname__"):
        return _path(value)
    if type(value).__module__.partition(".")[0] in _TELLING:
        return _ADDRESS.sub("", repr(value))
    return f"<{_path(type(value))}>"


def _path(what: Any) -> str:
    return f"{getattr(what, '__module__', None) or 'builtins'}.{what.__qualname__}"


def _number(value: Any, _depth: int) -> float | str:
    return float(value) if math.isfinite(value) else str(float(value))


def _mapping(value: Any, depth: int) -> dict[str, Plain]:
    return {_key(key, depth): _plain(item, depth - 1) for key, item in value.items()}


def _key(key: object, depth: int) -> str:
    spelled = _plain(key, depth - 1)
    return spelled if isinstance(spelled, str) else canonical(spelled)


def _items(value: Any, depth: int) -> Plain:
    names = getattr(value, "_fields", None)
    if names is not None and isinstance(value, tuple):
        return {str(name): _plain(item, depth - 1) for name, item in zip(names, value, strict=True)}
    return [_plain(item, depth - 1) for item in value]


def _sorted_items(value: Iterable[object], depth: int) -> list[Plain]:
    return sorted((_plain(item, depth - 1) for item in value), key=canonical)


def _partial(value: Any, depth: int) -> Plain:
    return {
        "functools.partial": _plain(value.func, depth - 1),
        "args": _items(value.args, depth),
        "keywords": _mapping(value.keywords, depth),
    }


def _pattern(value: Any, _depth: int) -> str:
    flags = re.RegexFlag(value.flags) & ~re.UNICODE
    return f"re.compile({value.pattern!r}{f', {flags!r}' if flags else ''})"


def _lazy_text(value: object, _depth: int) -> str:
    """Return the text, not translated. It may need what is not loaded, such as the URLconf."""
    try:
        with translation.override(None):
            return str(value)
    except Exception as error:  # noqa: BLE001 - any function of the project's may be behind it
        return f"<lazy text: {type(error).__name__} when it is read>"


def _as_text(value: object, _depth: int) -> str:
    return str(value)


# The first that fits is used: an enumeration may be a str, and a lazy text is a Promise.
_SPELLINGS: tuple[tuple[type | tuple[type, ...], Callable[[Any, int], Plain]], ...] = (
    (enum.Enum, lambda value, depth: _plain(value.value, depth - 1)),
    (Promise, _lazy_text),
    (LazyObject, lambda value, _: f"<{_path(type(value))}>"),
    (str, lambda value, _: str.__str__(value)),
    (int, lambda value, _: int(value)),
    (float, _number),
    ((bytes, bytearray), lambda value, _: repr(bytes(value))),
    ((PurePath, UUID), _as_text),
    (type(os.environ), lambda _value, _: "<os.environ>"),
    (Mapping, _mapping),
    ((list, tuple, deque), _items),
    ((set, frozenset), _sorted_items),
    (functools.partial, _partial),
    (re.Pattern, _pattern),
    (ModuleType, lambda value, _: f"<module {value.__name__}>"),
)
