"""Migrations that fail: always, on rows, or because the scratch database is none of production's."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import models
from django.db.migrations import AddField, AlterField, RemoveField, SeparateDatabaseAndState
from prodready_histories import INITIAL, History, code, findings_of, library, migration, rules_of, sql

from django_prodready.migration_safety.model import Verdict

NOTE = AddField("Kind", "note", models.IntegerField(null=True))


def refuse(rows: Any, _: Any) -> None:
    if not rows("Kind").exists():
        raise ValueError("no kinds")


def parse(rows: Any, _: Any) -> None:
    for book in rows("Book").all():
        book.pages = {}[book.title]
        book.save()


def move_books(rows: Any, _: Any) -> None:
    rows("Book").update(kind=rows("Kind").order_by("pk").last())


@pytest.mark.parametrize(
    ("operations", "options", "rules"),
    [
        pytest.param([sql("SELECT nothing")], {}, ["migration-fails"], id="always"),
        pytest.param(
            [sql("SELECT nothing")], {"atomic": False}, ["migration-fails"], id="always, not atomic"
        ),
        pytest.param(
            [sql("CREATE INDEX CONCURRENTLY i ON shop_book (pages)")],
            {},
            ["concurrently-in-transaction"],
            id="raw",
        ),
        pytest.param(
            [AddIndexConcurrently("Book", models.Index(fields=["pages"], name="i"))],
            {},
            ["concurrently-in-transaction"],
            id="operation",
        ),
        pytest.param(
            [sql("ALTER TYPE mood ADD VALUE 'sad'"), sql("SELECT 'sad'::mood")],
            {},
            ["enum-value-in-transaction"],
            id="enum",
        ),
        pytest.param(
            [code(move_books), AlterField("Book", "title", models.CharField(max_length=20, null=True))],
            {},
            ["pending-trigger-events"],
            id="pending events",
        ),
        pytest.param(
            [
                sql(
                    "INSERT INTO shop_kind (id, code) VALUES (777, 'x')",
                    "INSERT INTO shop_book (title, pages, kind_id) VALUES ('x', 1, 777)",
                    "ALTER TABLE shop_book ADD COLUMN late integer",
                )
            ],
            {},
            ["pending-trigger-events"],
            id="pending events without rows",
        ),
        pytest.param(
            [AddField("Kind", "token", models.UUIDField(default=uuid.uuid4, unique=True))],
            {},
            ["not-null-without-default", "same-value-for-every-row", "unique-constraint"],
            id="one default",
        ),
        pytest.param(
            [sql("UPDATE shop_kind SET code = NULL")], {}, ["fails-on-existing-rows"], id="of its own making"
        ),
        pytest.param(
            [sql("ALTER TABLE shop_kind ADD COLUMN rank integer DEFAULT 0, ADD CHECK (rank > 0)")],
            {},
            ["fails-on-existing-rows"],
            id="check of a new column",
        ),
    ],
)
def test_failures(history: History, operations: Any, options: Any, rules: list[str]) -> None:
    deployed = [sql("CREATE TYPE mood AS ENUM ('happy')"), *library()]
    judgement = history.judge(*operations, deployed=deployed, **options)
    assert set(rules) <= set(rules_of(judgement))
    assert judgement.verdict is Verdict.UNSAFE


def test_what_a_historical_model_has_not_fails_for_every_row(history: History) -> None:
    def total(rows: Any, _: Any) -> None:
        for book in rows("Book").all():
            book.pages = book.count_pages()

    def managed(rows: Any, _: Any) -> None:
        rows("Book").model.published.update(pages=1)

    def other(rows: Any, _: Any) -> None:
        for book in rows("Book").all():
            book.title.nothing()

    found = [history.judge(code(each), deployed=library()) for each in (total, managed, other)]
    assert [rules_of(judgement) for judgement in found] == [["migration-fails"], ["migration-fails"], []]


def test_what_postgresql_does_not_do_concurrently(history: History) -> None:
    table = sql("CREATE TABLE event (day date) PARTITION BY RANGE (day)")
    index = sql("CREATE INDEX CONCURRENTLY i ON event (day)")
    assert rules_of(history.judge(index, deployed=[table], atomic=False)) == ["migration-fails"]


def test_where_it_failed_is_told(history: History) -> None:
    judgement = history.judge(NOTE, sql("SELECT nothing"), deployed=library())
    assert [finding.operation for finding in findings_of(judgement)] == [1]
    assert ": UndefinedColumn (SQLSTATE 42703)." in findings_of(judgement)[0].message


def test_a_migration_whose_rows_django_leaves_alone_was_seen_whole(history: History) -> None:
    """It asks for the name of the foreign key before it makes its column NOT NULL."""

    def book(**options: Any) -> Any:
        return models.ForeignKey("shop.Kind", models.CASCADE, related_name="+", **options)

    deployed = [*library(), AddField("Book", "other", book(null=True))]
    judgement = history.judge(AlterField("Book", "other", book()), deployed=deployed)
    assert judgement.verdict is Verdict.UNSAFE
    assert judgement.not_checked
    assert not judgement.is_partial


def test_code_that_needs_rows_passes_with_rows(history: History) -> None:
    judgement = history.judge(code(refuse), NOTE, deployed=library())
    assert (judgement.verdict, judgement.findings) == (Verdict.SAFE, ())


def test_what_follows_code_that_needs_rows_is_asked_about(history: History) -> None:
    for atomic in (True, False):
        judgement = history.judge(
            code(refuse), RemoveField("Book", "title"), deployed=library(), atomic=atomic
        )
        assert rules_of(judgement) == ["column-removed", "data-dropped"]


def test_code_that_fails_is_found_and_the_rest_is_run(history: History) -> None:
    def fail(*_: Any) -> None:
        raise KeyError("x")

    judgement = history.judge(code(fail), RemoveField("Book", "title"), deployed=library())
    assert rules_of(judgement) == ["column-removed", "data-dropped", "migration-fails"]


def test_code_that_fails_twice_over(history: History) -> None:
    def fail(*_: Any) -> None:
        raise KeyError("x")

    judgement = history.judge(code(refuse), code(fail), NOTE, deployed=library())
    assert rules_of(judgement) == ["migration-fails"]


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (code(lambda rows, _: rows("Kind").get(code="default")), "looks for a row"),
        (sql("CREATE EXTENSION no_such_extension"), "role or server does not let it"),
        (sql("SET LOCAL statement_timeout = 20; SELECT pg_sleep(5)"), "took too long"),
    ],
)
def test_what_a_scratch_database_has_not_is_no_fault(history: History, operation: Any, words: str) -> None:
    judgement = history.judge(operation, NOTE, deployed=library())
    assert (judgement.verdict, rules_of(judgement)) == (Verdict.UNKNOWN, [])
    assert words in judgement.not_checked[0]


def test_rows_that_code_cannot_read_leave_it_open(history: History) -> None:
    judgement = history.judge(code(parse), deployed=library())
    assert judgement.verdict is Verdict.UNKNOWN
    assert judgement.not_checked == ("Whether the rows that exist pass: on generated rows it fails.",)


def test_what_was_done_before_rows_did_not_pass_is_told(history: History) -> None:
    judgement = history.judge(sql("UPDATE shop_book SET pages = 1"), code(parse), deployed=library())
    assert rules_of(judgement) == ["bulk-write"]


def test_a_constraint_that_old_rows_may_meet_is_no_failure(history: History) -> None:
    constraint = models.CheckConstraint(condition=models.Q(pages__gt=10_000_000), name="thick")
    from django.db.migrations import AddConstraint

    judgement = history.judge(AddConstraint("Book", constraint), deployed=library())
    assert rules_of(judgement) == ["check-validation"]
    assert judgement.not_checked == ("Whether the rows that exist pass: on generated rows it fails.",)


def test_what_depends_on_code_that_fails_is_not_judged(history: History) -> None:
    def fail(*_: Any) -> None:
        raise KeyError("x")

    def verdicts(operation: Any) -> list[Verdict]:
        steps = [
            migration("0001_initial", library()),
            migration("0002_code", [operation], [INITIAL]),
            migration("0003_next", [NOTE], [("shop", "0002_code")]),
        ]
        return [judgement.verdict for judgement in history.trace(steps, ["0002_code", "0003_next"])]

    assert verdicts(code(fail)) == [Verdict.UNSAFE, Verdict.UNKNOWN]
    assert verdicts(code(refuse)) == [Verdict.SAFE, Verdict.SAFE]
    assert verdicts(code(lambda rows, _: rows("Kind").get(code="x"))) == [Verdict.UNKNOWN, Verdict.SAFE]


def test_what_depends_on_a_failure_is_not_judged(history: History) -> None:
    steps = [
        migration("0001_initial", library()),
        migration("0002_broken", [sql("SELECT nothing")], [INITIAL]),
        migration("0003_next", [NOTE], [("shop", "0002_broken")]),
        migration("0001_other", [sql("SELECT 1")], label="other"),
    ]
    broken, left, other = history.trace(steps, ["0002_broken", "0003_next", "0001_other"])
    assert [one.verdict for one in (broken, left, other)] == [Verdict.UNSAFE, Verdict.UNKNOWN, Verdict.SAFE]
    assert "shop.0002_broken, which it depends on" in left.not_checked[0]
    deployed, left = history.trace(steps[:3], ["0003_next"])
    assert (deployed.verdict, left.verdict) == (Verdict.UNKNOWN, Verdict.UNKNOWN)
    assert deployed.not_checked == ("It could not be applied to the scratch database (ProgrammingError).",)


@pytest.mark.parametrize("atomic", [True, False])
def test_code_of_history_that_wants_rows_is_passed_over(history: History, atomic: bool) -> None:
    steps = [
        migration("0001_initial", library()),
        migration("0002_data", [NOTE, code(refuse), code(lambda *_: None)], [INITIAL], atomic=atomic),
        migration("0003_next", [RemoveField("Kind", "note")], [("shop", "0002_data")]),
    ]
    passed_over, judgement = history.trace(steps, ["0003_next"])
    assert rules_of(judgement) == ["column-removed", "data-dropped"]
    assert passed_over.not_checked[0] == "RunPython was passed over, for it failed (ValueError)."


def test_it_may_fail_at_the_second_time(history: History) -> None:
    def forwards(rows: Any, _: Any) -> None:
        rows("Kind").exists()
        runs.append(1)
        if len(runs) == 3:
            raise KeyError("x")

    runs: list[int] = []
    steps = [
        migration("0001_initial", library()),
        migration("0002_moody", [SeparateDatabaseAndState([code(forwards)]), NOTE], [INITIAL]),
        migration("0003_next", [], [("shop", "0002_moody")]),
    ]
    verdicts = [judgement.verdict for judgement in history.trace(steps, ["0002_moody", "0003_next"])]
    assert verdicts == [Verdict.SAFE, Verdict.UNKNOWN]
