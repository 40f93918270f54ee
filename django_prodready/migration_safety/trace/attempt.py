"""One run of a migration on the scratch database, watched."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django_prodready.migration_safety.trace.observe import Observer, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations import Migration
    from django.db.migrations.operations.base import Operation
    from django.db.migrations.state import ProjectState

    from django_prodready.migration_safety.trace.catalog import Relations


@dataclass(slots=True)
class Attempt:
    """What came of one run."""

    state: ProjectState  # after the migration, when it did not fail
    statements: list[Statement] = field(default_factory=list)
    duration_ms: float = 0
    error: Exception | None = None
    failed_in: int | None = None  # the operation that raised, counted from 0
    failed_sql: str = ""  # the statement that raised; may hold values

    def touched(self) -> frozenset[int]:
        """Give the relations that existed before and were locked in any mode."""
        return frozenset(oid for statement in self.statements for oid in statement.touches)


def attempt(
    connection: BaseDatabaseWrapper, migration: Migration, state: ProjectState, existing: Relations
) -> Attempt:
    """Run a migration forwards as Django does, from ``state``, which stays as it is.

    Never raises what the migration raises: that stands in the result.
    """
    result = Attempt(state=state.clone())
    observer = Observer(connection, existing, is_atomic=migration.atomic)
    began_s = time.perf_counter()
    try:
        with connection.execute_wrapper(_remember(result, observer)):
            if migration.atomic:
                observer.begin_transaction()
            with (
                connection.schema_editor(atomic=migration.atomic) as editor,
                _numbered(migration, observer, editor),
            ):
                result.state = migration.apply(result.state, editor)
            observer.finish()
    except Exception as error:  # noqa: BLE001 - a migration may raise anything
        result.error = error
        result.failed_in = (
            observer.deferred.get(result.failed_sql) if observer.operation is None else observer.operation
        )
    result.duration_ms = (time.perf_counter() - began_s) * 1000
    result.statements = observer.statements
    return result


def apply_unwatched(
    connection: BaseDatabaseWrapper, migration: Migration, state: ProjectState
) -> ProjectState:
    """Run a migration forwards as Django does; raise what it raises."""
    with connection.schema_editor(atomic=migration.atomic) as editor:
        return migration.apply(state, editor)


def _remember(result: Attempt, observer: Observer) -> Any:
    def wrapper(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        try:
            return observer(execute, sql, params, many, context)
        except Exception:
            result.failed_sql = str(sql)
            raise

    return wrapper


@contextmanager
def _numbered(migration: Migration, observer: Observer, editor: BaseDatabaseSchemaEditor) -> Iterator[None]:
    """Tell the observer which operation runs, also for statements that Django puts off to the end."""

    def wrap(number: int, operation: Operation) -> None:
        original = operation.database_forwards

        def database_forwards(*args: Any, **kwargs: Any) -> None:
            observer.operation = number
            before = len(editor.deferred_sql)
            original(*args, **kwargs)
            for statement in editor.deferred_sql[before:]:
                observer.deferred[str(statement)] = number
            observer.operation = None

        operation.database_forwards = database_forwards  # type: ignore[method-assign]

    for number, operation in enumerate(migration.operations):
        wrap(number, operation)
    try:
        yield
    finally:
        for operation in migration.operations:
            vars(operation).pop("database_forwards", None)
