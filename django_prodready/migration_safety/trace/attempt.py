"""One run of a migration on the scratch database, watched."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django_prodready.migration_safety.trace import absent
from django_prodready.migration_safety.trace.observe import Observer
from django_prodready.migration_safety.trace.operations import (
    Progress,
    check_deferred,
    checked,
    leaving,
    numbered,
)
from django_prodready.migration_safety.trace.refusals import REFUSALS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.migrations.state import ProjectState

    from django_prodready.migration_safety.trace.catalog import Relations
    from django_prodready.migration_safety.trace.course import Course
    from django_prodready.migration_safety.trace.statements import Statement


@dataclass(slots=True)
class Attempt:
    """What came of one run."""

    state: ProjectState  # after the migration, when it did not fail
    statements: list[Statement] = field(default_factory=list)
    changed: dict[tuple[int, int], int] = field(default_factory=dict)  # rows, by transaction and relation
    asked: int = 0  # statements, of which those in a row may be one of the above
    duration_ms: float = 0
    error: Exception | None = None
    failed_in: int | None = None  # the operation that raised, counted from 0
    failed_sql: str = ""  # the statement that raised; may hold values
    leaves_transaction: bool = False  # that was open before
    was_refused: bool = False  # something that is out of reach in a trace
    is_elsewhere: bool = False  # what it asked for, in another database

    def touched(self) -> frozenset[int]:
        """Give the relations that existed before and were locked in any mode."""
        return frozenset(oid for statement in self.statements for oid in statement.touches)


def attempt(
    connection: BaseDatabaseWrapper,
    course: Course,
    existing: Relations,
    *,
    rows: Mapping[int, int] | None = None,
    most_statements: int | None = None,
    longest_s: float | None = None,
    without: Collection[int] = (),
) -> Attempt:
    """Run a migration forwards as Django does.

    ``rows``: how many each relation has; one that is missing has none. The operations ``without`` only
    change the state. It fails after ``most_statements``, and at the first one after ``longest_s``. Never
    raises what the migration raises: that stands in the result.
    """
    result = Attempt(state=course.start)
    progress = Progress()
    is_inside = connection.in_atomic_block
    observer = Observer(
        connection,
        existing,
        progress,
        rows=rows or {},
        must_stay=is_inside,
        most_statements=most_statements,
        longest_s=longest_s,
    )
    began_s = time.perf_counter()
    refused_before = REFUSALS.count
    try:
        with observer.watching(), connection.execute_wrapper(checked(progress)):
            _run(connection, course, result, observer, without)
            observer.finish()
        check_deferred(connection, course.migration)
    except Exception as error:  # noqa: BLE001 - a migration may raise anything
        result.error = error
        result.failed_sql = progress.failed_sql
        result.failed_in = progress.operation_of(result.failed_sql)
        result.is_elsewhere = absent.is_elsewhere(error, result.failed_sql, course.start, connection.alias)
    result.was_refused = REFUSALS.count > refused_before
    result.duration_ms = (time.perf_counter() - began_s) * 1000
    result.statements, result.changed = observer.statements, observer.changed
    result.asked = observer.asked
    result.leaves_transaction = observer.has_left or (is_inside and bool(connection.run_on_commit))
    return result


def _run(
    connection: BaseDatabaseWrapper,
    course: Course,
    result: Attempt,
    observer: Observer,
    without: Collection[int],
) -> None:
    with (
        leaving(connection),
        connection.schema_editor(atomic=course.migration.atomic) as editor,
        numbered(course, editor, observer.progress, without),
    ):
        try:
            result.state = course.run(editor)
        except Exception:
            if connection.in_atomic_block:
                observer.finish()  # before its locks are gone
            raise
