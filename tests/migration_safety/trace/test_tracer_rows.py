"""What a migration does to rows: how many, in which transaction, and by whom."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.migrations import AddField, Migration
from django.db.migrations.state import ProjectState
from prodready_histories import ALIAS, History, code, library, migration, rules_of, sql

from django_prodready.migration_safety.model import Verdict
from django_prodready.migration_safety.trace import trial
from django_prodready.migration_safety.trace.course import Course


@pytest.fixture(autouse=True)
def fewer_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be content with batches of up to 1,000 rows, for speed."""
    monkeypatch.setattr(trial, "MANY_ROWS", 2_000)


FOR_EACH = code(
    lambda rows, _: [rows("Kind").filter(pk=one.pk).update(code="x") for one in rows("Kind").all()]
)


def each_in_atomic(rows: Any, editor: Any) -> None:
    with transaction.atomic(editor.connection.alias):
        for kind in rows("Kind").all():
            kind.code = "x"
            kind.save()


def books_by_kind(rows: Any, _: Any) -> None:
    for kind in rows("Kind").all():
        rows("Book").filter(kind_id=kind.pk).update(pages=7)


def by_executemany(rows: Any, editor: Any) -> None:
    keys = [(key,) for key in rows("Kind").values_list("pk", flat=True)]
    with editor.connection.cursor() as cursor:
        cursor.executemany("UPDATE shop_kind SET code = 'x' WHERE id = %s", keys)


def counter(rows: Any, _: Any) -> None:
    one, _is_new = rows("Kind").get_or_create(code="counter")
    for number in range(30):
        rows("Kind").filter(pk=one.pk).update(code=str(number))


def by_autocommit_off(rows: Any, editor: Any) -> None:
    alias = editor.connection.alias
    transaction.set_autocommit(False, alias)
    try:
        rows("Kind").update(code="x")
        transaction.commit(alias)
    finally:
        transaction.set_autocommit(True, alias)


DO_ALL = "DO $$ BEGIN UPDATE shop_book SET pages = 2; COMMIT; END $$"
DO_BATCHES = """
DO $$ DECLARE n int; top int; BEGIN
SELECT coalesce(max(id), 0) INTO top FROM shop_book;
FOR n IN 0..top / 500 LOOP {what} WHERE id >= n * 500 AND id < (n + 1) * 500; COMMIT; END LOOP; END $$
"""


@pytest.mark.parametrize(
    ("operation", "atomic", "rules"),
    [
        pytest.param(sql("UPDATE shop_book SET pages = 1"), True, ["bulk-write"], id="all"),
        pytest.param(sql("UPDATE shop_book SET pages = 1 WHERE id = 3"), True, [], id="one"),
        pytest.param(FOR_EACH, True, ["bulk-write"], id="each in one transaction"),
        pytest.param(FOR_EACH, False, [], id="each by itself"),
        pytest.param(code(each_in_atomic), False, ["bulk-write"], id="each in an atomic block"),
        pytest.param(code(each_in_atomic, atomic=True), False, ["bulk-write"], id="operation is atomic"),
        pytest.param(code(books_by_kind), True, ["bulk-write"], id="a table that only rows lead to"),
        pytest.param(code(by_executemany), True, ["bulk-write"], id="executemany"),
        pytest.param(code(counter), True, [], id="one row many times"),
        pytest.param(code(by_autocommit_off), False, ["bulk-write"], id="autocommit off"),
        pytest.param(
            code(lambda rows, _: [rows("Kind").filter(pk=key).update(code="x") for key in range(1, 20)]),
            True,
            [],
            id="rows named one by one",
        ),
        pytest.param(
            sql(*["UPDATE shop_book SET pages = pages + 1 WHERE id % 3 = 0"] * 3),
            True,
            [],
            id="a third thrice",
        ),
        pytest.param(
            sql(
                "UPDATE shop_book SET pages = 1 WHERE id % 3 = 0",
                "UPDATE shop_book SET pages = 2 WHERE id % 3 > 0",
            ),
            True,
            ["bulk-write"],
            id="in parts",
        ),
        pytest.param(sql("DELETE FROM shop_book"), True, ["bulk-write", "data-deleted"], id="deleted"),
        pytest.param(sql("TRUNCATE shop_book"), True, ["data-deleted"], id="truncated"),
        pytest.param(sql(DO_ALL), False, ["bulk-write"], id="block that commits"),
        pytest.param(
            sql(DO_BATCHES.format(what="UPDATE shop_book SET pages = 2")), False, [], id="block of batches"
        ),
        pytest.param(
            sql(DO_BATCHES.format(what="DELETE FROM shop_book")),
            False,
            ["data-deleted"],
            id="purged by a block",
        ),
        pytest.param(
            sql("INSERT INTO shop_kind (code) SELECT g::text FROM generate_series(1, 100) g"),
            True,
            [],
            id="inserts",
        ),
    ],
)
def test_rows_written(history: History, operation: Any, atomic: bool, rules: list[str]) -> None:
    judgement = history.judge(operation, deployed=library(), atomic=atomic)
    assert (rules_of(judgement), judgement.not_checked) == (rules, ())
    assert judgement.verdict is (Verdict.UNSAFE if rules else Verdict.SAFE)


