"""Models that a router keeps in another database have no table here: that is no fault of a migration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models, router
from django.db.migrations import AddField, RemoveField, RunPython, RunSQL
from django.test import override_settings
from prodready_histories import ALIAS, History, chained, code, create, library, migration, rules_of

from django_prodready.migration_safety.model import Verdict

NOTE = AddField("Event", "note", models.IntegerField(null=True))


class Elsewhere:
    """Keeps events in a database of their own, and tells code apart by hints."""

    def db_for_read(self, model: type[models.Model], **_: Any) -> str | None:
        return None

    db_for_write = db_for_read

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        if model_name == "event" or hints.get("of") == "events":
            return db == "events"
        return None


@pytest.fixture(autouse=True)
def _routed() -> Iterator[None]:
    with override_settings(DATABASE_ROUTERS=[Elsewhere()]):
        yield


def shop() -> list[Any]:
    event = create(
        "Event",
        name=models.TextField(),
        kind=models.ForeignKey("shop.Kind", models.CASCADE, db_constraint=False),
    )
    return [*library(), event]


@pytest.mark.parametrize("atomic", [True, False])
def test_what_is_done_to_it_is_nothing_here(history: History, atomic: bool) -> None:
    done = [
        NOTE,
        RemoveField("Event", "name"),
        create("Log", event=models.ForeignKey("shop.Event", models.CASCADE, db_constraint=False)),
    ]
    judgement = history.judge(*done, deployed=shop(), atomic=atomic)
    assert (judgement.verdict, rules_of(judgement), judgement.not_checked) == (Verdict.SAFE, [], ())


def test_it_may_be_made_elsewhere(history: History) -> None:
    judgement = history.judge(shop()[-1], deployed=library())
    assert (judgement.verdict, rules_of(judgement), judgement.not_checked) == (Verdict.SAFE, [], ())


def test_a_new_field_of_what_is_here_may_refer_to_it(history: History) -> None:
    field = models.ForeignKey("shop.Event", models.CASCADE, null=True, db_constraint=False, db_index=False)
    judgement = history.judge(AddField("Book", "event", field), deployed=shop())
    assert (judgement.verdict, rules_of(judgement), judgement.not_checked) == (Verdict.SAFE, [], ())


def test_code_that_uses_it_is_unknown_and_the_rest_is_judged(history: History) -> None:
    def copy(rows: Any, _: Any) -> None:
        for event in rows("Event").all():
            rows("Kind").create(code=event.name)

    index = RunSQL("CREATE INDEX slow ON shop_book (pages)", RunSQL.noop)
    judgement = history.judge(code(copy), index, deployed=shop())
    assert rules_of(judgement) == ["index-build"]
    assert judgement.not_checked == (
        "It was not run whole: it uses a table that the routers keep in another database.",
    )
    judgement = history.judge(code(copy), deployed=shop())
    assert judgement.verdict is Verdict.UNKNOWN


def test_code_that_asks_first_does_nothing_here(history: History) -> None:
    def by_router(apps: Any, editor: Any) -> None:
        if router.allow_migrate(editor.connection.alias, "shop", model_name="event"):
            apps.get_model("shop", "Event").objects.all().delete()

    def by_alias(apps: Any, editor: Any) -> None:
        if editor.connection.alias != ALIAS:
            raise LookupError(editor.connection.alias)

    def fail(*_: Any) -> None:
        raise LookupError

    operations = [
        RunPython(by_router, RunPython.noop),
        RunPython(by_alias, RunPython.noop),
        RunPython(fail, RunPython.noop, hints={"of": "events"}),
        RunSQL("SELECT nothing", RunSQL.noop, hints={"of": "events"}),
    ]
    judgement = history.judge(*operations, deployed=shop())
    assert (judgement.verdict, rules_of(judgement), judgement.not_checked) == (Verdict.SAFE, [], ())


def test_a_table_that_is_nowhere_fails(history: History) -> None:
    judgement = history.judge(RunSQL("SELECT * FROM no_such_table", RunSQL.noop), deployed=shop())
    assert rules_of(judgement) == ["migration-fails"]


def test_code_of_the_history_that_uses_it_is_passed_over(history: History) -> None:
    steps = chained(
        migration("0001_initial", [*shop(), code(lambda rows, _: rows("Event").count())]),
        migration("0002_note", [AddField("Kind", "note", models.IntegerField(null=True))]),
    )
    passed_over, judged = history.trace(steps, ["0002_note"])
    assert judged.verdict is Verdict.SAFE
    assert passed_over.not_checked[0].startswith("RunPython was passed over")


def test_a_table_of_this_name_may_be_here_later(history: History) -> None:
    """What was elsewhere, and is made by hand, is judged as any other table."""
    made = RunSQL("CREATE TABLE shop_event (id bigserial PRIMARY KEY, name text NOT NULL)", RunSQL.noop)
    steps = chained(
        migration("0001_initial", [*shop(), made]),
        migration("0002_index", [RunSQL("CREATE INDEX slow ON shop_event (name)", RunSQL.noop)]),
    )
    (judged,) = history.trace(steps, ["0002_index"])
    assert rules_of(judged) == ["index-build"]


def test_a_table_that_others_make_may_be_there(history: History) -> None:
    legacy = create("Legacy", name=models.TextField())
    legacy.options["managed"] = False
    judgement = history.judge(legacy, deployed=library())
    assert (judgement.verdict, rules_of(judgement), judgement.not_checked) == (Verdict.SAFE, [], ())
    judgement = history.judge(AddField("Legacy", "note", models.TextField(null=True)), deployed=[legacy])
    assert (judgement.verdict, rules_of(judgement), judgement.not_checked) == (Verdict.SAFE, [], ())
