"""Run the operations of a migration, with an eye on which one runs, and pass some of them over."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlparse
from django.db import transaction
from django.db.migrations import RunPython, RunSQL

from django_prodready.migration_safety.trace import server_wide

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations import Migration
    from django.db.migrations.operations.base import Operation
    from django.db.migrations.state import ProjectState

    from django_prodready.migration_safety.trace.course import Course


_EXTENSION = "CreateExtension"  # by name: importing it needs a PostgreSQL driver
_OF_SCHEMA = ("django.db.migrations.operations.fields", "django.db.migrations.operations.models")
_OF_ROLES = re.compile(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(?:GRANT|REVOKE|ALTER\s+DEFAULT\s+PRIVILEGES|CREATE\s+EXTENSION|"
    r"ALTER\s+[^;]*\sOWNER\s+TO)\b",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(slots=True)
class Progress:
    """How far a migration has come."""

    current: int | None = None  # the operation that runs, or that raised, counted from 0
    deferred: dict[str, int] = field(
        default_factory=dict
    )  # text of a statement put off to the end: operation
    failed_sql: str = ""  # the statement that raised; may hold values

    def operation_of(self, sql: str) -> int | None:
        """Return the operation that a statement belongs to."""
        return self.deferred.get(sql) if self.current is None else self.current


@contextmanager
def numbered(
    course: Course,
    editor: BaseDatabaseSchemaEditor,
    progress: Progress,
    without: Collection[int] = (),
) -> Iterator[None]:
    """Keep ``progress`` for the length of the block. The operations ``without`` only change the state."""

    def wrap(number: int, operation: Operation) -> None:
        original = operation.database_forwards

        def database_forwards(*args: Any) -> None:
            progress.current = number
            before = len(editor.deferred_sql)
            course.database_forwards(number, None if number in without else original, *args)
            for statement in editor.deferred_sql[before:]:
                progress.deferred[str(statement)] = number
            progress.current = None

        operation.database_forwards = database_forwards  # type: ignore[method-assign, assignment]
        if course.is_known:
            operation.state_forwards = _nothing  # type: ignore[method-assign, assignment]

    operations = course.migration.operations
    for number, operation in enumerate(operations):
        wrap(number, operation)
    try:
        yield
    finally:
        for operation in operations:
            for name in ("database_forwards", "state_forwards"):
                vars(operation).pop(name, None)


def _nothing(*_arguments: Any) -> None:
    """Do nothing to a state."""


def apply(
    connection: BaseDatabaseWrapper,
    course: Course,
    *,
    progress: Progress | None = None,
    without: Collection[int] = (),
) -> ProjectState:
    """Run a migration forwards as Django does; raise what it raises. Return the state after it."""
    progress = progress or Progress()
    with (
        connection.execute_wrapper(checked(progress)),
        leaving(connection),
        connection.schema_editor(atomic=course.migration.atomic) as editor,
        numbered(course, editor, progress, without),
    ):
        end = course.run(editor)
    check_deferred(connection, course.migration)
    return end


@contextmanager
def leaving(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Leave the atomic blocks that stay entered where an error ends the block.

    An editor's does when a statement fails that was deferred to the end of the migration.
    """
    depth = len(connection.atomic_blocks)
    try:
        yield
    except Exception as error:
        while len(connection.atomic_blocks) > depth:
            connection.atomic_blocks[-1].__exit__(type(error), error, error.__traceback__)
        raise


def checked(progress: Progress) -> Any:
    """Make an execute wrapper that refuses what is of the whole server, and notes what fails."""

    def wrapper(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        try:
            if not params:  # what is meant takes none
                server_wide.check(str(sql))
            return execute(sql, params, many, context)
        except Exception:
            progress.failed_sql = str(sql)
            raise

    return wrapper


def check_deferred(connection: BaseDatabaseWrapper, migration: Migration) -> None:
    """Raise what the end of the transaction would, of foreign keys that wait for it. Changes nothing."""
    if connection.in_atomic_block and not _is_only_of_schema(migration):
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True, connection.alias)


def _is_only_of_schema(migration: Migration) -> bool:
    """Whether no operation is one that may write rows."""
    return all(type(operation).__module__ in _OF_SCHEMA for operation in migration.operations)


def may_be_passed_over(
    migration: Migration, number: int | None, without: Collection[int]
) -> frozenset[int] | None:
    """Return what to pass over so that the rest may run, where an operation has failed; None: nothing helps.

    The tables do not depend on what is passed over, as a rule: Python code, which may want rows that a
    scratch database does not have; extensions, and what says who may do what, for the server may have no
    such extension or role. ``number``: None where it failed in the end, which is for what the last Python
    code has left.
    """
    if number is None:
        number = _last_code(migration, without)
    if number is None or number in without or not _may_be_missing(migration.operations[number]):
        return None
    if migration.atomic:
        return frozenset({*without, number})
    return frozenset({*without, *range(number + 1)})  # what was done stays


def _last_code(migration: Migration, without: Collection[int]) -> int | None:
    code = (
        number
        for number, operation in enumerate(migration.operations)
        if isinstance(operation, RunPython) and number not in without
    )
    return max(code, default=None)


def _may_be_missing(operation: Operation) -> bool:
    if isinstance(operation, RunSQL):
        return all(
            _OF_ROLES.match(statement) or server_wide.is_server_wide(statement)
            for statement in _statements(operation.sql)
        )
    return isinstance(operation, RunPython) or any(
        kind.__name__ == _EXTENSION for kind in type(operation).__mro__
    )


def _statements(sql: Any) -> list[str]:
    """Take apart what RunSQL is given: a text, or a list of texts and of pairs of text and parameters."""
    if isinstance(sql, str):
        return [part for part in sqlparse.split(sql) if part.strip(" \t\n\r;")]
    return [str(each if isinstance(each, str) else each[0]) for each in sql]
