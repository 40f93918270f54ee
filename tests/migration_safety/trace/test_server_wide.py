"""A trace changes nothing of the server but its own database."""

from __future__ import annotations

import pytest
from django.db import models
from django.db.migrations import AddField
from prodready_histories import History, chained, code, library, migration, rules_of, sql

from django_prodready.migration_safety.model import Verdict
from django_prodready.migration_safety.trace.server_wide import is_server_wide

NOTE = AddField("Kind", "note", models.IntegerField(null=True))
ROLE = "prodready_role_that_no_test_makes"
LEFT_ALONE = "it changes roles, databases or settings of the whole server, which a trace leaves alone"
MAKE = f"CREATE ROLE {ROLE}"
IN_CODE = (
    f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN {MAKE}; END IF; END $$"
)


@pytest.mark.parametrize(
    "statement",
    [
        MAKE,
        IN_CODE,
        "-- for reports\ncreate user reports",
        "ALTER ROLE reports PASSWORD 'secret'",
        "ALTER DATABASE live SET timezone = 'UTC'",
        "GRANT CONNECT ON DATABASE live TO reports",
        "GRANT readers TO reports",
        "REVOKE readers, writers FROM reports",
        "ALTER SYSTEM SET work_mem = '8MB'",
        "SELECT pg_create_logical_replication_slot('a', 'b')",
        "SELECT pg_terminate_backend(1)",
        "DROP TABLESPACE fast",
    ],
)
def test_what_is_the_servers(statement: str) -> None:
    assert is_server_wide(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "GRANT SELECT ON shop_book TO reports",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM reports",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reports",
        "CREATE USER MAPPING FOR CURRENT_USER SERVER far",
        "CREATE TABLE database (user_id integer, role text)",
        'ALTER TABLE "CREATE ROLE" ADD n integer',
        "INSERT INTO shop_book (title) VALUES ('DROP DATABASE')",
        "/* ALTER SYSTEM */ SELECT 1",
        "CREATE INDEX granted ON shop_book (title)",
        "COMMENT ON TABLE shop_book IS 'x'",
    ],
)
def test_what_is_the_databases(statement: str) -> None:
    assert not is_server_wide(statement)


def roles(history: History) -> list[tuple[str]]:
    with history.connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = %s", [ROLE])
        return list(cursor.fetchall())


@pytest.mark.parametrize("statement", [MAKE, IN_CODE])
def test_it_is_not_run_and_the_rest_is(history: History, statement: str) -> None:
    index = sql("CREATE INDEX slow ON shop_book (pages)")
    judgement = history.judge(sql(statement), index, deployed=library())
    assert rules_of(judgement) == ["index-build"]
    (words,) = judgement.not_checked
    assert words == f"It was not run whole: {LEFT_ALONE}."
    assert roles(history) == []


def test_nor_in_code_or_where_it_is_deployed(history: History) -> None:
    steps = chained(
        migration("0001_initial", [*library(), sql(MAKE)]),
        migration("0002_judged", [code(lambda _, editor: editor.execute(MAKE)), NOTE]),
    )
    deployed, judged = history.trace(steps, ["0002_judged"])
    assert deployed.not_checked[0].startswith("RunSQL was passed over, for it failed: it changes roles")
    assert (judged.verdict, rules_of(judged)) == (Verdict.UNKNOWN, [])
    assert roles(history) == []
