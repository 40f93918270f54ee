"""Transactions that a migration opens, ends and breaks by itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, models, transaction
from django.db.migrations import AddField
from prodready_histories import History, code, library, rules_of, sql

from django_prodready.migration_safety.model import Verdict
from django_prodready.migration_safety.trace import trial

NOTE = AddField("Kind", "note", models.IntegerField(null=True))


@pytest.fixture(autouse=True)
def fewer_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "MANY_ROWS", 2_000)


def catches(rows: Any, editor: Any) -> None:
    try:
        with transaction.atomic(editor.connection.alias):
            rows("Kind").raw("SELECT * FROM nowhere")[0]
    except ProgrammingError:
        rows("Kind").filter(pk=1).update(code="x")


def takes_back(rows: Any, editor: Any) -> None:
    with transaction.atomic(editor.connection.alias):
        rows("Kind").create(code="dry run")
        transaction.set_rollback(True, editor.connection.alias)


def raises_inside(rows: Any, editor: Any) -> None:
    try:
        with transaction.atomic(editor.connection.alias):
            rows("Kind").create(pk=1, code="a")
            rows("Kind").create(pk=1, code="b")
    except IntegrityError:
        rows("Kind").filter(code="b").exists()


def execute(statement: str) -> Any:
    def forwards(_: Any, editor: Any) -> None:
        with editor.connection.cursor() as cursor:
            cursor.execute(statement)

    return code(forwards)


def swallows(_: Any, editor: Any) -> None:
    try:
        with editor.connection.cursor() as cursor:
            cursor.execute("COMMIT")
    except Exception:  # noqa: BLE001 - as migrations do
        pass


def later(rows: Any, editor: Any) -> None:
    transaction.on_commit(lambda: rows("Kind").update(code="x"), using=editor.connection.alias)


@pytest.mark.parametrize(
    ("operation", "atomic", "rules"),
    [
        pytest.param(code(catches), True, [], id="caught"),
        pytest.param(code(catches), False, [], id="caught without a transaction"),
        pytest.param(code(takes_back), False, [], id="taken back"),
        pytest.param(code(raises_inside), False, [], id="broken inside"),
        pytest.param(code(raises_inside), True, [], id="broken inside a savepoint"),
        pytest.param(
            sql("BEGIN; UPDATE shop_kind SET code = 'x'; COMMIT"), False, ["bulk-write"], id="one text"
        ),
        pytest.param(
            sql("BEGIN", "UPDATE shop_kind SET code = 'x'", "COMMIT"), False, ["bulk-write"], id="a list"
        ),
        pytest.param(
            sql("BEGIN; UPDATE shop_kind SET code = 'x'; COMMIT"), True, ["bulk-write"], id="in an atomic"
        ),
        pytest.param(
            sql("BEGIN; LOCK TABLE shop_kind IN SHARE MODE; SELECT count(*) FROM shop_kind; ROLLBACK"),
            False,
            ["scan-under-lock"],
            id="locked meanwhile",
        ),
        pytest.param(execute("COMMIT"), True, [], id="code commits"),
        pytest.param(execute("ROLLBACK"), True, [], id="code rolls back"),
        pytest.param(execute("BEGIN"), True, [], id="code begins"),
        pytest.param(execute("BEGIN"), False, [], id="code begins and does not end"),
        pytest.param(sql("BEGIN", "BEGIN", "COMMIT"), False, [], id="begun twice"),
        pytest.param(execute("COMMIT"), False, [], id="code commits nothing"),
        pytest.param(code(swallows), True, [], id="code would not hear"),
        pytest.param(sql("VACUUM FULL shop_kind"), False, ["table-rewrite"], id="never in a transaction"),
        pytest.param(code(later), True, ["bulk-write"], id="on commit"),
        pytest.param(code(later), False, ["bulk-write"], id="on commit at once"),
    ],
)
def test_transactions(history: History, operation: Any, atomic: bool, rules: list[str]) -> None:
    judgement = history.judge(operation, NOTE, deployed=library(), atomic=atomic)
    assert rules_of(judgement) == rules
    assert judgement.verdict is (Verdict.UNSAFE if rules else Verdict.SAFE)


def test_what_was_put_off_may_fail(history: History) -> None:
    def forwards(rows: Any, editor: Any) -> None:
        transaction.on_commit(
            lambda: rows("Kind").get(code="nowhere").delete(), using=editor.connection.alias
        )

    judgement = history.judge(code(forwards), NOTE, deployed=library())
    assert judgement.verdict is Verdict.UNKNOWN


def test_a_cursor_of_the_server_is_followed(history: History) -> None:
    def forwards(rows: Any, _: Any) -> None:
        for kind in rows("Kind").iterator(chunk_size=5):
            kind.code = "x"
            kind.save()

    assert rules_of(history.judge(code(forwards), deployed=library())) == ["bulk-write"]
    assert rules_of(history.judge(code(forwards), deployed=library(), atomic=False)) == []
