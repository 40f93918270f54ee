"""The target: read by whoever may read, through whatever stands before it, and never written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from prodready_commands import run_command
from prodready_databases import install, postgres_entry
from prodready_databases.pgbouncer import pgbouncer_before
from prodready_linted import INDEX, Project

PASSWORD = "of-the-reader-51c9"
TABLES = """
CREATE TABLE django_migrations (id bigint, app text, name text, applied timestamptz);
INSERT INTO django_migrations VALUES (1, 'shop', '0001_initial', now());
CREATE TABLE shop_author (id bigint, name text);
CREATE TABLE shop_book (id bigint, title text);
INSERT INTO shop_book SELECT n, 'a' FROM generate_series(1, 1000) n;
ANALYZE;
"""
# Whatever is made, altered, or dropped has another version, file or row.
EVERYTHING = """
SELECT (SELECT json_agg((oid, xmin::text, relfilenode, relname) ORDER BY oid) FROM pg_class)::text,
  (SELECT json_agg((ctid, xmin::text, django_migrations) ORDER BY id) FROM django_migrations)::text,
  (SELECT json_agg((ctid, xmin::text, shop_book) ORDER BY id) FROM shop_book)::text,
  (SELECT json_agg(datname ORDER BY oid) FROM pg_database)::text
"""
# The name of an option, what is given, what is said of it.
ADDRESSES = [
    ("postgresql://u:hunter2hunter2@127.0.0.1:9/d", "(127.0.0.1:9) cannot be used: "),
    ("postgresql://u:hunter2hunter2@no-such-host.invalid/d", "(no-such-host.invalid:5432) cannot be used: "),
    ("mysql://u:hunter2hunter2@h/d", "expected a postgresql:// URL"),
    ("sqlite:///hunter2hunter2.sqlite3", "expected a postgresql:// URL"),
    ("u:hunter2hunter2@h/d", "--scratch-url: "),
    ("postgresql://u:hunter2hunter2@h:port/d", "--scratch-url: "),
    ("postgresql://u:hunter2#hunter2@h/d", "--scratch-url: "),
    ("hunter2hunter2", "--scratch-url: "),
    ("postgresql://u:hunter2hunter2@/d?host=/no/such/folder/hunter", "cannot be used: "),
]


@pytest.fixture
def readers_url(postgres_database: str) -> Iterator[str]:
    """Address of a database that is migrated in part, for a role that may only read."""
    parts = urlsplit(postgres_database)
    database = parts.path[1:]
    role = f"reader_{database[-8:]}"
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute(TABLES)
        connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'")
        connection.execute(f"ALTER ROLE {role} SET default_transaction_read_only = on")
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
        connection.execute(f"REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC")
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        try:
            place = parts.netloc.rpartition("@")[2]
            yield parts._replace(netloc=f"{role}:{PASSWORD}@{place}").geturl()
        finally:
            connection.execute(f"DROP OWNED BY {role}")
            connection.execute(f"DROP ROLE {role}")


@pytest.fixture
def target(project: Project, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any) -> Iterator[Any]:
    """Install an address as the default database, for a project with a pending migration."""
    project.migration("0002_index", INDEX, "0001_initial")

    def put(url: str) -> None:
        # In place: checks of the project ask for its default database.
        connections["default"].close()
        install(monkeypatch, postgres_entry(url))
        del connections["default"]

    before = connections["default"]
    with django_db_blocker.unblock():
        yield put
        connections["default"].close()
    connections["default"] = before


def everything(url: str) -> tuple[Any, ...]:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(EVERYTHING).fetchone()
    assert found
    return found


def pending(told: dict[str, Any]) -> list[tuple[str, str, bool]]:
    return [(one["name"], one["verdict"], one["traced"]) for one in told["migrations"]]


def test_who_may_only_read_may_judge_and_nothing_is_written(
    project: Project,
    target: Callable[[str], None],
    judged: Callable[..., dict[str, Any]],
    readers_url: str,
    postgres_url: str,
    postgres_database: str,
) -> None:
    target(readers_url)
    before = everything(postgres_database)
    told = judged()
    assert pending(told) == [("0002_index", "unsafe", False)]
    assert told["migrations"][0]["findings"][0]["rows"] == 1000
    traced = judged("--trace", "--scratch-url", postgres_url)
    assert pending(traced) == [("0002_index", "unsafe", True)]
    ended, _ = run_command("prodmigrate", "--export-stats", "sizes.json")
    assert (ended, "public.shop_book" in Path("sizes.json").read_text()) == (0, True)
    _, out = run_command("prodcheck", "--only", "migrations", "--live", "--format", "json")
    outcomes = {result["check"]: result["outcome"] for result in json.loads(out)["results"]}
    assert outcomes["migrations.unapplied"] == outcomes["migrations.unsafe-op"] == "fail"
    assert everything(postgres_database) == before
    assert PASSWORD not in out


def test_who_may_not_make_databases_is_told_the_ways_out(
    project: Project, target: Callable[[str], None], readers_url: str, postgres_database: str
) -> None:
    role = urlsplit(readers_url).username
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute(f"ALTER ROLE {role} RESET default_transaction_read_only")
    target(readers_url)
    with pytest.raises(CommandError) as caught:
        call_command("prodmigrate", "--lint", "--trace", "--scratch-on-target")
    assert caught.value.returncode == 2
    said = str(caught.value)
    assert said.startswith(f"The role {role} may not create databases on ")
    for way in ("CREATEDB)", "--scratch-url of another PostgreSQL", "leave out --trace"):
        assert way in said
    assert PASSWORD not in said


def test_behind_pgbouncer_the_target_is_read_and_the_scratch_database_is_made_directly(
    project: Project,
    target: Callable[[str], None],
    judged: Callable[..., dict[str, Any]],
    postgres_url: str,
    postgres_database: str,
) -> None:
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute(TABLES)
    with pgbouncer_before(postgres_database) as pooled:
        target(pooled)
        told = judged()
        assert pending(told) == [("0002_index", "unsafe", False)]
        assert told["migrations"][0]["findings"][0]["rows"] == 1000
        with pytest.raises(CommandError) as caught:
            call_command("prodmigrate", "--lint", "--trace", "--scratch-on-target")
        assert caught.value.returncode == 2
        assert "give the server's own address by --scratch-url" in str(caught.value)
        traced = judged("--trace", "--scratch-url", postgres_url)
        assert pending(traced) == [("0002_index", "unsafe", True)]


@pytest.mark.parametrize(("url", "says"), ADDRESSES)
def test_an_address_that_cannot_be_used_is_one_sentence(project: Project, url: str, says: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("prodmigrate", "--lint", "--all", "--trace", "--scratch-url", url)
    assert caught.value.returncode == 2
    said = str(caught.value)
    assert says in said
    assert "hunter2" not in said
    assert "\n" not in said


def test_a_wrong_password_is_one_sentence(project: Project, postgres_url: str) -> None:
    parts = urlsplit(postgres_url)
    place = parts.netloc.rpartition("@")[2]
    url = parts._replace(netloc=f"{parts.username}:hunter2hunter2@{place}").geturl()
    with pytest.raises(CommandError) as caught:
        call_command("prodmigrate", "--lint", "--all", "--trace", "--scratch-url", url)
    assert caught.value.returncode == 2
    assert "password authentication failed" in str(caught.value)
    assert "hunter2" not in str(caught.value)
