"""Statements that the server may refuse without harm to the transaction they are part of."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.db import Error

from django_prodready.migration_safety.trace import rows_batch
from django_prodready.migration_safety.trace.statements import IS_SAVEPOINT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

UNKNOWN_STATE = ""  # the driver refused, not the server
CHECK_VIOLATION = "23514"
FOREIGN_KEY_VIOLATION = "23503"

_SAVE = "SAVEPOINT prodready_ask"
_BACK = "ROLLBACK TO SAVEPOINT prodready_ask"
_RELEASE = "RELEASE SAVEPOINT prodready_ask"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a statement was refused, without any value of it."""

    sqlstate: str
    column: str | None = None
    constraint: str | None = None


Rows = list[tuple[Any, ...]]
Sql = tuple[str, Sequence[object]]  # and its parameters


class Server:
    """One connection with a transaction open, asked through one cursor.

    A savepoint stands behind all that has passed, and is gone back to when something is refused.
    """

    def __init__(self, connection: BaseDatabaseWrapper, cursor: Any) -> None:
        self.connection = connection
        self._cursor = cursor
        self._has_savepoint = False
        self._has_changed = False  # what was done since then

    def ask(self, sql: str, params: Sequence[object] = (), *then: str) -> Rows | Refusal:
        """Run a statement, and others behind it, which stay if all succeed."""
        self._prepare()
        try:
            rows = self._run(sql, params)
            if then:
                self._run("; ".join(then))
        except Error as error:
            self._run(_BACK)
            return refusal_of(error)
        self.changed()
        return rows

    def rows(self, sql: str, params: Sequence[object] = ()) -> Rows:
        """Run a query, which changes nothing, and return its rows; none where it is refused."""
        self._prepare()
        try:
            return self._run(sql, params)
        except Error:
            self._run(_BACK)
            return []

    def ask_each(self, statements: Sequence[Sql]) -> list[Refusal | None]:
        """Say of each statement why it is refused, None where it passes. Nothing of any stays."""
        self._prepare()
        answers: list[Refusal | None] = [None] * len(statements)
        texts: dict[int, str] = {}
        for number, (sql, params) in enumerate(statements):
            try:
                texts[number] = self._filled_in(sql, params)
            except Error as error:
                answers[number] = refusal_of(error)
        try:
            with self.connection.wrap_database_errors:
                told = rows_batch.ask_each(self._cursor, list(texts.values())) if texts else []
        except Error as error:
            self._run(_BACK)
            return [refusal_of(error)] * len(statements)
        for number, (state, column, constraint) in zip(texts, told, strict=True):
            if state != rows_batch.PASSED:
                answers[number] = Refusal(state, column or None, constraint or None)
        return answers

    def changed(self) -> None:
        """Note that what has passed is to stay."""
        self._has_changed = True

    def _prepare(self) -> None:
        """Have a savepoint to go back to, behind all that is to stay."""
        if not self._has_savepoint:
            self._run(_SAVE)
        elif self._has_changed:
            self._run(f"{_RELEASE}; {_SAVE}")
        self._has_savepoint, self._has_changed = True, False

    def _filled_in(self, sql: str, params: Sequence[object]) -> str:
        with self.connection.wrap_database_errors:
            text: str | bytes = self._cursor.mogrify(sql, tuple(params))
        return text.decode() if isinstance(text, bytes) else text

    def _run(self, sql: str, params: Sequence[object] = ()) -> Rows:
        with self.connection.wrap_database_errors:
            self._cursor.execute(sql, tuple(params))
            return self._cursor.fetchall() if self._cursor.description else []

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Take back all that is done in the block, deferred triggers and constraint modes too.

        In the block, no constraint that can wait is checked.
        """
        self._run(f"SAVEPOINT prodready_undone; SET CONSTRAINTS ALL DEFERRED; {_SAVE}")
        around = self._has_savepoint, self._has_changed
        self._has_savepoint, self._has_changed = True, False
        try:
            yield
        finally:
            self._has_savepoint, self._has_changed = around
            self._run("ROLLBACK TO SAVEPOINT prodready_undone; RELEASE SAVEPOINT prodready_undone")

    def close(self) -> None:
        """Have everything stay."""
        if self._has_savepoint:
            self._run(_RELEASE)

    def existing(self, tables: Iterable[str]) -> frozenset[str]:
        """Return those of the tables, and views, that are there."""
        names = sorted(set(tables))
        quoted = [self.quoted(name) for name in names]
        found = self.rows("SELECT to_regclass(name) IS NOT NULL FROM unnest(%s::text[]) AS name", [quoted])
        return frozenset(name for name, (exists,) in zip(names, found, strict=False) if exists)

    def quoted(self, name: str) -> str:
        """Return a name of a table or column as SQL has it."""
        return self.connection.ops.quote_name(name)


@contextmanager
def opened(connection: BaseDatabaseWrapper) -> Iterator[Server]:
    """Open a cursor for the block, below Django, whose cursors code of the project uses.

    What that asks meanwhile, and is refused, does no harm.
    """

    def guard(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if IS_SAVEPOINT.match(str(sql)):
            return execute(sql, params, many, context)
        with _savepoint(connection):
            return execute(sql, params, many, context)

    connection.ensure_connection()
    with _cursor(connection) as cursor, connection.execute_wrapper(guard):
        server = Server(connection, cursor)
        yield server
        server.close()


def _cursor(connection: BaseDatabaseWrapper) -> Any:
    """Return a cursor that may send several statements with parameters at once."""
    driver: Any = connection.connection
    kind = getattr(cast("Any", connection).Database, "ClientCursor", None)  # psycopg 2 has no other
    return kind(driver) if kind else driver.cursor()


@contextmanager
def _savepoint(connection: BaseDatabaseWrapper) -> Iterator[None]:
    driver: Any = connection.connection
    with driver.cursor() as cursor:
        cursor.execute("SAVEPOINT prodready_guard")
        try:
            yield
        except Exception:
            cursor.execute("ROLLBACK TO SAVEPOINT prodready_guard")
            raise
        finally:
            cursor.execute("RELEASE SAVEPOINT prodready_guard")


def refusal_of(error: Error) -> Refusal:
    """Return what psycopg 3 or 2 tells of an error, less its message, which may quote a row."""
    cause = error.__cause__
    sqlstate = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or UNKNOWN_STATE
    diagnosis = getattr(cause, "diag", None)
    return Refusal(
        sqlstate,
        column=getattr(diagnosis, "column_name", None),
        constraint=getattr(diagnosis, "constraint_name", None),
    )
