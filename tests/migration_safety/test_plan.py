"""Which migrations are judged, in which order, and what counts as deployed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import connections
from django.db.migrations import Migration
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings
from prodready_databases import install, sqlite_entry

from django_prodready.migration_safety.plan import (
    Plan,
    PlanError,
    Selection,
    file_of,
    is_third_party,
    make_plan,
)

APP = "prodready_plans"
ALIAS = "planned"
SQUASHED = "0001_squashed_0002"


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any, tmp_path: Path) -> Iterator[Any]:
    install(monkeypatch, sqlite_entry(tmp_path / "target.sqlite3"), ALIAS)
    with django_db_blocker.unblock():
        yield connections[ALIAS]
        connections[ALIAS].close()
        del connections[ALIAS]


def migrations_in(form: str) -> AbstractContextManager[Any]:
    apps = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.messages", APP]
    return override_settings(INSTALLED_APPS=apps, MIGRATION_MODULES={APP: f"{APP}.{form}.migrations"})


def plan(form: str, connection: Any = None, /, **selection: Any) -> Plan:
    with migrations_in(form):
        return make_plan(Selection(**selection), connection, ALIAS)


def judged(plan: Plan) -> list[str]:
    return [step.key[1] for step in plan.judged]


def applied(connection: Any, *names: str) -> Any:
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for name in names:
        recorder.record_applied(APP, name)
    return connection


def test_what_is_not_applied_is_judged(target: Any) -> None:
    found = plan("plain", applied(target, "0001_first"))
    assert judged(found) == ["0002_second", "0003_third"]
    assert not found.each_deployed
    # What the target has comes first, whatever the order of the history.
    assert [step.key for step in found.steps if step.is_deployed] == [(APP, "0001_first")]
    assert found.steps[0].key == (APP, "0001_first")


def test_without_a_database_nothing_is_applied() -> None:
    assert judged(plan("plain")) == ["0001_first", "0002_second", "0003_third"]


def test_all_are_judged_on_demand(target: Any) -> None:
    found = plan("plain", applied(target, "0001_first"), everything=True)
    assert judged(found) == ["0001_first", "0002_second", "0003_third"]
    assert found.each_deployed
    assert not any(step.is_deployed for step in found.judged)


def test_what_was_installed_is_left_out_unless_asked_for() -> None:
    assert {step.key[0] for step in plan("plain").judged} == {APP}
    assert {step.key[0] for step in plan("plain", third_party=True).judged} == {APP, "auth", "contenttypes"}
    assert {step.key[0] for step in plan("plain", app_label="auth").judged} == {"auth"}


def test_a_project_without_urls(settings: Any) -> None:
    del settings.ROOT_URLCONF
    assert {step.key[0] for step in plan("plain").judged} == {APP}


def test_one_is_judged_by_its_name_even_when_applied(target: Any) -> None:
    found = plan("plain", applied(target, "0001_first", "0002_second"), app_label=APP, name="0002")
    assert judged(found) == ["0002_second"]
    assert found.steps[-1].key == (APP, "0002_second")
    assert found.each_deployed


def test_nothing_is_planned_behind_the_last_that_is_judged(target: Any) -> None:
    everything = applied(target, "0001_first", "0002_second", "0003_third")
    assert all(step.is_deployed for step in plan("plain", everything).steps)


@pytest.mark.parametrize(
    ("names", "steps"),
    [
        ((), [SQUASHED, "0003_third"]),
        (("0001_first",), ["0002_second", "0003_third"]),
        (("0001_first", "0002_second"), ["0003_third"]),
    ],
)
def test_a_squashed_migration_in_each_state(target: Any, names: tuple[str, ...], steps: list[str]) -> None:
    assert judged(plan("squashed", applied(target, *names))) == steps


def test_a_migration_that_was_replaced_can_be_named() -> None:
    found = plan("squashed", app_label=APP, name="0002")
    assert judged(found) == ["0002_second"]
    assert SQUASHED not in {step.key[1] for step in found.steps}


@pytest.mark.parametrize(
    ("form", "selection", "says"),
    [
        (
            "forked",
            {},
            "Several migrations are the last of their app (0002_left, 0002_right in prodready_plans)",
        ),
        ("broken", {}, "The migrations cannot be loaded: Migration 0001_first in app prodready_plans has no"),
        ("lost", {}, "The migrations cannot be loaded: "),
        ("plain", {"app_label": "nowhere"}, "The app nowhere is not installed."),
        ("plain", {"app_label": "messages"}, "The app messages has no migrations."),
        (
            "plain",
            {"app_label": APP, "name": "0"},
            "More than one migration of prodready_plans begins with 0",
        ),
        ("plain", {"app_label": APP, "name": "9"}, "No migration of prodready_plans begins with 9."),
    ],
)
def test_there_is_no_plan(form: str, selection: dict[str, Any], says: str) -> None:
    with pytest.raises(PlanError) as caught:
        plan(form, **selection)
    assert str(caught.value).startswith(says)


def test_a_history_with_a_hole_is_no_history(target: Any) -> None:
    with pytest.raises(PlanError, match="The history of the database is inconsistent"):
        plan("plain", applied(target, "0002_second"))


def test_a_migration_without_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    made = type("Migration", (Migration,), {"__module__": "made_here"})("0001_made", APP)
    assert file_of(made) is None
    assert not is_third_party(made)
    monkeypatch.setitem(__import__("sys").modules, "made_here", ModuleType("made_here"))
    assert file_of(made) is None
    assert (
        file_of(plan("plain").steps[-1].migration)
        == Path(__file__).parents[1] / APP / "plain/migrations/0003_third.py"
    )
