"""What a query that no longer works says of the table that it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from prodready_histories import History, emptied

from django_prodready.migration_safety.harm import Harm
from django_prodready.migration_safety.trace import catalog
from django_prodready.migration_safety.trace.breakage import is_missing, of_deployed, of_new
from django_prodready.migration_safety.trace.compatibility import Failure
from django_prodready.migration_safety.trace.statements import Statement, Touch

TABLE, COLUMN, NULL, TOO_LONG, OTHER = "42P01", "42703", "23502", "22001", "42501"
Told = Callable[..., list[Harm]]


def failure(
    sqlstate: str, column: str | None = None, *, kind: str = "insert", table: str = "book"
) -> Failure:
    return Failure(
        app_label="shop",
        model="Book",
        table=table,
        kind=kind,
        sqlstate=sqlstate,
        field=column,
        column=column,
    )


@pytest.fixture
def told(history: History) -> Iterator[Told]:
    """Alter a table of books; the harms of what then fails."""
    connection = history.connection

    def change(sql: str, *failures: Failure, statements: Any = None) -> list[Harm]:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE book (id serial PRIMARY KEY, name varchar(20), pages integer)")
            before = catalog.relations(connection)
            cursor.execute(sql)
        after = catalog.relations(connection)
        made = statements(before, after) if statements else ()
        return list(of_deployed(failures, before, after, made))

    with emptied(connection):
        yield change


@pytest.mark.parametrize(
    ("sql", "failed", "expected"),
    [
        ("DROP TABLE book", failure(TABLE), {"rule": "table-removed"}),
        ("SELECT 1", failure(TABLE, table="elsewhere"), {"rule": "table-removed"}),
        (
            "ALTER TABLE book RENAME TO tome",
            failure(TABLE),
            {"rule": "table-renamed", "old": "book", "new": "tome"},
        ),
        (
            "ALTER TABLE book DROP name",
            failure(COLUMN, "name"),
            {"rule": "column-removed", "columns": ("name",)},
        ),
        (
            "ALTER TABLE book RENAME name TO title",
            failure(COLUMN, "name"),
            {"rule": "column-renamed", "old": "name", "new": "title"},
        ),
        ("SELECT 1", failure(COLUMN, "no_such"), {"rule": "column-removed", "columns": ("no_such",)}),
        ("DROP TABLE book", failure(COLUMN, "name"), {"rule": "column-removed"}),
        ("SELECT 1", failure(COLUMN, "name"), {"rule": "incompatible-change", "detail": "INSERT"}),
        (
            "ALTER TABLE book ALTER name SET NOT NULL",
            failure(NULL, "name"),
            {"rule": "not-null-without-default"},
        ),
        (
            "ALTER TABLE book ALTER name SET NOT NULL",
            failure(NULL, "name", kind="insert_null"),
            {"rule": "not-null-without-default", "old": "null"},
        ),
        (
            "ALTER TABLE book ALTER name TYPE varchar(5)",
            failure(TOO_LONG, "name", kind="insert_boundary"),
            {"rule": "column-narrowed", "old": "character varying(20)", "new": "character varying(5)"},
        ),
        ("DROP TABLE book", failure(TOO_LONG, "name"), {"rule": "column-narrowed", "new": None}),
        ("SELECT 1", failure(TOO_LONG, "name", table="elsewhere"), {"rule": "column-narrowed", "old": None}),
        (
            "SELECT 1",
            failure(TABLE, kind="order"),
            {"rule": "incompatible-change", "table": "book", "detail": "ORDER"},
        ),
        (
            "ALTER TABLE book ALTER name TYPE varchar(5)",
            failure(TOO_LONG, kind="bulk_create"),
            {"rule": "column-narrowed", "columns": ()},
        ),
        ("SELECT 1", failure(OTHER, kind="bulk_create"), {"rule": "incompatible-change", "detail": "BULK"}),
        ("SELECT 1", failure(TABLE, kind="join", table="elsewhere"), {"rule": "table-removed"}),
    ],
)
def test_of_the_deployed_code(told: Told, sql: str, failed: Failure, expected: dict[str, Any]) -> None:
    (harm,) = told(sql, failed)
    assert {name: getattr(harm, name) for name in expected} == expected
    assert (harm.app_label, harm.model) == ("shop", "Book")


def test_each_table_and_column_is_told_once(told: Told) -> None:
    failures = [failure(COLUMN, "name", kind=kind) for kind in ("select", "insert", "join")]
    assert len(told("ALTER TABLE book DROP name", *failures)) == 1


def test_a_renamed_column_does_not_lack_a_value_as_well(told: Told) -> None:
    sql = "ALTER TABLE book ALTER name SET NOT NULL; ALTER TABLE book RENAME name TO title"
    failures = (failure(COLUMN, "name"), failure(NULL, "title"))
    assert [harm.rule for harm in told(sql, *failures)] == ["column-renamed"]


def test_a_narrowed_column_says_more_than_its_table(told: Told) -> None:
    sql = "ALTER TABLE book ALTER name TYPE varchar(5), ALTER pages TYPE smallint"
    failures = [failure(TOO_LONG, "name"), failure(TOO_LONG, kind="bulk_create"), failure(TOO_LONG, "pages")]
    assert [harm.columns for harm in told(sql, *failures)] == [("name",), ("pages",)]


def test_what_a_table_refuses_otherwise_is_told_beside_its_columns(told: Told) -> None:
    failures = [failure(OTHER, "name"), failure(OTHER, kind="bulk_create")]
    assert [harm.columns for harm in told("SELECT 1", *failures)] == [("name",), ()]


def test_the_operation_is_that_of_the_first_statement_that_changed_it(told: Told) -> None:
    def statements(before: catalog.Relations, after: catalog.Relations) -> list[Statement]:
        (oid,) = before
        same = Touch(frozenset(), before=before[oid], after=before[oid])
        changed = Touch(frozenset(), before=before[oid], after=after.get(oid))
        unlocked = Touch(frozenset())
        touches: list[dict[int, Touch]] = [{}, {oid: unlocked}, {oid: same}, {oid: changed}, {oid: changed}]
        return [Statement("", number, 1, 0, touched) for number, touched in enumerate(touches)]

    def operations(sql: str, *columns: str | None) -> list[int | None]:
        harms = told(
            sql, *(failure(COLUMN if column else TABLE, column) for column in columns), statements=statements
        )
        return [harm.operation for harm in harms]

    assert operations("ALTER TABLE book DROP name, ADD note text", "name", "pages") == [3, None]


def test_a_table_that_is_gone_was_changed_by_who_dropped_it(told: Told) -> None:
    def statements(before: catalog.Relations, _: catalog.Relations) -> list[Statement]:
        (oid,) = before
        return [Statement("", 7, 1, 0, {oid: Touch(frozenset(), before=before[oid])})]

    harms = told("DROP TABLE book", failure(TABLE), failure(COLUMN, "name"), statements=statements)
    assert [(harm.rule, harm.operation) for harm in harms] == [("table-removed", 7), ("column-removed", 7)]


@pytest.mark.parametrize(
    ("failed", "difference"),
    [
        (failure(TABLE), "there is no table book"),
        (failure(COLUMN, "name"), "book has no column name"),
        (failure(COLUMN), "book has no column of that name"),
        (failure(NULL, "name"), "book.name must have a value, and the models give none"),
        (failure(TOO_LONG, "name"), "book.name does not take all values that the models allow"),
        (failure(OTHER, kind="update"), "UPDATE on book is refused"),
    ],
)
def test_of_the_new_code(failed: Failure, difference: str) -> None:
    (harm,) = of_new([failed, failed])
    assert (harm.rule, harm.detail) == ("models-and-schema-differ", difference)


def test_what_is_missing() -> None:
    assert is_missing([failure(NULL), failure(COLUMN)])
    assert not is_missing([failure(NULL)])
