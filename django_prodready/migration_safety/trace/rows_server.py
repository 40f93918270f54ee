"""Statements that the server may refuse without harm to the transaction they are part of."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import Error

from django_prodready.migration_safety.trace.statements import IS_SAVEPOINT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper

UNKNOWN_STATE = ""  # the driver refused, not the server
CHECK_VIOLATION = "23514"
FOREIGN_KEY_VIOLATION = "23503"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a statement was refused, without any value of it."""

    sqlstate: str
    column: str | None = None
    constraint: str | None = None


Rows = list[tuple[Any, ...]]


class Server:
    """One connection with a transaction open, asked through one cursor."""

    def __init__(self, connection: BaseDatabaseWrapper, cursor: Any) -> None:
        self.connection = connection
        self._cursor = cursor
        self._is_undone = False  # whether all of it is taken back

    def ask(self, sql: str, params: Sequence[object] = (), *then: str) -> Rows | Refusal:
        """Run a statement, and others behind it, in a savepoint that stays if all succeed."""
        self._tell("SAVEPOINT prodready_ask")
        try:
            with self.connection.wrap_database_errors:
                self._cursor.execute(sql, tuple(params))
                rows = self._cursor.fetchall() if self._cursor.description else []
            if then:
                self._tell("; ".join(then))
        except Error as error:
            self._tell("ROLLBACK TO SAVEPOINT prodready_ask; RELEASE SAVEPOINT prodready_ask")
            return refusal_of(error)
        if not self._is_undone:  # the outer savepoint takes the others with it
            self._tell("RELEASE SAVEPOINT prodready_ask")
        return rows

    def _tell(self, sql: str) -> None:
        with self.connection.wrap_database_errors:
            self._cursor.execute(sql)

    def rows(self, sql: str, params: Sequence[object] = ()) -> Rows:
        """Run a statement and return its rows; none where it is refused."""
        answer = self.ask(sql, params)
        return [] if isinstance(answer, Refusal) else answer

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Take back all that is done in the block, deferred triggers and constraint modes too."""
        self._tell("SAVEPOINT prodready_undone")
        self._is_undone = True
        try:
            yield
        finally:
            self._is_undone = False
            self._tell("ROLLBACK TO SAVEPOINT prodready_undone; RELEASE SAVEPOINT prodready_undone")

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
    driver: Any = connection.connection
    with driver.cursor() as cursor, connection.execute_wrapper(guard):
        yield Server(connection, cursor)


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
