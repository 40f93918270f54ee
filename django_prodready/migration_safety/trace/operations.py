"""Run the operations of a migration, with an eye on which one runs, and pass some of them over."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.migrations import RunPython

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations import Migration
    from django.db.migrations.operations.base import Operation
    from django.db.migrations.state import ProjectState


@dataclass(slots=True)
class Progress:
    """How far a migration has come."""

    current: int | None = None  # the operation that runs, or that raised, counted from 0
    deferred: dict[str, int] = field(
        default_factory=dict
    )  # text of a statement put off to the end: operation

    def operation_of(self, sql: str) -> int | None:
        """Return the operation that a statement belongs to."""
        return self.deferred.get(sql) if self.current is None else self.current


@contextmanager
def numbered(
    migration: Migration,
    editor: BaseDatabaseSchemaEditor,
    progress: Progress,
    without: Collection[int] = (),
) -> Iterator[None]:
    """Keep ``progress`` for the length of the block. The operations ``without`` only change the state."""

    def wrap(number: int, operation: Operation) -> None:
        original = operation.database_forwards

        def database_forwards(*args: Any, **kwargs: Any) -> None:
            progress.current = number
            before = len(editor.deferred_sql)
            if number not in without:
                original(*args, **kwargs)
            for statement in editor.deferred_sql[before:]:
                progress.deferred[str(statement)] = number
            progress.current = None

        operation.database_forwards = database_forwards  # type: ignore[method-assign]

    for number, operation in enumerate(migration.operations):
        wrap(number, operation)
    try:
        yield
    finally:
        for operation in migration.operations:
            vars(operation).pop("database_forwards", None)


def apply(
    connection: BaseDatabaseWrapper,
    migration: Migration,
    state: ProjectState,
    *,
    progress: Progress | None = None,
    without: Collection[int] = (),
) -> ProjectState:
    """Run a migration forwards as Django does; raise what it raises. Changes ``state``."""
    with (
        connection.schema_editor(atomic=migration.atomic) as editor,
        numbered(migration, editor, progress or Progress(), without),
    ):
        return migration.apply(state, editor)


def may_be_passed_over(
    migration: Migration, number: int | None, without: Collection[int]
) -> frozenset[int] | None:
    """Return what to pass over so that the rest may run, where an operation has failed; None: nothing helps.

    Only Python code is passed over: the tables do not depend on it, as a rule, and it may want rows that a
    scratch database does not have.
    """
    if number is None or number in without or not isinstance(migration.operations[number], RunPython):
        return None
    if migration.atomic:
        return frozenset({*without, number})
    return frozenset({*without, *range(number + 1)})  # what was done stays
