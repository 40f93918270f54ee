"""What it means that a migration failed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DataError, NotSupportedError, models
from django.db.migrations.state import ProjectState
from prodready_histories import History, code, create, findings_of, library, sql

from django_prodready.migration_safety.trace import catalog, failures
from django_prodready.migration_safety.trace.attempt import Attempt


def attempt(error: Exception, sql: str = "") -> Attempt:
    return Attempt(state=ProjectState(), error=error, failed_in=2, failed_sql=sql)


@pytest.mark.parametrize(
    ("error", "rule"),
    [
        (
            NotSupportedError("Cannot add concurrently in a transaction: CONCURRENTLY"),
            "concurrently-in-transaction",
        ),
        (NotSupportedError("no such thing"), "migration-fails"),
        (ValueError("CONCURRENTLY"), "migration-fails"),
    ],
)
def test_without_rows(error: Exception, rule: str) -> None:
    harm = failures.without_rows(attempt(error))
    assert (harm.rule, harm.operation) == (rule, 2)
    assert harm.detail == (type(error).__name__ if rule == "migration-fails" else None)


def found(history: History, *operations: Any) -> set[tuple[str, int | None, str | None]]:
    """Judge on top of books whose titles are of no use; the failures with operation and subject."""
    judgement = history.judge(*operations, deployed=library())
    told = findings_of(judgement)
    return {(one.rule, one.operation, one.subject) for one in told if one.category.value == "fails"}


FOR_EACH = "DO $$ DECLARE one record; BEGIN FOR one IN SELECT * FROM shop_book LOOP {}; END LOOP; END $$"
TITLE = "ALTER TABLE shop_book ADD COLUMN label text"


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["UPDATE shop_book SET title = NULL"], {("fails-on-existing-rows", 0, "shop_book.title")}),
        ([FOR_EACH.format("COMMIT")], {("migration-fails", 0, None)}),
        ([FOR_EACH.format("PERFORM nothing_of_the_name(one.id)")], {("migration-fails", 0, None)}),
        ([FOR_EACH.format("PERFORM one.title::date")], set()),  # other titles may be dates
        ([FOR_EACH.format("RAISE insufficient_privilege")], set()),  # production's may
        (
            ["WITH gone AS (SELECT 1) UPDATE shop_book SET title = NULL"],
            {("fails-on-existing-rows", 0, "shop_book.title")},
        ),
        ([f"{TITLE} NOT NULL"], {("fails-on-existing-rows", 0, "shop_book.label")}),
        (
            [f"{TITLE} DEFAULT 'x'", "ALTER TABLE shop_book ADD CONSTRAINT one UNIQUE (label)"],
            {("same-value-for-every-row", 1, "shop_book.one")},
        ),
        (
            [f"{TITLE} DEFAULT 'x'", "CREATE UNIQUE INDEX one ON shop_book (label)"],
            {("same-value-for-every-row", 1, "shop_book.one")},
        ),
        (
            [f"{TITLE} DEFAULT 'x'", "ALTER TABLE shop_book ADD CONSTRAINT long CHECK (length(label) > 1)"],
            {("fails-on-existing-rows", 1, "shop_book.long")},
        ),
        (["ALTER TABLE shop_book ADD CONSTRAINT long CHECK (length(title) > 1000)"], set()),
        (["ALTER TABLE shop_book ALTER pages TYPE smallint USING 1 / (pages - pages)"], set()),
        (
            ["DO $$ BEGIN IF EXISTS (SELECT FROM shop_book) THEN RAISE unique_violation; END IF; END $$"],
            set(),
        ),
    ],
)
def test_with_rows(history: History, statements: list[str], expected: Any) -> None:
    assert found(history, *(sql(statement) for statement in statements)) == expected


def test_what_a_historical_model_has_not_fails_for_every_row(history: History) -> None:
    def slug_of_each(rows: Any, _: Any) -> None:
        for book in rows("Book").all():
            book.get_slug()

    def shelf_of_each(rows: Any, _: Any) -> None:
        for book in rows("Book").all():
            type(book).on_shelf()

    def length_of_each(rows: Any, _: Any) -> None:
        for book in rows("Book").all():
            book.title.no_such_method()

    assert found(history, code(slug_of_each)) == {("migration-fails", 0, None)}
    assert found(history, code(shelf_of_each)) == {("migration-fails", 0, None)}
    assert found(history, code(length_of_each)) == set()


class Shelved:
    """What a model's class is to complete."""

    def shelf(self) -> str:
        raise NotImplementedError


def test_what_a_base_class_leaves_to_the_model_fails_for_every_row(history: History) -> None:
    def shelf_of_each(rows: Any, _: Any) -> None:
        for book in rows("Book").all():
            book.shelf()

    def sort_of_each(rows: Any, _: Any) -> None:
        for book in rows("Book").all():
            raise NotImplementedError(f"no sort of book with {book.pages} pages")

    shelved = create("Book", pages=models.IntegerField(default=0))
    shelved.bases = (Shelved, models.Model)
    told = findings_of(history.judge(code(shelf_of_each), deployed=[shelved]))
    assert [one.rule for one in told] == ["migration-fails"]
    assert "as soon as there are rows" in told[0].message
    assert found(history, code(sort_of_each)) == set()


def test_a_key_that_made_up_documents_lack_may_be_in_real_ones(history: History) -> None:
    book = create("Book", title=models.CharField(max_length=20), content=models.JSONField())
    update = sql("UPDATE shop_book SET title = content ->> 'title'")
    judgement = history.judge(update, deployed=[book])
    assert findings_of(judgement) == []
    assert judgement.not_checked == ("Whether the rows that exist pass: on generated rows it fails.",)


def test_an_error_that_names_no_place(history: History) -> None:
    assert failures.with_rows(attempt(DataError("x")), {}, {}) is None

    class ConstraintError(Exception):
        sqlstate = "23514"

    assert failures.with_rows(attempt(ConstraintError()), {}, {}) is None
    harm = failures.with_rows(attempt(ConstraintError(), "UPDATE nowhere SET n = 1"), {}, {})
    assert harm is not None
    assert (harm.rule, harm.table, harm.columns) == ("fails-on-existing-rows", None, ())


def test_the_table_is_read_from_the_statement_where_the_error_does_not_name_it(history: History) -> None:
    with history.connection.cursor() as cursor:
        cursor.execute("CREATE TABLE book (n integer)")
    try:
        existing = catalog.relations(history.connection)

        class PendingError(Exception):
            sqlstate = "55006"

        for statement, table in (
            ('ALTER TABLE "book" ADD m integer', "book"),
            ("alter table only book ADD m integer", "book"),
            ("ALTER TABLE shelf ADD m integer", None),
            ("CREATE INDEX i ON book (n)", None),
        ):
            harm = failures.with_rows(attempt(PendingError(), statement), existing, existing)
            assert harm is not None
            assert (harm.rule, harm.table) == ("pending-trigger-events", table)
    finally:
        with history.connection.cursor() as cursor:
            cursor.execute("DROP TABLE book")
