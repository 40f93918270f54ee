"""Statements that run in no transaction: their locks are seen while they run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import Error
from prodready_histories import History, emptied

from django_prodready.migration_safety.trace import catalog
from django_prodready.migration_safety.trace.outside import run_outside


@pytest.fixture
def connection(history: History) -> Iterator[Any]:
    with emptied(history.connection):
        yield history.connection


def run(connection: Any, sql: str) -> dict[str, frozenset[str]]:
    """Run it outside; the modes of its locks by table."""

    def execute() -> str:
        with connection.cursor() as cursor:
            cursor.execute(sql)
        return "done"

    existing = catalog.relations(connection)
    result, modes = run_outside(connection, execute, existing)
    assert result == "done"
    return {existing[oid].name: found for oid, found in modes.items()}


def test_an_index_that_is_built_beside_writers_locks_as_they_may(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE book AS SELECT generate_series(1, 10) AS n")
        cursor.execute("CREATE TABLE author (n integer)")
        cursor.execute("CREATE VIEW books AS SELECT * FROM book")
    assert run(connection, "CREATE INDEX CONCURRENTLY slow ON book (n)") == {
        "book": frozenset({"ShareUpdateExclusiveLock"})
    }
    assert run(connection, "VACUUM FULL book")["book"] >= {"AccessExclusiveLock"}


def test_it_runs_where_there_are_no_tables(connection: Any) -> None:
    assert run(connection, "VACUUM") == {}


def test_what_it_raises_is_raised_and_nobody_watches_on(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE book (n integer)")
    with pytest.raises(Error):
        run(connection, "CREATE INDEX CONCURRENTLY slow ON book (no_such_column)")
    assert not [thread for thread in threading.enumerate() if thread.name == "prodready-lock-watch"]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE book")  # no session holds a lock on it
