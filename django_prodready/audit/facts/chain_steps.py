"""What one statement of a settings module does to a name: the vocabulary of the settings chain."""

from __future__ import annotations

import ast
import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ANY", "Action", "Step", "as_dict", "steps_of_binding", "steps_of_call", "steps_of_update"]


class _Any:
    """The type of ``ANY``."""


ANY: Final = _Any()  # a key that the source computes: it may be any

Key = object  # a constant of the source, or ANY


class Action(enum.Enum):
    """How a step changes what lies at its keys."""

    SET = "set"  # X = …, X["a"] = …
    MERGE = "merge"  # X.update(…), X |= …; the value is a dict display
    EXTEND = "extend"  # X += […], X.append(…), X.insert(…); the value is list-like
    REMOVE = "remove"  # X.remove(…); the value is what goes


@dataclass(frozen=True, slots=True)
class Step:
    """One change of one name, in one place."""

    name: str
    keys: tuple[Key, ...]  # the way down from the name: ("default", "CONN_MAX_AGE")
    action: Action
    value: ast.expr | None  # the right side; None when the source has none to show
    file: str  # as reports show it
    line: int
    conditional: bool = False  # whether the run may have passed it by
    own: bool = True  # written by the project, not by an installed package
    owner: str | None = None  # the class whose body it stands in


@dataclass(frozen=True, slots=True)
class Change:
    """A step before it has a place."""

    name: str
    keys: tuple[Key, ...]
    action: Action
    value: ast.expr | None


def steps_of_binding(target: ast.expr, value: ast.expr | None) -> Iterator[Change]:
    """Yield what ``target = value`` changes, tuples taken apart."""
    if isinstance(target, ast.Tuple | ast.List):
        yield from _unpack(target.elts, value)
        return
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Slice):
        yield from _change(target.value, Action.EXTEND, value)
        return
    yield from _change(target, Action.SET, value)


def steps_of_update(node: ast.AugAssign) -> Iterator[Change]:
    """Yield what ``target += value`` and its kin change."""
    if isinstance(node.op, ast.Add):
        yield from _change(node.target, Action.EXTEND, node.value)
    elif isinstance(node.op, ast.BitOr):
        merged = ast.Dict(keys=[None], values=[node.value])
        yield from _change(node.target, Action.MERGE, _flat(merged))
    else:
        yield from _change(node.target, Action.SET, None)


def steps_of_call(call: ast.Call) -> Iterator[Change]:
    """Yield what a bare method call such as ``X["a"].append(value)`` changes."""
    if not isinstance(call.func, ast.Attribute):
        return
    target, method, count = call.func.value, call.func.attr, len(call.args)
    if method == "update":
        yield from _change(target, Action.MERGE, as_dict(call))
    elif method == "extend" and count == 1:
        yield from _change(target, Action.EXTEND, call.args[0])
    elif (method, count) in {("append", 1), ("add", 1), ("insert", 2)}:
        yield from _change(target, Action.EXTEND, ast.List(elts=[call.args[-1]], ctx=ast.Load()))
    elif method == "remove" and count == 1:
        yield from _change(target, Action.REMOVE, call.args[0])
    elif method == "setdefault" and count == 2:
        yield from _change(call, Action.SET, call.args[1])


def as_dict(node: ast.expr | None) -> ast.Dict | None:
    """Return a dict display for ``{…}``, ``dict(…)`` and the arguments of ``update(…)``; None for others.

    A key of None stands, as in Python's own tree, for ``**value``; displays behind it are laid flat.
    """
    if isinstance(node, ast.Dict):
        return _flat(node)
    if not isinstance(node, ast.Call) or not _takes_dict_arguments(node.func):
        return None
    keys: list[ast.expr | None] = [None] * len(node.args)
    values = list(node.args)
    for keyword in node.keywords:
        keys.append(None if keyword.arg is None else ast.copy_location(ast.Constant(keyword.arg), keyword))
        values.append(keyword.value)
    return _flat(ast.Dict(keys=keys, values=values))


def _takes_dict_arguments(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id == "dict"
    return isinstance(function, ast.Attribute) and function.attr == "update"


def _flat(node: ast.Dict) -> ast.Dict:
    if None not in node.keys:
        return node
    keys: list[ast.expr | None] = []
    values: list[ast.expr] = []
    for key, value in zip(node.keys, node.values, strict=True):
        inner = as_dict(value) if key is None else None
        keys.extend([key] if inner is None else inner.keys)
        values.extend([value] if inner is None else inner.values)
    return ast.Dict(keys=keys, values=values)


def _change(target: ast.expr, action: Action, value: ast.expr | None) -> Iterator[Change]:
    place = _place(target)
    if place is not None:
        yield Change(place[0], place[1], action, value)


def _unpack(targets: list[ast.expr], value: ast.expr | None) -> Iterator[Change]:
    values: list[ast.expr | None] = [None] * len(targets)
    starred = any(isinstance(target, ast.Starred) for target in targets)
    if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(targets) and not starred:
        values = list(value.elts)
    for target, part in zip(targets, values, strict=True):
        yield from steps_of_binding(target, part)


def _place(target: ast.expr) -> tuple[str, tuple[Key, ...]] | None:
    """Return the name and the keys that ``X["a"]`` or ``X.setdefault("a", {})`` leads to."""
    keys: list[Key] = []
    while not isinstance(target, ast.Name):
        if isinstance(target, ast.Subscript):
            keys.append(_key(target.slice))
            target = target.value
        elif isinstance(target, ast.Call) and _is_setdefault(target):
            keys.append(_key(target.args[0]))
            target = target.func.value  # type: ignore[attr-defined]
        else:
            return None
    return target.id, tuple(reversed(keys))


def _is_setdefault(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "setdefault" and bool(call.args)


def _key(node: ast.expr) -> Key:
    return node.value if isinstance(node, ast.Constant) else ANY
