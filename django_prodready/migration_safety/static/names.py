"""Which fields an expression or a condition mentions, and what a CHECK proves. Nothing is resolved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q
from django.db.models.lookups import IsNull


def mentioned(expression: Any) -> Iterator[str]:
    """Yield the names of the fields, without lookups and transforms."""
    if isinstance(expression, str):
        yield expression.removeprefix("-").split("__")[0]
    elif isinstance(expression, F):
        yield _name(expression).split("__")[0]
    elif isinstance(expression, Q):
        yield from _in_condition(expression)
    elif hasattr(expression, "get_source_expressions"):
        for source in expression.get_source_expressions():
            yield from () if isinstance(source, str) else mentioned(source)


def _name(reference: Any) -> str:
    return str(reference.name)


def _in_condition(condition: Q) -> Iterator[str]:
    for child in condition.children:
        if isinstance(child, tuple):
            lookup, value = child
            yield lookup.split("__")[0]
            if not isinstance(value, str):
                yield from mentioned(value)
        else:
            yield from mentioned(child)


def proven_not_null(condition: Any) -> tuple[str, ...]:
    """Name the fields that a CHECK proves to be never NULL."""
    if isinstance(condition, IsNull):
        source = condition.lhs
        return (_name(source),) if isinstance(source, F) and condition.rhs is False else ()
    if not isinstance(condition, Q):
        return ()
    if condition.negated:
        return _part(condition.children[0], is_null=True) if len(condition.children) == 1 else ()
    if condition.connector != Q.AND and len(condition.children) > 1:
        return ()
    return tuple(name for child in condition.children for name in _part(child, is_null=False))


def _part(child: Any, *, is_null: bool) -> tuple[str, ...]:
    if not isinstance(child, tuple):
        return () if is_null else proven_not_null(child)
    name, _, lookup = child[0].rpartition("__")
    return (name,) if lookup == "isnull" and child[1] is is_null and "__" not in name else ()
