"""Questions that are asked of operations themselves: is there a way back, which one names a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.migrations.operations.base import Operation


def is_reversible(operation: Operation) -> bool:
    """Whether Django can migrate back over it; parts that run against the database count."""
    parts: Iterable[Operation] = getattr(operation, "database_operations", ())
    return bool(operation.reversible) and all(is_reversible(part) for part in parts)


def position_naming(operations: Iterable[Operation], model: str, field: str | None = None) -> int | None:
    """Find the last operation that names a model, and the field if one does."""
    found: dict[bool, int] = {}
    for position, operation in enumerate(operations):
        for part in _with_parts(operation):
            if _names(part, model):
                found[field is not None and field in (_field(part), getattr(part, "old_name", None))] = (
                    position
                )
    return found.get(True, found.get(False))


def _with_parts(operation: Operation) -> Iterator[Operation]:
    yield operation
    for name in ("state_operations", "database_operations"):
        for part in getattr(operation, name, ()):
            yield from _with_parts(part)


def _names(operation: Operation, model: str) -> bool:
    named = (getattr(operation, name, None) for name in ("model_name", "name", "old_name", "new_name"))
    return any(isinstance(name, str) and name.lower() == model.lower() for name in named)


def _field(operation: Operation) -> str | None:
    return getattr(operation, "name", None) if hasattr(operation, "model_name") else None
