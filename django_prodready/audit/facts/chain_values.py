"""Could this expression have given that value? Judged by the text alone, nothing is evaluated."""

from __future__ import annotations

import ast
import contextlib
import enum
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django_prodready.audit.facts.chain_steps import ANY, Key, as_dict

__all__ = ["MISSING", "UNKNOWN", "Fit", "Known", "at", "flatten", "hide", "judge", "judge_merge"]


class _Unknown:
    """The type of ``UNKNOWN`` and ``MISSING``."""


UNKNOWN: Final = _Unknown()  # a value that cannot be told
MISSING: Final = _Unknown()  # there is no such value

_SCALARS = (str, bytes, int, float, complex, type(None))
# Django writes these into the dicts of DATABASES: django/db/utils.py, ConnectionHandler.
_FILLED_IN = frozenset(
    {
        "ATOMIC_REQUESTS", "AUTOCOMMIT", "ENGINE", "CONN_MAX_AGE", "CONN_HEALTH_CHECKS", "OPTIONS",
        "TIME_ZONE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "TEST", "CHARSET", "COLLATION",
        "MIGRATE", "MIRROR",
    }
)  # fmt: skip


class Fit(enum.IntEnum):
    """How well a place in the source explains a value; the higher, the better."""

    NO = 0  # it says something else
    ABSENT = 1  # it agrees, and does not show what is asked for
    MAYBE = 2  # it may have had a part in it
    LIKELY = 3  # it computes it
    SURE = 4  # it says it literally


class Known:
    """A key whose ``value`` is known though its container is not.

    ``key`` is None for an element of a list that may be at any position.
    """

    def __init__(self, key: Key | None, value: object) -> None:
        self.key = key
        self.value = value


def at(value: Any, key: Key | Known) -> Any:
    """Return ``value[key]``, or ``MISSING`` when there is no such thing."""
    if isinstance(key, Known):
        return key.value
    if value is UNKNOWN or key is ANY:
        return UNKNOWN
    if isinstance(value, Mapping | Sequence) and not isinstance(value, str | bytes):
        container: Any = value
        with contextlib.suppress(KeyError, IndexError, TypeError):
            return container[key]
    return MISSING


def hide(value: Any, keys: Sequence[Key]) -> Any:
    """Return a copy of ``value`` in which what lies at ``keys`` is ``UNKNOWN``."""
    if not keys or keys[0] is ANY:
        return UNKNOWN
    key, rest = keys[0], keys[1:]
    if isinstance(value, Mapping):
        return {**value, key: hide(value.get(key, UNKNOWN), rest)}
    if isinstance(value, list | tuple) and isinstance(key, int):
        return [hide(item, rest) if position == key else item for position, item in enumerate(value)]
    return UNKNOWN


def judge(node: ast.expr | None, value: Any) -> Fit:
    """Return ``SURE``, ``LIKELY`` (cannot tell) or ``NO`` for an expression as the source of ``value``."""
    if value is MISSING:
        return Fit.NO
    if node is None or value is UNKNOWN:
        return Fit.LIKELY
    if isinstance(node, ast.Constant | ast.UnaryOp):
        return _judge_scalar(node, value)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return _judge_sequence(node, value)
    if isinstance(node, ast.IfExp):
        return max(judge(node.body, value), judge(node.orelse, value))
    if _is_text(node):
        return _judge_text(node, value)
    mapping = as_dict(node)
    return Fit.LIKELY if mapping is None else _judge_dict(mapping, value)


def judge_merge(node: ast.Dict, value: Any) -> Fit:
    """The same for a dict that was merged into ``value``, which may hold more."""
    return Fit.LIKELY if value is UNKNOWN else _judge_keys(node, value)


def flatten(node: ast.expr | None) -> Iterator[tuple[bool, ast.expr]]:
    """Yield the parts of a list-like expression: ``(True, element)`` or ``(False, several elements)``."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        for element in node.elts:
            if isinstance(element, ast.Starred):
                yield from flatten(element.value)
            else:
                yield True, element
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from flatten(node.left)
        yield from flatten(node.right)
    elif _is_copy(node):
        yield from flatten(node.args[0])  # type: ignore[union-attr]
    elif node is not None:
        yield False, node


def _is_copy(node: ast.expr | None) -> bool:
    """Whether it is ``list(…)`` or ``tuple(…)``, which keep the elements and their order."""
    if not isinstance(node, ast.Call) or len(node.args) != 1:
        return False
    return isinstance(node.func, ast.Name) and node.func.id in {"list", "tuple"}


def _judge_scalar(node: ast.expr, value: Any) -> Fit:
    try:
        literal = ast.literal_eval(node)
    except ValueError:
        return Fit.LIKELY
    if not isinstance(value, _SCALARS):
        return Fit.NO
    same = literal == value and isinstance(literal, bool) == isinstance(value, bool)
    return Fit.SURE if same else Fit.NO


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _is_text(node.left) or _is_text(node.right)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _judge_text(node: ast.expr, value: Any) -> Fit:
    """Compare the parts that the source spells out: ``f"{CACHE}/1"``, ``HOST + ":6379"``."""
    fits = isinstance(value, str) and re.fullmatch(_pattern_of_text(node), value, re.DOTALL)
    return Fit.LIKELY if fits else Fit.NO


def _pattern_of_text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return re.escape(str(node.value))
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_pattern_of_text, node.values))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _pattern_of_text(node.left) + _pattern_of_text(node.right)
    return ".*"


def _judge_sequence(node: ast.List | ast.Tuple | ast.Set, value: Any) -> Fit:
    if not isinstance(value, set | frozenset if isinstance(node, ast.Set) else list | tuple):
        return Fit.NO
    if isinstance(node, ast.Set) or any(isinstance(element, ast.Starred) for element in node.elts):
        return Fit.LIKELY
    if len(node.elts) != len(value):
        return Fit.NO
    return _all(judge(element, item) for element, item in zip(node.elts, value, strict=True))


def _judge_dict(node: ast.Dict, value: Any) -> Fit:
    fit = _judge_keys(node, value)
    known = {key.value for key in node.keys if isinstance(key, ast.Constant)}
    if fit is Fit.NO or len(known) < len(node.keys):
        return min(fit, Fit.LIKELY)
    more = [key for key in value if key not in known]
    if any(key not in _FILLED_IN and value[key] is not UNKNOWN for key in more):
        return Fit.NO
    return Fit.LIKELY if more else fit


def _judge_keys(node: ast.Dict, value: Any) -> Fit:
    """Judge the keys that the source spells out; what is behind ``**`` may be anything."""
    if not isinstance(value, Mapping):
        return Fit.NO
    fits = []
    for key, item in zip(node.keys, node.values, strict=True):
        if not isinstance(key, ast.Constant):
            fits.append(Fit.LIKELY)
        elif key.value in value:
            fits.append(judge(item, value[key.value]))
        else:
            fits.append(Fit.NO)
    return _all(fits)


def _all(fits: Iterator[Fit] | list[Fit]) -> Fit:
    return min(fits, default=Fit.SURE)
