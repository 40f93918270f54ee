"""Tables of all sorts and names, and what is done to them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import models
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelTable,
    CreateModel,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
    SeparateDatabaseAndState,
)
from prodready_histories import History, create, findings_of, library, rules_of, sql

INT = models.IntegerField(default=0)
EVENTS = sql(
    """CREATE TABLE event (id bigint, day date, n int) PARTITION BY RANGE (day);
    CREATE TABLE event_old PARTITION OF event FOR VALUES FROM ('2020-01-01') TO ('2030-01-01');
    CREATE TABLE event_new (id bigint, day date, n int)"""
)
NOWHERE = "FOR VALUES FROM ('2030-01-01') TO ('2031-01-01')"


def odd(table: str) -> list[Any]:
    fields: list[Any] = [("id", models.BigAutoField(primary_key=True)), ("pages", INT)]
    return [sql('CREATE SCHEMA "Extra"'), CreateModel("Book", fields, {"db_table": table})]


@pytest.mark.parametrize(
    ("table", "name"),
    [("My.Books", '"My.Books"'), ('Extra"."Books', '"Extra"."Books"'), ("BOOKS", '"BOOKS"')],
)
def test_odd_names(history: History, table: str, name: str) -> None:
    update = sql(f"UPDATE {name} SET pages = 1")
    assert rules_of(history.judge(update, deployed=odd(table))) == ["bulk-write"]
    assert rules_of(history.judge(update, deployed=odd(table), atomic=False)) == ["bulk-write"]
    removed = history.judge(RemoveField("Book", "pages"), deployed=odd(table))
    assert rules_of(removed) == ["column-removed", "data-dropped"]
    concurrently = AddIndexConcurrently("Book", models.Index(fields=["pages"], name="i"))
    assert rules_of(history.judge(concurrently, deployed=odd(table), atomic=False)) == []


@pytest.mark.parametrize(
    ("statement", "rules"),
    [
        ("CREATE INDEX i ON event (n)", ["index-build"]),
        ("CREATE INDEX i ON ONLY event (n)", []),
        (f"CREATE TABLE event_later PARTITION OF event {NOWHERE}", []),
        (f"ALTER TABLE event ATTACH PARTITION event_new {NOWHERE}", ["scan-under-lock"]),
        ("ALTER TABLE event DETACH PARTITION event_old", []),
        ("UPDATE event_new SET n = 1", ["bulk-write"]),
        ("CREATE MATERIALIZED VIEW v AS SELECT * FROM event_new", []),
        ("CREATE TEMP TABLE t AS SELECT * FROM event_new; CREATE INDEX ON t (n); DROP TABLE t", []),
        ("CREATE TABLE event_child () INHERITS (event_new)", []),
        ("ALTER TABLE event_new SET (fillfactor = 70)", []),
        ("LOCK TABLE event_new IN SHARE MODE", []),
        ("SELECT count(*) FROM event_new; CREATE INDEX i ON event_new (n)", ["index-build"]),
        ("DROP TABLE event_new", []),
    ],
)
def test_tables_without_models(history: History, statement: str, rules: list[str]) -> None:
    assert rules_of(history.judge(sql(statement), deployed=[EVENTS])) == rules


def test_rows_that_no_one_can_make(history: History) -> None:
    tables = sql(
        "CREATE TABLE picky (n int CHECK (n < 0), m int GENERATED ALWAYS AS (n) STORED, p point)",
        "CREATE TABLE bare ()",
    )
    work = sql("UPDATE picky SET n = -1; ALTER TABLE bare ADD COLUMN a int")
    assert rules_of(history.judge(work, deployed=[tables])) == []


VIEW = CreateModel(
    "Thick",
    [("id", models.BigAutoField(primary_key=True)), ("pages", models.IntegerField())],
    {"managed": False, "db_table": "shop_thick"},
)
TWICE = AddField("Thick", "twice", models.IntegerField(null=True))


@pytest.mark.parametrize(
    ("statement", "rules"),
    [
        # Nobody writes it; those who read it wait for the strongest lock alone.
        ("REFRESH MATERIALIZED VIEW CONCURRENTLY thick", []),
        ("CREATE INDEX i ON thick (pages)", []),
        ("REFRESH MATERIALIZED VIEW thick", ["scan-under-lock", "table-rewrite"]),
    ],
)
def test_locks_of_a_materialised_view(history: History, statement: str, rules: list[str]) -> None:
    view = "CREATE MATERIALIZED VIEW thick AS SELECT id, pages FROM shop_book"
    deployed = [*library(), sql(view, "CREATE UNIQUE INDEX thick_id ON thick (id)")]
    assert rules_of(history.judge(sql(statement), deployed=deployed)) == rules


@pytest.mark.parametrize(
    ("statement", "rules"),
    [
        ("ALTER DOMAIN pages SET NOT NULL", ["scan-under-lock"]),
        ("ALTER DOMAIN pages ADD CHECK (VALUE IS NOT NULL) NOT VALID", []),
        ("ALTER DOMAIN pages SET DEFAULT 1", []),
    ],
)
def test_rows_that_do_not_fit_a_domain_are_read_all_the_same(
    history: History, statement: str, rules: list[str]
) -> None:
    column = "ALTER TABLE shop_book ALTER pages DROP NOT NULL, ALTER pages TYPE pages"
    deployed = [*library(), sql("CREATE DOMAIN pages AS integer", column, "UPDATE shop_book SET pages = NULL")]
    assert rules_of(history.judge(sql(statement), deployed=deployed)) == rules


@pytest.mark.parametrize("kind", ["VIEW", "MATERIALIZED VIEW"])
def test_views_have_no_rows_to_lose(history: History, kind: str) -> None:
    made = sql(f"CREATE {kind} shop_thick AS SELECT id, pages FROM shop_book")
    drop = [sql(f"DROP {kind} shop_thick"), DeleteModel("Thick")]
    dropped = history.judge(*drop, deployed=[*library(), made, VIEW])
    assert rules_of(dropped) == ["table-removed"]


@pytest.mark.parametrize(
    "view",
    [
        "VIEW shop_thick AS SELECT id, pages, pages % 2 AS twice FROM shop_book",
        "VIEW shop_thick AS SELECT max(id) AS id, pages, 2 AS twice FROM shop_book GROUP BY pages",
        "MATERIALIZED VIEW shop_thick AS SELECT id, pages, 2 AS twice FROM shop_book",
    ],
)
def test_new_code_does_not_write_what_is_only_shown(history: History, view: str) -> None:
    assert rules_of(history.judge(sql(f"CREATE {view}"), VIEW, TWICE, deployed=library())) == []


def test_new_code_that_misses_a_column_of_a_view(history: History) -> None:
    made = sql("CREATE VIEW shop_thick AS SELECT id, pages FROM shop_book")
    judgement = history.judge(made, VIEW, TWICE, deployed=library())
    assert rules_of(judgement) == ["models-and-schema-differ"]


def char(**options: Any) -> models.CharField[Any, Any]:
    return models.CharField(**({"max_length": 20} | options))


def book_field(name: str, field: Any) -> AddField:
    return AddField("Book", name, field)


@pytest.mark.parametrize(
    ("operations", "rules"),
    [
        pytest.param(
            [AddIndex("Book", models.Index(fields=["pages"], name="i"))], ["index-build"], id="index"
        ),
        pytest.param(
            [AddConstraint("Kind", models.UniqueConstraint(fields=["code"], name="u"))],
            ["unique-constraint"],
            id="u",
        ),
        pytest.param(
            [sql("ALTER TABLE shop_kind ADD EXCLUDE (code WITH =)")], ["exclusion-constraint"], id="x"
        ),
        pytest.param([sql("REINDEX TABLE shop_kind")], ["index-rebuild"], id="reindex"),
        pytest.param([sql('ALTER TABLE shop_kind ALTER code TYPE text COLLATE "C"')], [], id="collation"),
        pytest.param(
            [AddConstraint("Book", models.CheckConstraint(condition=models.Q(pages__lt=10**9), name="c"))],
            ["check-validation"],
            id="check",
        ),
        pytest.param(
            [
                sql(
                    "ALTER TABLE shop_kind ADD CONSTRAINT c CHECK (code <> '0') NOT VALID",
                    "ALTER TABLE shop_kind VALIDATE CONSTRAINT c",
                )
            ],
            ["check-validation"],
            id="validated at once",
        ),
        pytest.param(
            [sql("ALTER TABLE shop_book ALTER note SET NOT NULL")],
            ["models-and-schema-differ", "not-null-scan", "not-null-without-default"],
            id="not null",
        ),
        pytest.param(
            [AlterField("Book", "pages", models.BigIntegerField(default=0))],
            ["column-type-rewrite"],
            id="type",
        ),
        pytest.param(
            [book_field("extra", models.PositiveIntegerField(null=True))],
            ["check-validation"],
            id="hidden check",
        ),
        pytest.param(
            [
                book_field(
                    "other", models.ForeignKey("shop.Kind", models.CASCADE, null=True, related_name="+")
                )
            ],
            ["index-build"],
            id="foreign key",
        ),
        pytest.param(
            [AlterField("Book", "kind", models.ForeignKey("shop.Kind", models.CASCADE, null=True))],
            ["foreign-key-validation"],
            id="foreign key made anew",
        ),
        pytest.param(
            [sql("ALTER TABLE shop_book ADD s uuid DEFAULT gen_random_uuid()")],
            ["volatile-default"],
            id="volatile",
        ),
        pytest.param(
            [sql("ALTER TABLE shop_book ADD s int GENERATED ALWAYS AS (pages % 7) STORED")],
            ["stored-generated-column"],
            id="generated",
        ),
        pytest.param([sql("ALTER TABLE shop_spare SET UNLOGGED")], ["table-rewrite"], id="unlogged"),
        pytest.param(
            [create("Shelf", book=models.ForeignKey("shop.Book", models.CASCADE))], [], id="new table"
        ),
        pytest.param(
            [book_field("tags", models.ManyToManyField("shop.Kind", related_name="+"))], [], id="m2m"
        ),
        pytest.param(
            [sql("ALTER TABLE shop_kind ALTER id DROP IDENTITY")],
            ["models-and-schema-differ", "not-null-without-default"],
            id="no more numbers",
        ),
        pytest.param([RenameField("Book", "pages", "leaves")], ["column-renamed"], id="column renamed"),
        pytest.param([AlterModelTable("Book", "books")], ["table-renamed"], id="table renamed"),
        pytest.param([RenameModel("Kind", "Sort")], ["foreign-key-validation", "table-renamed"], id="model"),
        pytest.param([DeleteModel("Book")], ["data-dropped", "table-removed"], id="table removed"),
        pytest.param([book_field("shelf", INT)], ["not-null-without-default"], id="no default"),
        pytest.param(
            [AlterField("Book", "note", models.IntegerField(default=0))],
            ["not-null-scan", "not-null-without-default", "scan-under-lock"],
            id="null no more",
        ),
        pytest.param(
            [AlterField("Kind", "code", char(max_length=5))],
            ["column-narrowed", "column-type-rewrite"],
            id="narrow",
        ),
        pytest.param(
            [
                SeparateDatabaseAndState(
                    state_operations=[book_field("ghost", models.IntegerField(null=True))]
                )
            ],
            ["models-and-schema-differ"],
            id="column of the state alone",
        ),
        pytest.param(
            [SeparateDatabaseAndState(state_operations=[create("Ghost", x=INT)])],
            ["models-and-schema-differ"],
            id="table of the state alone",
        ),
        pytest.param(
            [SeparateDatabaseAndState(state_operations=[RemoveField("Book", "title")])],
            ["models-and-schema-differ"],
            id="removed from the state alone",
        ),
        pytest.param(
            [SeparateDatabaseAndState(state_operations=[AlterField("Kind", "code", char(max_length=99))])],
            ["models-and-schema-differ"],
            id="longer in the state alone",
        ),
        pytest.param(
            [
                sql(
                    """CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql
                    AS $$ BEGIN NEW.nothing = 1; RETURN NEW; END $$;
                    CREATE TRIGGER t BEFORE INSERT ON shop_kind FOR EACH ROW EXECUTE FUNCTION f()"""
                )
            ],
            ["incompatible-change", "models-and-schema-differ"],
            id="trigger that breaks",
        ),
        pytest.param(
            [sql("ALTER TABLE shop_kind ADD rank int NOT NULL")],
            [
                "fails-on-existing-rows",
                "models-and-schema-differ",
                "not-null-without-default",
                "scan-under-lock",
            ],
            id="any rows",
        ),
    ],
)
def test_what_is_done_to_tables(history: History, operations: Any, rules: list[str]) -> None:
    deployed = [
        *library(),
        AddField("Book", "note", models.IntegerField(null=True)),
        sql("CREATE TABLE shop_spare ()"),
    ]
    found = rules_of(history.judge(*operations, deployed=deployed))
    assert found == rules


def test_locks_and_names_are_told(history: History) -> None:
    judgement = history.judge(AddIndex("Book", models.Index(fields=["pages"], name="i")), deployed=library())
    (finding,) = findings_of(judgement)
    assert finding.tables == ("shop_book",)
    assert [(lock.table, lock.mode) for lock in finding.locks] == [("shop_book", "ShareLock")]
    assert finding.subject == "shop_book.i"