def test_another_thread_writes(history: History) -> None:
    def forwards(rows: Any, editor: Any) -> None:
        def work() -> None:
            own = editor.connection.copy()
            with own.cursor() as cursor:
                cursor.execute("UPDATE shop_kind SET code = 'x'")
            own.close()

        # What it touches is seen in the session of the migration alone.
        rows("Kind").exists()
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()

    judgement = history.judge(code(forwards), deployed=library(), atomic=False)
    assert rules_of(judgement) == ["bulk-write"]


UNDER_LOCK = AddField("Book", "shelf", models.IntegerField(null=True))


@pytest.mark.parametrize(
    ("function", "rules"),
    [
        pytest.param(lambda rows, _: rows("Book").exists(), [], id="exists"),
        pytest.param(lambda rows, _: rows("Book").filter(pk=3).first(), [], id="by key"),
        pytest.param(lambda rows, _: list(rows("Book").order_by("pk")[:100]), [], id="the first hundred"),
        pytest.param(
            lambda rows, _: [rows("Book").order_by("pk").first() for _ in range(40)],
            [],
            id="the first, forty times",
        ),
        pytest.param(lambda rows, _: rows("Book").aggregate(models.Max("pk")), [], id="greatest key"),
        pytest.param(lambda rows, _: rows("Book").count(), ["scan-under-lock"], id="count"),
        pytest.param(
            lambda rows, _: list(rows("Kind").all()), ["scan-under-lock"], id="all of another table"
        ),
        pytest.param(
            lambda rows, _: rows("Book").update(shelf=1),
            ["bulk-write", "scan-under-lock", "write-under-lock"],
            id="update",
        ),
    ],
)
def test_work_under_a_lock(history: History, function: Any, rules: list[str]) -> None:
    assert rules_of(history.judge(UNDER_LOCK, code(function), deployed=library())) == rules
    assert (
        rules_of(history.judge(code(lambda rows, _: rows("Book").count()), UNDER_LOCK, deployed=library()))
        == []
    )


def test_the_alias_is_the_histories(history: History) -> None:
    assert history.connection.alias == ALIAS


def test_a_run_over_more_rows_has_an_end(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """What few rows have told counts then."""
    monkeypatch.setattr(trial, "MOST_STATEMENTS", 100)
    asked = []

    def go_through(rows: Any, _: Any) -> None:
        for kind in rows("Kind").all():
            asked.append(kind.pk)
            rows("Kind").filter(pk=kind.pk).update(code="x")

    judgement = history.judge(code(go_through), deployed=library())
    assert rules_of(judgement) == ["bulk-write"]
    assert judgement.not_checked == ()
    assert len(asked) < 24 + 110


@pytest.mark.parametrize("sleeps_s", [0, 0.002])
def test_more_rows_take_a_limited_time(
    history: History, monkeypatch: pytest.MonkeyPatch, sleeps_s: float
) -> None:
    """To run over them, and to bring them in."""
    monkeypatch.setattr(trial, "_LONGEST_MS", 0)
    monkeypatch.setattr(trial, "_TIME_LIMIT", "statement_timeout = 1500")
    slow = sql(
        f"CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep({sleeps_s});"
        " RETURN NEW; END $$",
        "CREATE TRIGGER slow BEFORE INSERT ON shop_kind FOR EACH ROW EXECUTE FUNCTION wait()",
    )
    judgement = history.judge(sql("UPDATE shop_kind SET code = 'x'"), deployed=[*library(), slow])
    assert (rules_of(judgement), judgement.not_checked) == (["bulk-write"], ())


def test_tables_that_look_empty_are_joined_in_no_time(history: History) -> None:
    """Rows that were taken back stay behind as dead ones, and have the planner expect no other."""
    joined = sql(
        "SELECT count(*) FROM shop_book b JOIN shop_kind k ON k.id = b.kind_id JOIN shop_book c"
        " ON c.kind_id = k.id AND c.id = b.id"
    )
    judgement = history.judge(sql("UPDATE shop_book SET pages = 1"), joined, deployed=library())
    assert rules_of(judgement) == ["bulk-write"]


def test_rows_that_only_rows_lead_to_are_looked_for_a_few_times(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "MOST_RUNS_OVER_ROWS", 1)
    judgement = history.judge(code(books_by_kind), deployed=library())
    assert rules_of(judgement) == []


def test_code_that_closes_the_connection(history: History) -> None:
    def close(rows: Any, editor: Any) -> None:
        rows("Book").update(pages=1)
        editor.connection.close()

    judgement = history.judge(code(close), deployed=library(), atomic=False)
    assert rules_of(judgement) == ["bulk-write"]


def test_a_session_that_ends_over_rows(history: History) -> None:
    def end(rows: Any, editor: Any) -> None:
        if rows("Book").update(pages=1):
            editor.connection.connection.close()  # as the driver does when the server is gone

    judgement = history.judge(code(end), deployed=library(), atomic=False)
    assert judgement.not_checked == ("Whether the rows that exist pass: on generated rows it fails.",)


def test_a_migration_that_applies_itself_in_a_way_of_its_own(history: History) -> None:
    def apply(self: Any, state: Any, editor: Any, collect_sql: bool = False) -> Any:
        return Migration.apply(self, state, editor, collect_sql)

    judgement = history.judge(sql("UPDATE shop_book SET pages = 1"), deployed=library(), apply=apply)
    assert rules_of(judgement) == ["bulk-write"]


def test_states_without_models_have_nothing_to_forget() -> None:
    course = Course(migration("0001_initial", []), ProjectState())
    assert course.run(connections[DEFAULT_DB_ALIAS].schema_editor()) is not course.start
    assert course.is_known
