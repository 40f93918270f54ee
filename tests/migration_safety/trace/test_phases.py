"""Judged from the operations or run, a migration has the same phase, and is as whole."""

from __future__ import annotations

import dataclasses

import pytest
from django.db.migrations import (
    AddField,
    AddIndex,
    AlterField,
    DeleteModel,
    RemoveField,
    RenameField,
    SeparateDatabaseAndState,
)
from django.db.models import CharField, Index, IntegerField
from prodready_histories import INITIAL, History, code, create, library, migration, plan_of, sql

from django_prodready.migration_safety.merging import verdict_of
from django_prodready.migration_safety.model import Phase, Verdict
from django_prodready.migration_safety.static.judge import judge
from django_prodready.reporting.finding import Suppression

ACCEPTED = Suppression(by="ignore", reason="it is small")

DEPLOYED = [
    *library(),
    create("Shelf", height=IntegerField(null=True)),
    AddField("Book", "state", CharField(max_length=9, db_default="new")),
]

CASES = {
    # What the deployed code needs goes; that the new code cannot INSERT before does not matter.
    "a column that is NOT NULL": ([RemoveField("Book", "pages")], Phase.CONTRACT),
    "a column in SQL": (
        [
            SeparateDatabaseAndState(
                [sql("ALTER TABLE shop_book DROP COLUMN pages")], [RemoveField("Book", "pages")]
            )
        ],
        Phase.CONTRACT,
    ),
    "a table": ([DeleteModel("Shelf")], Phase.CONTRACT),
    "a table, and one that no model has": (
        [sql("CREATE TABLE shop_kept AS SELECT * FROM shop_shelf"), DeleteModel("Shelf")],
        Phase.CONTRACT,
    ),
    "NULL": ([AlterField("Shelf", "height", IntegerField())], Phase.CONTRACT),
    "length": ([AlterField("Book", "state", CharField(max_length=2, default="a"))], Phase.CONTRACT),
    "a default": ([AlterField("Book", "state", CharField(max_length=9, default="new"))], Phase.CONTRACT),
    # What the new code needs comes.
    "a column comes": ([AddField("Book", "note", CharField(max_length=9, null=True))], Phase.EXPAND),
    "one without default": ([AddField("Book", "note", CharField(max_length=9, default="x"))], Phase.EXPAND),
    "another name": ([RenameField("Book", "pages", "leaves")], Phase.EXPAND),
    "one comes, one goes": (
        [RemoveField("Book", "pages"), AddField("Book", "leaves", IntegerField(null=True))],
        Phase.EXPAND,
    ),
    "a table comes": ([RemoveField("Book", "pages"), create("Rack")], Phase.EXPAND),
    # Neither.
    "an index": ([AddIndex("Book", Index(fields=["pages"], name="i"))], Phase.EXPAND),
    "only the models": ([SeparateDatabaseAndState([], [RemoveField("Book", "pages")])], Phase.EXPAND),
    "code": ([code(lambda rows, editor: None)], Phase.EXPAND),
}


@pytest.mark.parametrize(("operations", "phase"), CASES.values(), ids=CASES)
def test_both_say_the_same(history: History, operations, phase):
    steps = [migration(INITIAL[1], DEPLOYED), migration("0002_judged", operations, [INITIAL])]
    (inferred,) = judge(plan_of(steps, ["0002_judged"]))
    (traced,) = history.trace(steps, ["0002_judged"])
    assert (inferred.phase, traced.phase) == (phase, phase)


def test_what_was_not_seen_whole_is_unknown_without_its_findings(history: History):
    index = AddIndex("Book", Index(fields=["pages"], name="i"))
    find = code(lambda rows, editor: rows("Kind").get(code="only in production"))
    seen = history.judge(index, find, deployed=library())
    assert (seen.verdict, seen.is_partial) == (Verdict.UNSAFE, True)
    accepted = [dataclasses.replace(one, suppressed=ACCEPTED) for one in seen.findings]
    assert verdict_of(dataclasses.replace(seen, findings=tuple(accepted))) is Verdict.UNKNOWN
    assert not history.judge(index, deployed=library()).is_partial
