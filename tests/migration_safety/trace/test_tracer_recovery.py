"""What a trace takes for the migration's fault is none of its own; after an error of its own it goes on."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, models
from django.db.migrations import AddField, AddIndex
from prodready_histories import (
    INITIAL,
    History,
    chained,
    code,
    create,
    findings_of,
    library,
    migration,
    rules_of,
    sql,
)

from django_prodready.migration_safety.model import Verdict
from django_prodready.migration_safety.trace import compatibility, tracer
from django_prodready.migration_safety.trace.trial import Trial

NOTE = AddField("Book", "note", models.TextField(null=True))


def fill_some(rows: Any, _: Any) -> None:
    rows("Book").filter(pages__gt=10).update(title="long")


def test_an_update_leaves_no_events_behind_on_rows_that_were_committed(history: History) -> None:
    judgement = history.judge(code(fill_some), NOTE, deployed=library())
    assert rules_of(judgement) == []
    assert judgement.verdict is Verdict.SAFE


def test_an_update_of_a_foreign_key_does(history: History) -> None:
    def move(rows: Any, _: Any) -> None:
        rows("Book").update(kind=rows("Kind").last())

    judgement = history.judge(code(move), NOTE, deployed=library())
    assert "pending-trigger-events" in rules_of(judgement)


def test_an_index_that_is_made_in_the_end_of_a_migration(history: History) -> None:
    state = AddField("Book", "state", models.CharField(max_length=9, default="new", db_index=True))
    judgement = history.judge(
        state, code(lambda rows, _: rows("Book").filter(pages__gt=10).update(state="old")), deployed=library()
    )
    assert not [finding for finding in findings_of(judgement) if finding.category.value == "fails"]
    assert "index-build" in rules_of(judgement)


def test_a_statement_that_fails_in_the_end_of_a_migration(history: History) -> None:
    def fail(_: Any, editor: Any) -> None:
        editor.deferred_sql.append("SELECT 1/0")

    steps = chained(
        migration("0001_initial", library()),
        migration("0002_step", [code(fail)]),
        migration("0003_next", [NOTE]),
    )
    first, second = history.trace(steps, ["0002_step", "0003_next"])
    assert rules_of(first) == ["migration-fails"]
    assert second.verdict is Verdict.UNKNOWN
    again = history.trace([*steps[:2], migration("0003_other", [NOTE], [INITIAL])], ["0003_other"])
    assert [judgement.verdict for judgement in again] == [Verdict.UNKNOWN, Verdict.SAFE]


@pytest.fixture
def _confused(monkeypatch: pytest.MonkeyPatch) -> None:
    original = Trial.run

    def run(self: Any) -> Any:
        if self._migration.name == "0002_step":
            with self._connection.cursor() as cursor, tracer.transaction.atomic(self._alias):
                cursor.execute("SELECT 1")
                raise TypeError("a value")
        return original(self)

    monkeypatch.setattr(Trial, "run", run)


@pytest.mark.usefixtures("_confused")
@pytest.mark.parametrize("atomic", [True, False])
def test_an_error_of_its_own(history: History, atomic: bool) -> None:
    steps = chained(
        migration("0001_initial", library()),
        migration("0002_step", [NOTE], atomic=atomic),
        migration("0003_next", [AddIndex("Book", models.Index(fields=["note"], name="i"))]),
    )
    first, second = history.trace(steps, ["0002_step", "0003_next"])
    assert first.verdict is Verdict.UNKNOWN
    assert first.not_checked[0].startswith("It was not judged: TypeError in test_tracer_recovery.py, line ")
    assert "a value" not in str(first)
    assert rules_of(second) == (["index-build"] if atomic else [])
    assert second.verdict is (Verdict.UNSAFE if atomic else Verdict.UNKNOWN)


@pytest.mark.usefixtures("_confused")
def test_a_server_that_is_gone(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(connection: Any) -> None:
        connection.in_atomic_block = False
        raise OperationalError

    monkeypatch.setattr(tracer, "start_over", lost)
    steps = chained(migration("0001_initial", library()), migration("0002_step", [NOTE]))
    with pytest.raises(TypeError):
        history.trace(steps, ["0002_step"])


def test_what_the_trace_had_open_is_taken_back(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    original = compatibility.probe
    calls = []

    def probe(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 1:
            raise ValueError
        return original(*arguments)

    monkeypatch.setattr(compatibility, "probe", probe)
    steps = chained(
        migration("0001_initial", library()),
        migration("0002_step", [NOTE]),
        migration("0003_next", [sql("SELECT 1")]),
    )
    first, second = history.trace(steps, ["0002_step", "0003_next"])
    assert first.verdict is Verdict.UNKNOWN
    assert second.verdict is Verdict.SAFE


def test_managers_look_again_for_what_was_taken_back(history: History) -> None:
    """Content types are remembered by the models of a state, which all runs share."""

    def tag(apps: Any, editor: Any) -> None:
        alias = editor.connection.alias
        kinds = apps.get_model("contenttypes", "ContentType").objects.db_manager(alias)
        kind = kinds.get_for_model(apps.get_model("shop", "Book"))
        apps.get_model("shop", "Tag").objects.using(alias).create(kind_id=kind.pk)

    operation = code(lambda *_: None)
    operation.code = tag
    kinds = create(
        "ContentType", app_label=models.CharField(max_length=100), model=models.CharField(max_length=100)
    )
    kinds.options["db_table"] = ContentType._meta.db_table
    kinds.managers = [("objects", type(ContentType.objects)())]
    tags = create("Tag", kind=models.ForeignKey("contenttypes.ContentType", models.CASCADE))
    steps = chained(
        migration("0001_types", [kinds], label="contenttypes"),
        migration("0001_initial", [*library(), tags]),
        migration("0002_step", [operation]),
    )
    (judgement,) = history.trace(steps, ["0002_step"])
    assert judgement.verdict is Verdict.SAFE
    assert judgement.not_checked == ()
