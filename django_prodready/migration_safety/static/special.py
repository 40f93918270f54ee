"""What cannot be told from an operation's class: SQL, Python code, and operations of others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.migrations import operations as o

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.code import effects_of_code, effects_of_operation
from django_prodready.migration_safety.static.scope import Scope, Translator
from django_prodready.migration_safety.static.sql import effects_of_sql, place_of


def run_sql(operation: o.RunSQL, scope: Scope) -> Iterator[e.Effect]:
    """Read the statements."""
    if _is_routed_here(operation, scope):
        place = place_of(scope.catalogue, e.Origin(operation=type(operation).__name__))
        yield from effects_of_sql(operation.sql, place)


def run_python(operation: o.RunPython, scope: Scope) -> Iterator[e.Effect]:
    """Read the function's source; it is not run."""
    if _is_routed_here(operation, scope) and operation.code is not o.RunPython.noop:
        place = place_of(scope.catalogue, e.Origin(operation=type(operation).__name__))
        yield from effects_of_code(operation.code, scope.models, place)


def own(inherited: Translator | None) -> Translator:
    """Make the translator of an operation whose class does something else than Django's, ``inherited``."""

    def translator(operation: o.base.Operation, scope: Scope) -> Iterator[e.Effect]:
        name = type(operation).__name__
        function = type(operation).database_forwards
        if str(getattr(function, "__module__", "")).startswith("django."):
            yield e.Opaque(table="", reason=f"{name} is an operation of its own; what it does was not read.")
            return
        place = place_of(scope.catalogue, e.Origin(operation="RunPython"))
        yield from effects_of_operation(
            operation,
            scope.app_label,
            scope.models,
            place,
            lambda: inherited(operation, scope) if inherited is not None else iter(()),
            scope.old,
        )

    return translator


def _is_routed_here(operation: Any, scope: Scope) -> bool:
    return scope.models.may_migrate(scope.app_label, **operation.hints)


TRANSLATORS: dict[type, Translator] = {o.RunSQL: run_sql, o.RunPython: run_python}
