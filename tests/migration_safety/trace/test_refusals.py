"""Who is told of what was refused: the migration that tried, each time, and nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import models
from django.db.migrations import AddField
from prodready_commands import run_command
from prodready_histories import INITIAL, History, code, library, migration, rules_of, sql
from prodready_linted import SAFE, Project, make_project

from django_prodready.migration_safety.model import Verdict
from django_prodready.migration_safety.trace.refusals import REFUSALS

NOTE = AddField("Kind", "note", models.IntegerField(null=True))
CALL = "migrations.RunPython(forwards, migrations.RunPython.noop),"
CALLS_QUIETLY = """
import socket


def forwards(apps, schema_editor):
    for _ in range(2):
        try:
            socket.create_connection(("203.0.113.10", 80))
        except OSError:
            pass
"""
STATE_ONLY = """
migrations.SeparateDatabaseAndState(
    state_operations=[migrations.AddField("book", "note", models.TextField(null=True))]
),
"""
TOLD = "It tried to reach 203.0.113.10:80, which was refused while tracing."


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Project:
    made = make_project(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["pytest"])
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", f"{made.package}.settings")
    settings.INSTALLED_APPS = ["django.contrib.contenttypes", made.app, "django_prodready"]
    return made


def told(postgres_url: str, *arguments: str) -> dict[str, list[str]]:
    """Judge; what each migration could not be checked for."""
    options = ("--lint", "--trace", "--scratch-url", postgres_url, "--format", "json")
    report = json.loads(run_command("prodmigrate", *arguments, *options)[1])
    return {one["name"][:4]: one["not_checked"] for one in report["migrations"]}


@pytest.mark.django_db
def test_each_that_tries_is_told_of_it(project: Project, postgres_url: str) -> None:
    project.migration("0002_held", STATE_ONLY + CALL, "0001_initial", head=CALLS_QUIETLY)
    project.migration("0003_call", CALL, "0002_held", head=CALLS_QUIETLY)
    project.migration("0004_safe", SAFE, "0003_call")
    assert told(postgres_url) == {"0001": [], "0002": [TOLD], "0003": [TOLD], "0004": []}
    assert TOLD not in told(postgres_url, "shop", "0004")["0004"]  # 0003 tries on the way there


def reach(rows: Callable[[str], Any], _: Any) -> None:
    REFUSALS.add("tried to reach it")
    raise ConnectionRefusedError


def reach_for_rows(rows: Callable[[str], Any], _: Any) -> None:
    if rows("Kind").exists():
        REFUSALS.add("tried to reach it")
        rows("Kind").update(code=None)


@pytest.mark.parametrize("atomic", [True, False])
def test_what_fails_for_it_is_unknown_and_the_rest_is_judged(history: History, atomic: bool) -> None:
    index = sql("CREATE INDEX slow ON shop_book (pages)")
    steps = [
        migration("0001_initial", library()),
        migration("0002_reach", [code(reach), NOTE], [INITIAL], atomic=atomic),
        migration("0003_index", [code(reach), index], [("shop", "0002_reach")]),
    ]
    first, second = history.trace(steps, ["0002_reach", "0003_index"])
    assert (first.verdict, rules_of(first)) == (Verdict.UNKNOWN, [])
    assert rules_of(second) == ["index-build"]
    words = "It was not run whole: it needs what is out of reach in a trace (ConnectionRefusedError)."
    assert (first.not_checked, second.not_checked) == ((words,), (words,))


def test_rows_that_it_got_nothing_for_are_no_fault(history: History) -> None:
    judgement = history.judge(code(reach_for_rows), deployed=library())
    assert (judgement.verdict, rules_of(judgement)) == (Verdict.UNKNOWN, [])
    (words,) = judgement.not_checked
    assert words.startswith("It was not run whole where there are rows: it needs what is out of reach")


def test_what_is_deployed_may_have_reached_for_it(history: History) -> None:
    steps = [
        migration("0001_initial", [*library(), code(reach)]),
        migration("0002_note", [NOTE], [INITIAL]),
    ]
    deployed, judged = history.trace(steps, ["0002_note"])
    assert "out of reach in a trace (ConnectionRefusedError)" in deployed.not_checked[0]
    assert judged.verdict is Verdict.SAFE
