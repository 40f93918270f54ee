"""Domains and views in SQL, and what they make of a change to the columns below them.

The verdicts are what PostgreSQL 15 and 18 were seen to do.
"""

from __future__ import annotations

import pytest
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from prodready_static_migrations import judge_operations

from django_prodready.migration_safety.model import Verdict


def judge(sql, deployed):
    return judge_operations(f"migrations.RunSQL({sql!r})", deployed=f"migrations.RunSQL({deployed!r})")


def rules_of(judgement):
    return sorted({finding.rule for finding in judgement.findings if finding.category is not None})


def told(judgement):
    return [finding.message for finding in judgement.findings]


DOMAINS = """
CREATE DOMAIN plain AS text;
CREATE DOMAIN short AS varchar(20);
CREATE DOMAIN checked AS text CONSTRAINT c CHECK (VALUE <> '');
CREATE DOMAIN known AS integer NOT NULL;
CREATE DOMAIN three AS integer DEFAULT 3;
CREATE DOMAIN positive AS integer DEFAULT 3 CHECK (VALUE > 0);
CREATE DOMAIN narrow AS positive CHECK (VALUE < 9);
CREATE DOMAIN moment AS timestamptz DEFAULT clock_timestamp();
ALTER TABLE shop_author ADD p plain, ADD s short;
CREATE TABLE shop_coin (a checked, b text, c positive, d integer, e varchar(20));
"""


@pytest.mark.parametrize(
    ("sql", "rules"),
    [
        ("ALTER TABLE shop_coin ADD x plain", []),
        ("ALTER TABLE shop_coin ADD x three", []),
        ("ALTER TABLE shop_coin ADD x checked", ["table-rewrite"]),
        ("ALTER TABLE shop_coin ADD x checked DEFAULT 'q'", ["table-rewrite"]),
        ("ALTER TABLE shop_coin ADD x positive", ["table-rewrite"]),
        ("ALTER TABLE shop_coin ADD x narrow", ["table-rewrite"]),
        ("ALTER TABLE shop_coin ADD x moment", ["volatile-default"]),
        ("ALTER TABLE shop_coin ADD x known", ["fails-on-existing-rows", "table-rewrite"]),
        ("ALTER TABLE shop_coin ADD x known DEFAULT 1", ["table-rewrite"]),
        ("ALTER TABLE shop_author ALTER p TYPE text", []),
        ("ALTER TABLE shop_author ALTER s TYPE varchar(20)", []),
        ("ALTER TABLE shop_author ALTER s TYPE varchar(30)", ["table-rewrite"]),
        ("ALTER TABLE shop_author ALTER s TYPE varchar(10)", ["column-type-rewrite"]),
        ("ALTER TABLE shop_coin ALTER a TYPE text", []),
        ("ALTER TABLE shop_coin ALTER b TYPE plain", []),
        ("ALTER TABLE shop_coin ALTER b TYPE checked", ["table-rewrite"]),
        ("ALTER TABLE shop_coin ALTER e TYPE short", []),
        ("ALTER TABLE shop_coin ALTER d TYPE three", []),
        ("ALTER TABLE shop_coin ALTER d TYPE positive", ["table-rewrite"]),
        ("ALTER DOMAIN positive ADD CHECK (VALUE < 2000)", ["scan-under-lock"]),
        ("ALTER DOMAIN positive ADD CONSTRAINT n CHECK (VALUE < 2000) NOT VALID", []),
        ("ALTER DOMAIN positive ADD CONSTRAINT n NOT NULL", ["scan-under-lock"]),
        ("ALTER DOMAIN positive VALIDATE CONSTRAINT n", ["scan-under-lock"]),
        ("ALTER DOMAIN positive SET NOT NULL", ["scan-under-lock"]),
        ("ALTER DOMAIN positive DROP NOT NULL", []),
        ("ALTER DOMAIN positive SET DEFAULT 4", []),
        ("ALTER DOMAIN positive DROP DEFAULT", []),
        ("ALTER DOMAIN positive DROP CONSTRAINT n", []),
        ("ALTER DOMAIN positive RENAME TO more", []),
        ("ALTER DOMAIN positive OWNER TO me", []),
        ("ALTER DOMAIN nowhere SET NOT NULL", []),
        ("ALTER DOMAIN positive RENAME TO more; ALTER DOMAIN more SET NOT NULL", ["scan-under-lock"]),
        ("ALTER DOMAIN nowhere RENAME TO more", []),
        ("ALTER DOMAIN three SET NOT NULL; ALTER TABLE shop_coin ADD x three", ["table-rewrite"]),
        (
            "ALTER DOMAIN three SET DEFAULT random(); ALTER TABLE shop_coin ADD x three",
            ["volatile-default"],
        ),
        ("DROP DOMAIN three", []),
        ("DROP DOMAIN IF EXISTS three, known CASCADE", []),
        ("DROP DOMAIN positive", ["migration-fails"]),
    ],
)
def test_domains(sql, rules):
    judgement = judge(sql, DOMAINS)
    assert (rules_of(judgement), judgement.not_checked) == (rules, ())


