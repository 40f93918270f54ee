"""See from outside what became of the rows, files and columns of tables, and which transaction did it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection

TABLES = """
    SELECT c.oid::int8, c.oid::regclass::text, c.relfilenode::int8, c.relispartition
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND c.relname <> 'django_migrations'
"""
COUNTS = """
    SELECT relid::int8, n_tup_upd, n_tup_del, seq_tup_read FROM pg_stat_user_tables WHERE relid = ANY (%s)
"""


@dataclass(frozen=True)
class Table:
    """A table at one time; `updated`, `deleted` and `read` count from its first day."""

    name: str
    file: int
    is_partition: bool
    rows: int
    updated: int
    deleted: int
    read: int
    columns: dict[int, str]


@dataclass(frozen=True)
class Written:
    """What the migration did to the rows of a table that was there before.

    `in_one_transaction` and `gone` are shares of its rows; `deleted` and `read` are
    numbers, whatever the transactions; what index scans read is not counted.
    """

    in_one_transaction: float
    gone: float
    deleted: int
    read: int
    rows: int


def list_tables() -> dict[int, str]:
    """Return the names of all tables by oid, quoted where need be."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return {row[0]: row[1] for row in cursor.fetchall()}


def views() -> frozenset[str]:
    """Return the names of all views and materialised views."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind IN ('v', 'm')")
        return frozenset(row[0] for row in cursor.fetchall())


def column_numbers() -> dict[int, frozenset[int]]:
    """Return the numbers of each table's present columns by the table's oid."""
    return {table: frozenset(_columns(table)) for table in list_tables()}


def look(wanted: set[int]) -> dict[int, Table]:
    """Return the tables by oid; one that is not there any more is not in the answer."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        present = [row for row in cursor.fetchall() if row[0] in wanted]
        totals = {}
        for oid, name, *_ in present:
            cursor.execute(f"SELECT count(*) FROM {name}")
            totals[oid] = cursor.fetchone()[0]
        # The session's own figures, this count's too, come in at the end of this statement.
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(COUNTS, [list(wanted)])
        counts = {row[0]: row[1:] for row in cursor.fetchall()}
        for oid, name, file, is_partition in present:
            figures = counts.get(oid, (0, 0, 0))
            found[oid] = Table(name, file, is_partition, totals[oid], *figures, _columns(oid))
    return found


def compare(
    before: dict[int, Table], after: dict[int, Table], started: Any, *, atomic: bool, failed: bool
) -> dict[str, Written]:
    """Return what was written, by the name that the table had before; empty tables are left out."""
    names = {table.name: table for table in after.values()}
    answer = {}
    for oid, old in before.items():
        if not old.rows:
            continue
        new = after.get(oid)
        heir = new or names.get(old.name)
        gone = 1.0 if heir is None else max(0.0, 1 - heir.rows / old.rows)
        updated, deleted, read = 0.0, 0, 0
        if new is not None:
            read = new.read - old.read - new.rows
            deleted = new.deleted - old.deleted
            updated = min((new.updated - old.updated) / old.rows, 1.0)
            if new.file == old.file and not failed:
                updated = min(updated, _largest_transaction(new.name, started) / old.rows)
        answer[old.name] = Written(
            max(updated, deleted / old.rows if atomic else 0.0), gone, deleted, read, old.rows
        )
    return answer


def server_time() -> Any:
    """Return the server's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


@contextmanager
def remembering(url: str, names: list[str]) -> Iterator[Callable[[], dict[str, int]]]:
    """See the rows as they are now until the end of the block.

    What is yielded tells by table how many of them the one transaction deleted or updated that did most.
    CREATE INDEX CONCURRENTLY would wait for the block's end.
    """
    with psycopg.connect(url) as session:
        session.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        session.execute("SELECT pg_current_snapshot()")

        def tell() -> dict[str, int]:
            answer = {}
            for name in names:
                row = session.execute(
                    f"""SELECT count(*) FROM (SELECT pg_xact_commit_timestamp(xmax) AS at FROM {name}
                        WHERE xmax <> 0) AS row GROUP BY at ORDER BY 1 DESC LIMIT 1"""
                ).fetchone()
                answer[name] = row[0] if row else 0
            return answer

        yield tell


def _largest_transaction(table: str, started: Any) -> int:
    """Count the rows whose present version is from the one transaction that wrote most of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT count(*) FROM (SELECT pg_xact_commit_timestamp(xmin) AS at FROM {table}) AS row
                WHERE at > %s GROUP BY at ORDER BY 1 DESC LIMIT 1""",
            [started],
        )
        row = cursor.fetchone()
        return int(row[0]) if row else 0


def _columns(table: int) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attnum, attname FROM pg_attribute "
            "WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped",
            [table],
        )
        return dict(cursor.fetchall())
