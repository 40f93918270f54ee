"""Postgres against real servers: each way of keeping connections, time-outs, and what PgBouncer shares."""

import threading
import time
from contextlib import ExitStack

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connections
from prodready_databases import install
from prodready_databases.pgbouncer import pgbouncer_before
from prodready_services.once import of_servers

from django_prodready.settings.mixins.postgres import Postgres

pytestmark = of_servers

ALIAS = "shop"
ROWS = 10_000


@pytest.fixture
def opened(monkeypatch, django_db_blocker, postgres_database, applied):
    """Return the connection that a class gives, by way of PgBouncer where that is its choice."""
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())

        def open_by(pooling, **environ):
            url = postgres_database
            if pooling == "pgbouncer":
                url = stack.enter_context(pgbouncer_before(url))
            found = applied(Postgres, environ={"DATABASE_URL": url, **environ}, POOLING=pooling)
            install(monkeypatch, found["DATABASES"]["default"], ALIAS)
            connection = connections[ALIAS]
            stack.callback(forget, connection)
            return connection, url

        yield open_by


def forget(connection):
    connection.close()
    connection.close_pool()
    del connections[ALIAS]


def ask(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


@pytest.mark.parametrize("pooling", ["persistent", "psycopg", "pgbouncer"])
def test_rows_are_iterated_and_a_statement_ends_in_time(opened, pooling):
    connection, _url = opened(pooling, DB_STATEMENT_TIMEOUT="1.5")
    with connection.schema_editor() as editor:
        editor.create_model(ContentType)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_content_type (app_label, model) "
            f"SELECT 'app', n::text FROM generate_series(1, {ROWS}) AS n"
        )

    rows = ContentType.objects.using(ALIAS).iterator(chunk_size=1000)
    seen = sum(ask(connection, "SELECT 1")[0] if row.pk % 1000 == 0 else 1 for row in rows)

    assert seen == ROWS
    begun_s = time.monotonic()
    with pytest.raises(OperationalError, match="canceling statement"):
        ask(connection, "SELECT pg_sleep(30)")
    assert 1 < time.monotonic() - begun_s < 10
    assert ask(connection, "SELECT 2") == (2,)


def test_the_next_request_gets_the_same_connection(opened):
    connection, _url = opened("persistent")
    first = ask(connection, "SELECT pg_backend_pid(), current_setting('application_name')")

    connection.close_if_unusable_or_obsolete()

    assert ask(connection, "SELECT pg_backend_pid(), current_setting('application_name')") == first
    assert first[1] == "django"
    assert ask(connection, "SELECT current_setting('lock_timeout')") == ("10s",)
    assert ask(connection, "SELECT current_setting('idle_in_transaction_session_timeout')") == ("1min",)


def test_pgbouncer_refuses_what_the_other_choices_send(opened, postgres_database):
    with pgbouncer_before(postgres_database) as address:
        connection, _url = opened("persistent")
        connection.settings_dict["PORT"] = address.rpartition(":")[2].partition("/")[0]
        with pytest.raises(OperationalError, match="unsupported startup parameter"):
            connection.ensure_connection()


def test_what_is_cancelled_through_pgbouncer_is_no_other_client_s(opened):
    connection, url = opened("pgbouncer", DB_STATEMENT_TIMEOUT="0.2")
    is_over = threading.Event()
    told = []

    def neighbour():
        with psycopg.connect(url, autocommit=True, prepare_threshold=None) as other:
            while not is_over.is_set():
                told.append(
                    other.execute("SELECT current_setting('statement_timeout'), pg_sleep(0.01)").fetchone()
                )

    thread = threading.Thread(target=neighbour)
    thread.start()
    try:
        for _ in range(5):
            with pytest.raises(OperationalError, match="canceling statement") as caught:
                ask(connection, "SELECT pg_sleep(30)")
            assert caught.value.__notes__ == [
                "It ran longer than 0.2 s, the STATEMENT_LIMIT_S of its entry in DATABASES."
            ]
            count = len(told)
            # The one connection to the server is the neighbour's now.
            deadline_s = time.monotonic() + 10
            while len(told) == count and thread.is_alive() and time.monotonic() < deadline_s:
                time.sleep(0.01)
    finally:
        is_over.set()
        thread.join(20)

    assert len(told) >= 5
    assert {setting for setting, _slept in told} == {"0"}


def test_a_client_that_waits_for_pgbouncer_is_ended_after_its_turn_came(opened):
    connection, url = opened("pgbouncer", DB_STATEMENT_TIMEOUT="0.2")
    connection.ensure_connection()
    with psycopg.connect(url, prepare_threshold=None) as other:
        other.execute("SELECT 1")
        threading.Timer(0.6, other.rollback).start()
        with pytest.raises(OperationalError, match="canceling statement"):
            ask(connection, "SELECT pg_sleep(30)")