def test_the_deployed_insert_gets_the_default_of_the_domain():
    add = "ALTER TABLE shop_author ADD x known"
    assert "not-null-without-default" in rules_of(judge(add, DOMAINS))
    assert "not-null-without-default" not in rules_of(judge(f"{add} DEFAULT 1", DOMAINS))


def test_cascade_takes_the_columns_of_a_domain_along():
    deployed = "CREATE DOMAIN code AS text; ALTER TABLE shop_author ALTER name TYPE code;"
    deployed += "CREATE VIEW names AS SELECT name FROM shop_author"
    judgement = judge("DROP DOMAIN code CASCADE", deployed)
    assert {"column-removed", "data-dropped"} <= set(rules_of(judgement))
    assert judgement.not_checked == ()


def test_what_a_domain_takes_along_that_is_not_known():
    judgement = judge("DROP DOMAIN code CASCADE", "SELECT 1")
    assert judgement.verdict is Verdict.UNKNOWN
    assert judgement.not_checked == ("What DROP DOMAIN code takes along is not known.",)


VIEWS = """
CREATE VIEW titles AS SELECT title, stock FROM shop_book;
CREATE OR REPLACE VIEW titles AS SELECT title, stock FROM shop_book;
CREATE VIEW upper_titles AS SELECT upper(title) AS t FROM titles;
"""
SEEN = """
migrations.CreateModel(
    "Seen",
    [("t", models.TextField(primary_key=True))],
    options={"managed": False, "db_table": "upper_titles"},
),
"""
HELD = "The migration fails and stops the deployment: the view titles is made of "


@pytest.mark.parametrize(
    ("sql", "place"),
    [
        ("ALTER TABLE shop_book DROP stock", "shop_book.stock"),
        ("ALTER TABLE shop_book ALTER title TYPE varchar(200)", "shop_book.title"),
        ("DROP TABLE shop_book", "shop_book"),
        ("ALTER TABLE shop_book RENAME title TO name; ALTER TABLE shop_book DROP name", "shop_book.name"),
        ("ALTER TABLE shop_book RENAME TO books; ALTER TABLE books DROP stock", "books.stock"),
    ],
)
def test_a_view_holds_on_to_what_it_is_made_of(sql, place):
    assert f"{HELD}{place}." in told(judge(sql, VIEWS))


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE shop_book DROP published",
        "DROP VIEW upper_titles; DROP VIEW titles; ALTER TABLE shop_book DROP stock",
        "DROP VIEW titles, upper_titles; ALTER TABLE shop_book DROP stock",
        "DROP VIEW titles CASCADE; ALTER TABLE shop_book DROP stock",
        "ALTER TABLE shop_book DROP stock CASCADE",
        "DROP TABLE shop_book CASCADE",
    ],
)
def test_what_is_dropped_before_or_along_holds_nothing(sql):
    assert "migration-fails" not in rules_of(judge(sql, VIEWS))


