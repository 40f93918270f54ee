"""What an expression in the project's source comes to, as far as it is written out. Nothing is executed."""

from __future__ import annotations

import ast
import datetime
import enum
import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

__all__ = ["COMPUTED", "evaluate", "last_name", "seconds"]


class _Computed(enum.Enum):
    COMPUTED = "computed"


COMPUTED: Final = _Computed.COMPUTED
"""Stands for a value that the source does not show."""

_OPERATIONS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}
_NUMBERS = (int, float, datetime.timedelta)


def evaluate(node: ast.expr, settings: Mapping[str, Any]) -> Any:
    """Return the value of ``node``; :data:`COMPUTED` where it is not written out.

    Constants, their lists and dictionaries, arithmetic, ``timedelta(…)`` and, from the given Django
    ``settings``, ``settings.NAME`` are understood. A dictionary may hold :data:`COMPUTED` values.
    """
    match node:
        case ast.Constant():
            return node.value
        case ast.List() | ast.Tuple() | ast.Set():
            items = [evaluate(item, settings) for item in node.elts]
            return COMPUTED if COMPUTED in items else items
        case ast.Dict():
            return _dictionary(node, settings)
        case ast.BinOp():
            return _arithmetic(node, settings)
        case ast.Attribute(value=ast.Name(id="settings")):
            return settings.get(node.attr, COMPUTED)
        case ast.Call() if last_name(node.func) == "timedelta" and not node.args:
            return _timedelta(node, settings)
    return COMPUTED


def seconds(value: Any) -> float | None:
    """Return a number or a timedelta in seconds; None for anything else."""
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def last_name(node: ast.expr) -> str:
    """Return ``c`` for ``a.b.c`` and for ``c``; empty for anything else."""
    match node:
        case ast.Attribute():
            return node.attr
        case ast.Name():
            return node.id
    return ""


def _dictionary(node: ast.Dict, settings: Mapping[str, Any]) -> Any:
    keys = [COMPUTED if key is None else evaluate(key, settings) for key in node.keys]
    if not all(isinstance(key, str | int) for key in keys):
        return COMPUTED
    return {key: evaluate(value, settings) for key, value in zip(keys, node.values, strict=True)}


def _arithmetic(node: ast.BinOp, settings: Mapping[str, Any]) -> Any:
    sides = (evaluate(node.left, settings), evaluate(node.right, settings))
    operation = _OPERATIONS.get(type(node.op))
    if operation is None or not all(isinstance(side, _NUMBERS) for side in sides):
        return COMPUTED
    try:
        return operation(*sides)
    except (TypeError, ArithmeticError):
        return COMPUTED


def _timedelta(node: ast.Call, settings: Mapping[str, Any]) -> Any:
    parts = {keyword.arg or "": evaluate(keyword.value, settings) for keyword in node.keywords}
    try:
        return datetime.timedelta(**parts)
    except (TypeError, ArithmeticError):
        return COMPUTED
