"""What only production has: its roles, schemas, extensions, rows and files are no fault of a migration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.postgres.operations import CreateCollation, CreateExtension
from django.db import models
from django.db.migrations import AddField, AlterField
from prodready_histories import INITIAL, History, chained, code, create, library, migration, rules_of, sql

from django_prodready.migration_safety.model import Verdict
from django_prodready.migration_safety.trace.absent import reason

NOTE = AddField("Kind", "note", models.IntegerField(null=True))
GRANT = "GRANT SELECT ON shop_kind TO reporting_role"
ROLE = "such as a role or a tablespace (SQLSTATE"
EXTENSION = "an extension that no migration makes"
PLACE = "a database or a schema that the scratch database's server does not have"


def open_report(*_: Any) -> None:
    Path("no-such-report.csv").read_text()


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (sql("GRANT SELECT ON shop_book TO reporting_role"), ROLE),
        (sql("REVOKE ALL ON shop_book FROM reporting_role"), ROLE),
        (sql("ALTER TABLE shop_book OWNER TO owning_role"), ROLE),
        (sql("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reporting_role"), ROLE),
        (sql("CREATE POLICY own ON shop_book TO reporting_role"), ROLE),
        (sql("SET ROLE reporting_role"), ROLE),
        (sql("ALTER TABLE shop_book SET TABLESPACE fast_disk"), ROLE),
        (sql('ALTER TABLE shop_book ADD COLUMN sorted text COLLATE "no-such"'), ROLE),
        (sql("SELECT current_setting('shop.tenant')"), ROLE),
        (sql("CREATE FOREIGN TABLE far (a integer) SERVER warehouse"), ROLE),
        (sql("CREATE TABLE warehouse.stock (a integer)"), PLACE),
        (sql("CREATE EXTENSION no_such_extension"), "role or server does not let it"),
        (CreateExtension("no_such_extension"), "role or server does not let it"),
        (sql("SELECT uuid_generate_v4()"), EXTENSION),
        (sql("ALTER TABLE shop_book ADD COLUMN place geometry(POINT, 4326)"), EXTENSION),
        (sql("CREATE INDEX near ON shop_book USING hnsw (pages)"), EXTENSION),
        (sql("ALTER TABLE shop_book ADD EXCLUDE USING gist (pages WITH =)"), EXTENSION),
        (sql("SELECT pg_read_file('no_such_file')"), "more than the server has (SQLSTATE 58P01)"),
        (code(lambda rows, _: rows("Kind").get(code="default")), "looks for a row"),
        (code(open_report), "looks for a file"),
    ],
)
def test_what_production_may_have_is_unknown(history: History, operation: Any, words: str) -> None:
    judgement = history.judge(operation, NOTE, deployed=library())
    assert (judgement.verdict, rules_of(judgement)) == (Verdict.UNKNOWN, [])
    assert words in judgement.not_checked[0]


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE shop_book DROP CONSTRAINT no_such_constraint",
        'ALTER TABLE "user" DROP CONSTRAINT "GRANT"',
        "DROP INDEX no_such_index",
        "ALTER TYPE no_such_type ADD VALUE 'a'",
        "SELECT no_such_function()",
        "SELECT * FROM no_such_table",
        "GRANT SELECT ON no_such_table TO CURRENT_USER",
    ],
)
def test_what_no_database_of_the_project_has_fails(history: History, statement: str) -> None:
    user = [create("User", name=models.TextField())]
    user[0].options["db_table"] = "user"
    judgement = history.judge(sql(statement), deployed=[*library(), *user])
    assert rules_of(judgement) == ["migration-fails"]


@pytest.mark.parametrize(
    ("operation", "atomic"),
    [
        (CreateExtension("no_such_extension"), True),
        (sql("CREATE EXTENSION IF NOT EXISTS no_such_extension"), False),
        (sql(f"-- for reports\n{GRANT}; {GRANT.replace('kind', 'book')};"), True),
        (sql(GRANT, "ALTER TABLE shop_book OWNER TO owning_role"), True),
    ],
)
def test_the_rest_of_it_is_judged(history: History, operation: Any, atomic: bool) -> None:
    index = AlterField("Book", "pages", models.IntegerField(default=0, db_index=True))
    judgement = history.judge(NOTE, operation, index, deployed=library(), atomic=atomic)
    assert rules_of(judgement) == ["index-build"]
    assert "It was not run whole" in judgement.not_checked[0]


def test_what_comes_after_it_in_the_history_is_judged_and_it_is_told_of(history: History) -> None:
    steps = [
        migration("0001_initial", library()),
        migration("0002_grant", [sql("GRANT SELECT ON shop_book TO reporting_role")], [INITIAL]),
        migration(
            "0003_rows",
            [code(lambda rows, _: rows("Kind").get(code="default")), code(open_report), NOTE],
            [("shop", "0002_grant")],
        ),
        migration("0004_judged", [sql("SELECT 1")], [("shop", "0003_rows")]),
    ]
    grant, rows, judged = history.trace(steps, ["0004_judged"])
    assert (judged.verdict, judged.not_checked) == (Verdict.SAFE, ())
    assert grant.key == ("shop", "0002_grant")
    (first, last) = grant.not_checked
    assert first.startswith("RunSQL was passed over, for it failed: it names what the scratch")
    assert last == "What it leaves behind is missing for the migrations after it."
    assert [words.partition(":")[2] for words in rows.not_checked[:2]] == [
        " it looks for a row that is not in a scratch database (Kind.DoesNotExist).",
        " it looks for a file that is not here (FileNotFoundError).",
    ]


def test_what_cannot_be_passed_over_in_the_history_says_why(history: History) -> None:
    steps = [
        migration("0001_initial", [sql("CREATE TABLE warehouse.stock (a integer)")]),
        migration("0002_judged", [sql("SELECT 1")], [INITIAL]),
    ]
    broken, judged = history.trace(steps, ["0002_judged"])
    assert broken.not_checked == (
        f"It could not be applied to the scratch database: it names {PLACE} (SQLSTATE 3F000).",
    )
    assert "did not pass" in judged.not_checked[0]


def test_a_collation_that_the_server_may_have_is_no_failure(history: History) -> None:
    judgement = history.judge(CreateCollation("case_insensitive", "und-x-icu", provider="icu"))
    assert rules_of(judgement) == []


def test_a_server_may_have_been_built_without_what_collates() -> None:
    class UnsupportedError(Exception):
        sqlstate = "0A000"

    told = reason(UnsupportedError(), "CREATE COLLATION c (provider = 'icu', locale = 'und')")
    assert told is not None
    assert ROLE in told
    assert reason(UnsupportedError(), "SELECT 1") is None


def test_another_server_is_none_of_ours() -> None:
    class RefusedError(Exception):
        sqlstate = "08001"

    assert reason(RefusedError(), "SELECT * FROM far") == "it connects to another server (SQLSTATE 08001)"
    assert reason(RefusedError(), "", was_refused=True) == (
        "it needs what is out of reach in a trace (test_another_server_is_none_of_ours.<locals>.RefusedError)"
    )
    assert reason(ValueError(), "") is None


def book_of_kind_one(rows: Any, _: Any) -> None:
    rows("Book").create(title="x", kind_id=1)


def test_a_row_to_refer_to_may_be_there(history: History) -> None:
    judgement = history.judge(NOTE, code(book_of_kind_one), deployed=library())
    assert (judgement.verdict, rules_of(judgement)) == (Verdict.UNKNOWN, [])
    assert "refers to a row that is not in a scratch database" in judgement.not_checked[0]


def test_a_row_to_refer_to_may_have_been_there(history: History) -> None:
    steps = [
        migration("0001_initial", library()),
        migration("0002_book", [code(lambda *_: None), code(book_of_kind_one)], [INITIAL]),
        migration("0003_note", [NOTE], [("shop", "0002_book")]),
    ]
    deployed, judged = history.trace(steps, ["0003_note"])
    assert "refers to a row that is not in a scratch database" in deployed.not_checked[0]
    assert judged.verdict is Verdict.SAFE


def test_sql_that_refers_to_no_row_cannot_be_passed_over(history: History) -> None:
    insert = sql("INSERT INTO shop_book (title, pages, kind_id) VALUES ('x', 1, 999)")
    judgement = history.judge(insert, deployed=library())
    assert (judgement.verdict, rules_of(judgement)) == (Verdict.UNKNOWN, [])


def test_nothing_of_the_history_that_depends_on_a_failure_is_run(history: History) -> None:
    steps = chained(
        migration("0001_initial", [sql("CREATE TABLE warehouse.stock (a integer)")]),
        migration("0002_deployed", [sql("SELECT nothing")]),
        migration("0003_judged", [sql("SELECT 1")]),
    )
    broken, judged = history.trace(steps, ["0003_judged"])
    assert broken.key == ("shop", "0001_initial")
    assert "shop.0002_deployed, which it depends on" in judged.not_checked[0]
