"""Sizes of tables, read from a real PostgreSQL: without rights, through PgBouncer, or not at all."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import Error, connections, transaction
from prodready_databases import install, postgres_entry, sqlite_entry, through
from prodready_databases.pgbouncer import pgbouncer_before
from prodready_services.server import free_port

from django_prodready.migration_safety import sizes
from django_prodready.migration_safety.read_only import patient, reading
from django_prodready.migration_safety.sizes import Sizes, TableSize, of_target, read
from django_prodready.reporting.redaction import Redactor

ALIAS = "target"
SCHEMA = """
CREATE TABLE book AS SELECT g AS id, repeat('x', 100) AS title FROM generate_series(1, 5000) g;
CREATE INDEX book_id ON book (id);
CREATE INDEX book_title ON book (title);
ANALYZE book;
CREATE TABLE letter (body text);
ALTER TABLE letter ALTER body SET STORAGE EXTERNAL;
INSERT INTO letter SELECT repeat('x', 100000) FROM generate_series(1, 10);
CREATE TABLE grown AS SELECT g AS id FROM generate_series(1, 1000) g;
CREATE TABLE forgotten AS SELECT g AS id FROM generate_series(1, 1000) g;
CREATE TABLE nothing (id int);
CREATE MATERIALIZED VIEW shelf AS SELECT id FROM book;
ANALYZE shelf;
CREATE SCHEMA archive;
CREATE TABLE archive.book AS SELECT g AS id FROM generate_series(1, 30) g;
ANALYZE archive.book;
CREATE TABLE archive."Old.Book" AS SELECT g AS id FROM generate_series(1, 7) g;
ANALYZE archive."Old.Book";
CREATE TABLE event (month int, id int) PARTITION BY RANGE (month);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (1) TO (2);
CREATE TABLE event_2 PARTITION OF event FOR VALUES FROM (2) TO (9) PARTITION BY RANGE (month);
CREATE TABLE event_2a PARTITION OF event_2 FOR VALUES FROM (2) TO (9);
CREATE INDEX event_id ON event (id);
INSERT INTO event SELECT 1, g FROM generate_series(1, 100) g;
INSERT INTO event SELECT 2, g FROM generate_series(1, 50) g;
ANALYZE event;
CREATE TABLE log (month int) PARTITION BY RANGE (month);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (1) TO (2);
INSERT INTO log VALUES (1);
SELECT pg_stat_force_next_flush();
"""


def put(monkeypatch: pytest.MonkeyPatch, entry: dict[str, Any]) -> Any:
    """Make it the target, in place of another one."""
    install(monkeypatch, entry, ALIAS)
    with contextlib.suppress(AttributeError):
        del connections[ALIAS]
    return connections[ALIAS]


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch, postgres_database: str, django_db_blocker: Any) -> Iterator[Any]:
    """The connection to a database with tables."""
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        for statement in filter(str.strip, SCHEMA.split(";")):
            connection.execute(statement)
        for table in ("forgotten", "log_1"):
            connection.execute("SELECT pg_stat_reset_single_table_counters(%s::regclass)", [table])
    with django_db_blocker.unblock():
        connection = put(monkeypatch, postgres_entry(postgres_database))
        yield connection
        connections[ALIAS].close()
        del connections[ALIAS]


class TestRead:
    def test_every_table_is_told_of(self, target: Any) -> None:
        found = read(target)
        assert {name: size.rows for name, size in found.tables.items()} == {
            "archive.Old.Book": 7,
            "archive.book": 30,
            "public.book": 5000,
            "public.event": 150,
            "public.event_1": 100,
            "public.event_2": 50,
            "public.event_2a": 50,
            "public.forgotten": None,
            "public.grown": 1000,
            "public.letter": 10,
            "public.log": None,
            "public.log_1": None,
            "public.nothing": 0,
            "public.shelf": 5000,
        }
        assert list(found.tables) == sorted(found.tables)
        assert found.search_path == ("public",)
        assert found.database == target.settings_dict["NAME"]
        assert found.server_version[:2].isdigit()
        assert found.taken_at is not None
        assert abs(found.taken_at - datetime.datetime.now(datetime.UTC)).total_seconds() < 60

    def test_sizes_are_those_of_the_files(self, target: Any) -> None:
        found = read(target)
        book, letter = found.tables["public.book"], found.tables["public.letter"]
        assert 5000 * 100 < book.heap_bytes < book.bytes < 5000 * 300
        assert book.indexes == 2
        assert book.index_bytes > 0
        assert book.writes == 5000
        assert book.seq_scans > 0
        assert book.idx_scans == 0
        assert letter.heap_bytes < 10_000
        assert letter.bytes > 1_000_000

    def test_a_partitioned_table_is_the_sum_of_its_partitions(self, target: Any) -> None:
        tables = read(target, ["event"]).tables
        first, second = (read(target, [name]).tables[f"public.{name}"] for name in ("event_1", "event_2a"))
        assert tables == {
            "public.event": TableSize(
                rows=150,
                bytes=first.bytes + second.bytes,
                heap_bytes=first.heap_bytes + second.heap_bytes,
                index_bytes=first.index_bytes + second.index_bytes,
                indexes=1,
                seq_scans=first.seq_scans + second.seq_scans,
                idx_scans=0,
                writes=150,
            )
        }

    def test_only_what_is_asked_for_is_measured(self, target: Any) -> None:
        found = read(target, ['archive"."book', "public.nothing", "archive.Old.Book", "gone"])
        assert set(found.tables) == {"archive.book", "public.book", "public.nothing", "archive.Old.Book"}

    def test_a_name_is_looked_up_along_the_search_path(
        self, target: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = read(target)
        names = ["book", "archive.book", '"archive"."book"', "Old.Book"]
        assert [size and size.rows for size in map(found.of, names)] == [5000, 30, 30, None]
        target.close()
        path = {"options": "-c search_path=nowhere,archive,public"}
        found = read(put(monkeypatch, {**target.settings_dict, "OPTIONS": path}))
        assert found.search_path == ("archive", "public")
        names = ["book", "Old.Book", "nothing", "gone"]
        assert [size and size.rows for size in map(found.of, names)] == [30, 7, 0, None]

    def test_how_hot_a_table_is_shows_when_the_counters_have_a_beginning(self, target: Any) -> None:
        with target.cursor() as cursor:
            cursor.execute("SELECT pg_stat_reset()")
        found = read(target, ["book"])
        assert found.since is not None
        size = found.tables["public.book"]
        assert found.writes_per_s(size) is None  # counted for a moment
        day = Sizes(taken_at=found.taken_at, since=found.since - datetime.timedelta(days=1))
        assert day.writes_per_s(TableSize(**{**FLAT, "writes": 864_000})) == pytest.approx(10, rel=0.01)
        assert Sizes().writes_per_s(size) is None


FLAT = {"rows": 1, "bytes": 1, "heap_bytes": 1, "index_bytes": 0, "indexes": 0}


class TestReadOnly:
    def test_nothing_can_be_written(self, target: Any) -> None:
        with (
            pytest.raises(Error, match="read-only transaction"),
            reading(target, statement_timeout_s=5, lock_timeout_s=5),
            target.cursor() as cursor,
        ):
            cursor.execute("CREATE TABLE written (id int)")

    def test_a_limit_below_a_millisecond_is_still_one(self, target: Any) -> None:
        with (
            pytest.raises(Error, match="statement timeout"),
            reading(target, statement_timeout_s=0, lock_timeout_s=5),
            target.cursor() as cursor,
        ):
            cursor.execute("SELECT pg_sleep(5)")

    @pytest.mark.parametrize(
        ("options", "expected"),
        [(None, 7), ({"connect_timeout": 3}, 3), ({"pool": {"timeout": 1}}, 7), ({"sslmode": "allow"}, 7)],
    )
    def test_the_projects_own_limit_stays(self, options: Any, expected: Any) -> None:
        closed: list[object] = []
        connection: Any = SimpleNamespace(settings_dict={"OPTIONS": options}, connection=None)
        connection.close = lambda: closed.append(connection)
        with patient(connection, 7):
            assert connection.settings_dict["OPTIONS"].get("connect_timeout") == expected
            assert "pool" not in connection.settings_dict["OPTIONS"]
        assert connection.settings_dict["OPTIONS"] is options
        assert closed == [connection]

    def test_what_was_open_stays_open(self, target: Any) -> None:
        with patient(target, 5):
            read(target, ["book"])
        assert target.connection is None
        target.ensure_connection()
        with patient(target, 5):
            read(target, ["book"])
        assert target.connection is not None


class TestTarget:
    def test_a_role_without_any_right_may_ask(
        self, target: Any, monkeypatch: pytest.MonkeyPatch, postgres_database: str
    ) -> None:
        with psycopg.connect(postgres_database, autocommit=True) as connection:
            connection.execute("CREATE ROLE sizes_plain LOGIN PASSWORD 'plain'")
            connection.execute("ALTER ROLE sizes_plain SET default_transaction_read_only = on")
            connection.execute("REVOKE ALL ON SCHEMA public FROM public")
        try:
            parts = urlsplit(postgres_database)
            place = parts.netloc.rpartition("@")[2]
            put(monkeypatch, postgres_entry(parts._replace(netloc=f"sizes_plain:plain@{place}").geturl()))
            found = of_target(ALIAS, ["public.book", "archive.book"], Redactor())
            assert found.notes == ()
            assert [size.rows for size in found.tables.values()] == [30, 5000]
            assert connections[ALIAS].connection is None
        finally:
            with psycopg.connect(postgres_database, autocommit=True) as connection:
                connection.execute("DROP OWNED BY sizes_plain")
                connection.execute("DROP ROLE sizes_plain")

    def test_a_pooler_hands_nothing_on(
        self, target: Any, monkeypatch: pytest.MonkeyPatch, postgres_database: str
    ) -> None:
        with pgbouncer_before(postgres_database) as pooled:
            put(monkeypatch, postgres_entry(pooled))
            assert of_target(ALIAS, ["book"], Redactor()).of("book") is not None
            with psycopg.connect(pooled, autocommit=True) as other:
                settings = "statement_timeout", "lock_timeout", "transaction_read_only"
                left = [other.execute(f"SHOW {name}").fetchone() for name in settings]
            assert left == [("0",), ("0",), ("off",)]

    def test_a_locked_table_is_not_waited_for(
        self, target: Any, monkeypatch: pytest.MonkeyPatch, postgres_database: str
    ) -> None:
        monkeypatch.setattr(sizes, "LOCK_TIMEOUT_S", 0.05)
        with psycopg.connect(postgres_database) as other:
            other.execute("LOCK TABLE book")
            found = of_target(ALIAS, ["book"], Redactor())
        assert found.of("book") is None
        (note,) = found.notes
        assert "lock timeout" in note
        assert note.endswith(
            "--stats FILE takes the sizes from a file that prodmigrate --export-stats wrote."
        )

    def test_one_that_is_away_has_no_sizes_and_shows_no_secret(
        self, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any
    ) -> None:
        entry = postgres_entry(through("postgresql://me:s3cret-w0rd@localhost/s3cret-w0rd", free_port()))
        put(monkeypatch, entry)
        with django_db_blocker.unblock():
            found = of_target(ALIAS, ["book"], Redactor(["s3cret-w0rd"]))
        del connections[ALIAS]
        (note,) = found.notes
        assert "the database 'target' cannot be asked (" in note
        assert "s3cret" not in note
        assert found.of("book") is None

    def test_no_driver_is_told_in_a_note(self, monkeypatch: pytest.MonkeyPatch) -> None:
        install(monkeypatch, {"ENGINE": "no_such.backend", "NAME": "x"}, ALIAS)
        (note,) = of_target(ALIAS, ["book"], Redactor()).notes
        assert "no_such" in note

    def test_another_kind_of_database_has_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        put(monkeypatch, sqlite_entry(":memory:"))
        assert of_target(ALIAS, ["book"], Redactor()) == Sizes()
        del connections[ALIAS]

    def test_nothing_is_asked_for_no_tables(self, monkeypatch: pytest.MonkeyPatch) -> None:
        put(monkeypatch, postgres_entry(through("postgresql://me@localhost/x", free_port())))
        assert of_target(ALIAS, [], Redactor()) == Sizes()
        del connections[ALIAS]

    def test_a_transaction_around_it_is_left_as_it_was(self, target: Any) -> None:
        with transaction.atomic(ALIAS):
            of_target(ALIAS, ["book"], Redactor())
            with target.cursor() as cursor:
                cursor.execute("CREATE TABLE written (id int)")
            transaction.set_rollback(True, ALIAS)
