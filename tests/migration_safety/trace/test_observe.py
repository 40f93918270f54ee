"""What is seen of each statement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from prodready_histories import ALIAS, History, emptied

from django_prodready.migration_safety.trace import catalog
from django_prodready.migration_safety.trace.observe import LeavesTransactionError, Observer
from django_prodready.migration_safety.trace.operations import Progress
from django_prodready.migration_safety.trace.sqlstate import sqlstate_of

TABLES = (
    "CREATE TABLE book AS SELECT generate_series(1, 10) AS n",
    "CREATE TABLE author AS SELECT generate_series(1, 4) AS n",
)
ROWS = {"book": 10, "author": 4}


class Watched:
    """Two tables, and an observer of what is done to them."""

    def __init__(self, connection: Any, *, must_stay: bool = False) -> None:
        self.connection = connection
        self.existing = catalog.relations(connection)
        self.oids = {relation.name: oid for oid, relation in self.existing.items()}
        rows = {self.oids[name]: count for name, count in ROWS.items()}
        self.progress = Progress()
        self.observer = Observer(connection, self.existing, self.progress, rows=rows, must_stay=must_stay)

    def run(self, *statements: str) -> list[dict[str, Any]]:
        """Run them, each in an operation of its own; what each touched, by table."""
        with self.observer.watching():
            for number, statement in enumerate(statements):
                self.progress.current = number
                with self.connection.cursor() as cursor:
                    cursor.execute(statement)
            self.observer.finish()
        names = {oid: name for name, oid in self.oids.items()}
        return [
            {names[oid]: touch for oid, touch in statement.touches.items()}
            for statement in self.observer.statements
        ]


@pytest.fixture
def connection(history: History) -> Iterator[Any]:
    with emptied(history.connection):
        with history.connection.cursor() as cursor:
            for statement in TABLES:
                cursor.execute(statement)
        yield history.connection


def test_locks_reads_and_writes(connection: Any) -> None:
    watched = Watched(connection)
    with transaction.atomic(ALIAS):
        read, written, altered, dropped = watched.run(
            "SELECT count(*) FROM book",
            "UPDATE book SET n = 0 WHERE n < 4",
            "ALTER TABLE author ADD note text; CREATE TABLE mine (n integer)",
            "DROP TABLE book",
        )
    assert (read["book"].reads, read["book"].blocks_writers) == (10, False)
    assert (written["book"].updated, written["book"].deleted) == (3, 0)
    assert "AccessExclusiveLock" in altered["author"].modes
    assert len(altered["author"].after.columns) == len(altered["author"].before.columns) + 1
    assert (dropped["book"].before.name, dropped["book"].after) == ("book", None)
    assert {name for touches in (read, written, altered, dropped) for name in touches} == {"book", "author"}
    assert [statement.operation for statement in watched.observer.statements] == [0, 1, 2, 3]
    assert {statement.transaction for statement in watched.observer.statements} == {1}
    assert watched.observer.changed == {}


def test_rows_that_one_transaction_changed_are_counted_once(connection: Any) -> None:
    watched = Watched(connection)
    watched.run(
        "BEGIN; UPDATE author SET n = n + 1; UPDATE author SET n = -n; DELETE FROM author WHERE n = -2; END",
        "UPDATE author SET n = 3 WHERE false",
    )
    assert watched.observer.changed == {(1, watched.oids["author"]): 4}
    assert watched.observer.statements[0].touches[watched.oids["author"]].updated == 8


def test_a_transaction_that_sql_opens_and_leaves_is_ended(connection: Any) -> None:
    watched = Watched(connection)
    watched.run("BEGIN; BEGIN; DELETE FROM book", "SELECT 1", "ROLLBACK; COMMIT", "BEGIN; DELETE FROM author")
    assert not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM book), (SELECT count(*) FROM author)")
        assert cursor.fetchone() == (10, 0)


def test_what_must_stay_in_its_transaction_does(connection: Any) -> None:
    with transaction.atomic(ALIAS):
        watched = Watched(connection, must_stay=True)
        with pytest.raises(LeavesTransactionError):
            watched.run("BEGIN; SELECT 1; COMMIT")
        assert watched.observer.has_left


def test_driver_transactions_end_as_they_are_told(connection: Any) -> None:
    watched = Watched(connection)
    connection.set_autocommit(False)
    try:
        watched.run("UPDATE book SET n = 0; ROLLBACK", "UPDATE author SET n = 0; COMMIT")
    finally:
        connection.rollback()
        connection.set_autocommit(True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT sum(n) FROM book), (SELECT sum(n) FROM author)")
        assert cursor.fetchone() == (55, 0)
    assert [statement.transaction for statement in watched.observer.statements] == [1, 2]


def test_what_runs_outside_of_transactions(connection: Any) -> None:
    watched = Watched(connection)
    (built, vacuumed) = watched.run("CREATE INDEX CONCURRENTLY slow ON book (n)", "VACUUM FULL author")
    assert "ShareUpdateExclusiveLock" in built["book"].modes
    assert (vacuumed["author"].reads, vacuumed["author"].blocks_writers) == (4, True)


def test_a_procedure_that_commits_is_told_by_what_it_leaves(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE PROCEDURE sweep() LANGUAGE plpgsql AS $$ BEGIN "
            "UPDATE book SET n = 0 WHERE n < 8; COMMIT; DELETE FROM author WHERE n < 4; COMMIT; END $$"
        )
    watched = Watched(connection)
    watched.run("CALL sweep()")
    touches = [statement.touches for statement in watched.observer.statements[1:]]
    book, author = watched.oids["book"], watched.oids["author"]
    assert {oid: (touch.updated, touch.gone) for each in touches for oid, touch in each.items()} == {
        book: (7, 0),
        author: (0, 3),
    }


def test_the_state_of_an_error_is_its_own_or_its_causes() -> None:
    class DriverError(Exception):
        pgcode = "23505"

    error = ValueError()
    error.__cause__ = DriverError()
    assert sqlstate_of(error) == "23505"
    assert sqlstate_of(ValueError()) is None
    assert sqlstate_of(None) is None