@pytest.mark.parametrize("tables", ["shop_tag, shop_tag_books", "shop_tag_books, shop_tag", "a, b"])
def test_tables_that_are_dropped_together_need_no_order(tables):
    circle = "CREATE TABLE a (id int, b_id int); CREATE TABLE b (id int, a_id int REFERENCES a);"
    circle += "ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b"
    told_of = [one for one in told(judge(f"DROP TABLE {tables}", circle)) if "foreign key" in one]
    assert bool(told_of) is (tables == "a, b")  # a circle that nobody drops, and no order helps


def test_a_foreign_key_holds_on_to_its_table():
    (held,) = (one for one in told(judge("DROP TABLE shop_author", "SELECT 1")) if "foreign key" in one)
    assert held.endswith("_fk_shop_author_id points to shop_author.")


def test_a_view_holds_on_to_the_one_below():
    assert f"{HELD.replace('titles', 'upper_titles')}titles." in told(judge("DROP VIEW titles", VIEWS))


DROPPED = "Every query of the deployed release for Seen fails from now on: its table upper_titles is dropped."


@pytest.mark.parametrize(
    "operation",
    [
        'migrations.RunSQL("ALTER TABLE shop_book DROP stock CASCADE")',
        'migrations.RunSQL("DROP VIEW titles CASCADE")',
        'migrations.DeleteModel("Book")',
    ],
)
def test_cascade_takes_views_along_that_models_read(operation):
    judgement = judge_operations(operation, deployed=f"migrations.RunSQL({VIEWS!r}), {SEEN}")
    assert DROPPED in told(judgement)
    # What a view shows is kept elsewhere.
    assert "upper_titles" not in [one.subject for one in judgement.findings if one.rule == "data-dropped"]


@pytest.mark.parametrize(("cascade", "is_dropped"), [(" CASCADE", True), ("", False)])
def test_django_cascades_in_some_versions(monkeypatch, cascade, is_dropped):
    written = f"ALTER TABLE %(table)s DROP COLUMN %(column)s{cascade}"
    monkeypatch.setattr(BaseDatabaseSchemaEditor, "sql_delete_column", written)
    twice = """
models.GeneratedField(
    expression=models.F("stock") * 2, output_field=models.IntegerField(), db_persist=True
)"""
    deployed = f'migrations.AddField("book", "twice", {twice}), migrations.RunSQL({VIEWS!r}), {SEEN}'
    judgement = judge_operations('migrations.RemoveField("book", "stock")', deployed=deployed)
    assert (DROPPED in told(judgement)) is is_dropped
    assert ("migration-fails" in rules_of(judgement)) is not is_dropped
    assert ("shop_book.twice" in [one.subject for one in judgement.findings]) is is_dropped


def test_a_generated_column_is_taken_along_by_sql():
    add = "ALTER TABLE shop_author ADD x int, ADD n int GENERATED ALWAYS AS (x * 2) STORED"
    assert rules_of(judge("ALTER TABLE shop_author DROP x CASCADE", add)) == []
    assert rules_of(judge("ALTER TABLE shop_author DROP x", add)) == ["migration-fails"]


@pytest.mark.parametrize(
    ("sql", "rules"),
    [
        ("CREATE MATERIALIZED VIEW m AS SELECT title FROM shop_book", ["scan-under-lock"]),
        ("CREATE MATERIALIZED VIEW m AS (SELECT title FROM shop_book) WITH NO DATA", []),
        ("CREATE MATERIALIZED VIEW m AS SELECT title FROM shop_book WITH NO DATA", []),
        ("CREATE VIEW m AS SELECT title FROM shop_book", []),
    ],
)
def test_a_materialized_view_is_filled_from_its_tables(sql, rules):
    lock = "ALTER TABLE shop_book ADD x int"
    assert rules_of(judge(f"{lock}; {sql}", "SELECT 1")) == rules
    assert rules_of(judge(sql, "SELECT 1")) == []
