"""Several migrations in a row: what counts as deployed, and when the new code is there."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connections, models
from django.db.migrations import (
    AddField,
    AddIndex,
    AlterModelOptions,
    DeleteModel,
    RemoveField,
    SeparateDatabaseAndState,
)
from django.db.migrations.loader import MigrationLoader
from django.test import override_settings
from prodready_histories import (
    ALIAS,
    INITIAL,
    LABEL,
    History,
    code,
    create,
    emptied,
    library,
    migration,
    rules_of,
    sql,
)

from django_prodready.migration_safety.model import Phase
from django_prodready.migration_safety.trace import unmigrated
from django_prodready.migration_safety.trace.initial_rows import InitialRows
from django_prodready.migration_safety.trace.run import share

FORGET = SeparateDatabaseAndState(state_operations=[RemoveField("Book", "pages")])
DROP = sql("ALTER TABLE shop_book DROP COLUMN pages")


def in_turn(*operations: Any) -> list[Any]:
    steps = [migration("0001_initial", library())]
    for number, operation in enumerate(operations, 2):
        steps.append(migration(f"000{number}_step", [operation], [(LABEL, steps[-1].name)]))
    return steps


def test_a_release_of_each_migration(history: History) -> None:
    forget, drop = history.trace(in_turn(FORGET, DROP), ["0002_step", "0003_step"])
    assert rules_of(forget) == ["models-and-schema-differ"]
    assert rules_of(drop) == []


def test_one_release_of_all_migrations(history: History) -> None:
    found = history.trace(in_turn(FORGET, DROP), ["0002_step", "0003_step"], each_deployed=False)
    judged = {judgement.key[1]: judgement for judgement in found}
    assert rules_of(judged["0002_step"]) == []
    assert rules_of(judged["0003_step"]) == ["column-removed", "data-dropped"]


def test_what_only_the_old_code_uses_goes_last(history: History) -> None:
    forget = AddField("Book", "note", models.IntegerField(null=True))
    judgement = history.trace(in_turn(forget, RemoveField("Book", "note")), ["0003_step"])[0]
    assert judgement.phase is Phase.CONTRACT


def test_one_release_whose_end_does_not_fit(history: History) -> None:
    found = history.trace(in_turn(FORGET, sql("SELECT 1")), ["0002_step", "0003_step"], each_deployed=False)
    assert {judgement.key[1]: rules_of(judgement) for judgement in found} == {
        "0002_step": ["models-and-schema-differ"],
        "0003_step": [],
    }


def test_what_the_release_makes_is_nobodys_yet(history: History) -> None:
    steps = in_turn(
        create("Shelf", width=models.IntegerField(default=0)),
        AddIndex("Shelf", models.Index(fields=["width"], name="i")),
    )
    pending = history.trace(steps, ["0002_step", "0003_step"], each_deployed=False)
    assert [rules_of(judgement) for judgement in pending] == [[], []]
    each = history.trace(steps, ["0002_step", "0003_step"])
    assert [rules_of(judgement) for judgement in each] == [[], ["index-build"]]


def test_an_index_is_known_to_the_next_migration(history: History) -> None:
    index = AddIndex("Book", models.Index(fields=["pages"], name="i"))
    note = AddField("Book", "note", models.IntegerField(null=True))
    steps = in_turn(index, note)
    both = ["0002_step", "0003_step"]
    assert [rules_of(judgement) for judgement in history.trace(steps, both)] == [["index-build"], []]
    again = in_turn(note, index, AddField("Book", "more", models.IntegerField(null=True)))
    around = ["0002_step", "0004_step"]
    for each_deployed in (True, False):
        found = history.trace(again, around, each_deployed=each_deployed)
        assert [rules_of(judgement) for judgement in found] == [[], []]


def test_an_index_made_beside_writers_is_known_too(history: History) -> None:
    made = sql("CREATE UNIQUE INDEX CONCURRENTLY i ON shop_book (pages)")
    steps = in_turn(made, sql("ALTER TABLE shop_book ADD CONSTRAINT i UNIQUE USING INDEX i"))
    steps[1].atomic = False
    assert [rules_of(judgement) for judgement in history.trace(steps, ["0002_step", "0003_step"])] == [[], []]


def test_a_table_whose_model_is_forgotten_is_nobodys(history: History) -> None:
    forget = SeparateDatabaseAndState(state_operations=[DeleteModel("Book")])
    widen = sql("ALTER TABLE shop_book ALTER pages TYPE bigint")
    for judged in (["0002_step", "0003_step"], ["0003_step"]):
        assert rules_of(history.trace(in_turn(forget, widen), judged)[-1]) == []
    together = history.trace(in_turn(forget, widen), ["0002_step", "0003_step"], each_deployed=False)
    assert rules_of(together[-1]) == ["column-type-rewrite"]


def test_rows_of_djangos_own_apps_are_there(history: History) -> None:
    def look(rows: Any, editor: Any) -> None:
        alias = editor.connection.alias
        kind = ContentType.objects.using(alias).get(app_label=LABEL, model="book")
        Permission.objects.using(alias).get(content_type=kind, codename="add_book")
        Permission.objects.using(alias).get(content_type=kind, codename="lend")
        InitialRows(alias).bring_in(rows("Kind").model._meta.apps)  # nothing is missing
        Permission.objects.using(alias).get(content_type=kind, codename="lend")
        rows("Kind").create(code="x")

    loader = MigrationLoader(None)
    wanted = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    keys = dict.fromkeys(key for leaf in wanted for key in loader.graph.forwards_plan(leaf))
    before = []
    for key in keys:
        each = loader.graph.nodes[key]
        needs = [parent.key for parent in loader.graph.node_map[key].parents]
        before.append(migration(each.name, each.operations, needs, label=each.app_label))
    lend = AlterModelOptions("Book", {"permissions": [("lend", "Can lend books")]})
    after = in_turn(code(look), AddField("Kind", "note", models.IntegerField(null=True)))
    after[0].operations.append(lend)
    steps = [*before, *after]
    for _ in range(2):
        (first, second) = history.trace(steps, ["0002_step", "0003_step"])
        assert (rules_of(first), first.not_checked, rules_of(second)) == ([], (), [])


def test_the_first_site(history: History) -> None:
    site = create("Site", domain=models.CharField(max_length=100), name=models.CharField(max_length=50))
    steps = [migration("0001_initial", [site], label="sites"), migration("0001_initial", library())]

    def count(rows: Any, editor: Any) -> None:
        InitialRows(editor.connection.alias).bring_in(rows("Kind").model._meta.apps)
        editor.connection.cursor().execute("SELECT 1 / count(*) FROM sites_site")

    look = code(count)
    steps.append(migration("0002_step", [look], [INITIAL, ("sites", "0001_initial")]))
    steps.append(migration("0003_again", [look], [(LABEL, "0002_step")]))
    for judgement in history.trace(steps, ["0002_step", "0003_again"]):
        assert (rules_of(judgement), judgement.not_checked) == ([], ())


def test_a_table_that_refuses_is_left(history: History) -> None:
    with emptied(history.connection):
        InitialRows(ALIAS).bring_in(apps)  # none of its tables is there
        history.connection.ensure_connection()


def test_apps_without_migrations_have_tables(history: History) -> None:
    config = apps.get_app_config("auth")
    with emptied(history.connection):
        with override_settings(DATABASE_ROUTERS=[]):
            unmigrated.create_tables(history.connection, ["auth", "sessions", "messages"])
        tables = history.connection.introspection.table_names()
    assert {model._meta.db_table for model in config.get_models()} <= {*tables}
    assert "django_content_type" not in tables


def test_aliases_of_one_place_share_a_session(history: History, monkeypatch: Any) -> None:
    monkeypatch.setitem(connections.settings, "twin", connections.settings[ALIAS])
    share(history.connection)
    try:
        assert connections["twin"] is connections[ALIAS]
        assert connections["default"] is not connections[ALIAS]
    finally:
        del connections["twin"]
