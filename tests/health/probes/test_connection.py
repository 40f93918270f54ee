import gc
import logging
import os
import sqlite3
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError, connections
from django.db.utils import DatabaseError, InterfaceError, load_backend
from prodready_databases import Gate, eventually, install, postgres_entry, sessions, sqlite_entry, through
from prodready_peers.sockets import closed_port, serving, silent

from django_prodready.health.probes import connection as module
from django_prodready.health.probes.connection import OwnConnection


@pytest.fixture(autouse=True)
def database_access(django_db_blocker):
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def own(monkeypatch):
    made = []

    def make(entry, alias="default"):
        install(monkeypatch, entry, alias)
        made.append(OwnConnection(alias))
        return made[-1]

    yield make
    for each in made:
        each.close()


def first(sql):
    def question(connection):
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]

    return question


PID = first("SELECT pg_backend_pid()")


def options_of(connection):
    return connection.settings_dict["OPTIONS"]


@pytest.mark.parametrize("alias", [None, 1, "", ["default"]])
def test_an_alias_is_text(alias):
    with pytest.raises(ValueError, match=r"^alias must be text on one line, and not empty\.$"):
        OwnConnection(alias)


def test_an_unknown_alias_is_named_with_those_that_are_known(monkeypatch, tmp_path):
    install(monkeypatch, sqlite_entry(tmp_path / "x"), "orders")
    with pytest.raises(ValueError, match=r"^alias must be a key of DATABASES: default, orders\.$"):
        OwnConnection("secret-typo")


def test_it_is_kept_until_it_is_closed_and_is_none_of_the_projects(own, postgres_url):
    kept = own(postgres_entry(postgres_url, OPTIONS={"application_name": "own-kept"}), "apart")
    assert kept.ask(PID) == kept.ask(PID)
    assert sessions(postgres_url, "own-kept") == 1
    assert not hasattr(connections._connections, "apart")
    kept.close()
    assert eventually(lambda: sessions(postgres_url, "own-kept") == 0)
    kept.close()


def test_it_can_be_closed_by_another_thread(own, postgres_url):
    kept = own(postgres_entry(postgres_url, OPTIONS={"application_name": "own-thread"}))
    kept.ask(PID)
    closer = threading.Thread(target=kept.close)
    closer.start()
    closer.join()
    assert eventually(lambda: sessions(postgres_url, "own-thread") == 0)


def test_one_that_the_server_closed_meanwhile_is_opened_again(own, postgres_url):
    import psycopg

    kept = own(postgres_entry(postgres_url))
    before = kept.ask(PID)
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s)", [before])
        assert eventually(
            lambda: not admin.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [before]).fetchall()
        )
    assert kept.ask(PID) != before


def failing(error, pause_s=0.0):
    def question(connection):
        question.asked += 1
        time.sleep(pause_s)
        raise error

    question.asked = 0
    return question


def test_a_fresh_one_is_asked_once(own, tmp_path):
    question = failing(OperationalError())
    with pytest.raises(OperationalError):
        own(sqlite_entry(":memory:")).ask(question)
    assert question.asked == 1


def test_a_kept_one_that_keeps_failing_is_asked_twice_and_closed(own, postgres_url):
    kept = own(postgres_entry(postgres_url, OPTIONS={"application_name": "own-failing"}))
    kept.ask(PID)
    question = failing(InterfaceError())
    with pytest.raises(InterfaceError):
        kept.ask(question)
    assert question.asked == 2
    assert eventually(lambda: sessions(postgres_url, "own-failing") == 0)


def test_a_kept_one_that_fails_late_is_not_asked_again(own, monkeypatch):
    monkeypatch.setattr(module, "CLOSED_WITHIN_S", 0.01)
    kept = own(sqlite_entry(":memory:"))
    kept.ask(first("SELECT 1"))
    question = failing(DatabaseError(), pause_s=0.05)
    with pytest.raises(DatabaseError):
        kept.ask(question)
    assert question.asked == 1


def test_it_is_closed_after_an_error_that_is_none_of_the_database(own):
    seen = []
    kept = own(sqlite_entry(":memory:"))
    with pytest.raises(LookupError):
        kept.ask(lambda connection: (seen.append(connection), connection.ensure_connection(), {}["key"]))
    assert seen[0].connection is None


def test_it_does_not_come_from_the_pool(own, postgres_url):
    entry = postgres_entry(postgres_url, OPTIONS={"pool": {"min_size": 1, "max_size": 1}})
    assert own(entry, "pooled").ask(lambda connection: (PID(connection), connection.pool))[1] is None
    assert "pooled" not in load_backend(entry["ENGINE"]).DatabaseWrapper._connection_pools


def test_no_transaction_is_begun_whatever_the_settings_say(own, postgres_url):
    entry = postgres_entry(postgres_url, AUTOCOMMIT=False, ATOMIC_REQUESTS=True, CONN_MAX_AGE=None)

    def question(connection):
        first("SELECT 1")(connection)
        return connection.get_autocommit(), connection.connection.info.transaction_status.name

    assert own(entry).ask(question) == (True, "IDLE")


def test_the_options_of_the_project_hold(own, postgres_url):
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("DROP ROLE IF EXISTS prodready_assumed")
        admin.execute("CREATE ROLE prodready_assumed")
        try:
            options = {
                "assume_role": "prodready_assumed",
                "isolation_level": psycopg.IsolationLevel.SERIALIZABLE,
                "server_side_binding": True,
                "options": "-c statement_timeout=4321",
            }
            kept = own(postgres_entry(postgres_url, OPTIONS=options))
            sql = "SELECT current_user || ' ' || current_setting('statement_timeout')"
            assert kept.ask(first(sql)) == "prodready_assumed 4321ms"
            assert kept.ask(lambda connection: connection.connection.isolation_level.name) == "SERIALIZABLE"
            kept.close()
        finally:
            admin.execute("DROP ROLE prodready_assumed")


def test_a_service_file_and_a_password_file_hold(own, postgres_url, tmp_path, monkeypatch):
    parts = urlsplit(postgres_url)
    entry = postgres_entry(postgres_url)
    services = tmp_path / "services"
    services.write_text(f"[orders]\nhost={entry['HOST']}\nport={parts.port}\nuser={entry['USER']}\n")
    with services.open("a") as file:
        file.write(f"dbname={entry['NAME']}\n")
    passwords = tmp_path / "passwords"
    passwords.write_text(f"*:*:*:*:{entry['PASSWORD']}\n")
    passwords.chmod(0o600)
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    options = {"service": "orders", "passfile": str(passwords)}
    by_service = {"ENGINE": entry["ENGINE"], "OPTIONS": options}
    assert own(by_service).ask(first("SELECT current_user")) == entry["USER"]
    assert options == {"service": "orders", "passfile": str(passwords)}


def test_a_statement_ends_in_time(own, postgres_url):
    kept = own(postgres_entry(postgres_url))
    begun_s = time.monotonic()
    with pytest.raises(OperationalError, match=r"^The server did not answer within 1 s\.$"):
        kept.ask(first("SELECT pg_sleep(60)"))
    assert 0.9 < time.monotonic() - begun_s < 10


def test_a_server_that_stops_while_it_is_connected_is_left_in_time(own, postgres_url):
    gate = Gate.to(postgres_url)
    with serving(gate) as port:
        kept = own(postgres_entry(through(postgres_url, port)))
        before = kept.ask(PID)
        gate.is_open.clear()
        begun_s = time.monotonic()
        with pytest.raises(OperationalError):
            kept.ask(PID)
        assert time.monotonic() - begun_s < 10
        gate.is_open.set()
        assert kept.ask(PID) != before
        kept.close()


def test_a_server_that_never_speaks_is_left_in_time(own, postgres_url):
    with serving(silent) as port:
        begun_s = time.monotonic()
        with pytest.raises(OperationalError):
            own(postgres_entry(through(postgres_url, port), OPTIONS={"connect_timeout": 600})).ask(PID)
        assert time.monotonic() - begun_s < 15


def test_a_connection_that_was_not_made_in_time_leaves_no_socket_behind(own, postgres_url):
    ended = threading.Event()

    def until_it_is_closed(peer, _):
        while peer.recv(65536):
            pass
        ended.set()

    with serving(until_it_is_closed) as port:
        each = own(postgres_entry(through(postgres_url, port)))
        gc.disable()  # it would close it some time
        try:
            with pytest.raises(OperationalError):
                each.ask(PID)
            assert ended.wait(8)
        finally:
            gc.enable()


def test_a_server_that_is_not_there_is_down_at_once(own, postgres_url):
    with pytest.raises(OperationalError):
        own(postgres_entry(through(postgres_url, closed_port()))).ask(PID)


def test_debug_logs_no_query_of_it(own, settings, caplog):
    settings.DEBUG = True
    kept = own(sqlite_entry(":memory:"))
    with caplog.at_level(logging.DEBUG, "django.db.backends"):
        assert kept.ask(lambda connection: (first("SELECT 1")(connection), len(connection.queries_log))) == (
            1,
            0,
        )
    assert not caplog.records


@pytest.mark.parametrize(
    ("given", "bounded"),
    [
        (None, 2),
        (600, 2),
        ("600.0", 2),
        (0, 2),
        (-1, 2),
        ("soon", 2),
        (1.5, 1.5),
        ("1", "1"),
    ],
)
def test_a_time_out_of_the_project_stays_when_it_is_lower(own, postgres_url, given, bounded):
    options = {} if given is None else {"connect_timeout": given}
    own(postgres_entry(postgres_url, OPTIONS=options))
    wrapper_class = module._wrapper_class("django.db.backends.postgresql")
    found = module._bounded(connections.settings["default"], wrapper_class)["OPTIONS"]
    assert found == {
        "connect_timeout": bounded,
        "tcp_user_timeout": 2000,
        "keepalives_idle": 1,
        "keepalives_interval": 1,
        "keepalives_count": 2,
    }


@pytest.mark.parametrize(
    ("driver", "limits"),
    [
        ("psycopg2", {"connect_timeout", "tcp_user_timeout"}),
        ("MySQLdb", {"connect_timeout", "read_timeout", "write_timeout"}),
        ("pymysql", {"connect_timeout", "read_timeout", "write_timeout"}),
        ("mysql.connector", {"connection_timeout"}),
        ("oracledb", {"tcp_connect_timeout"}),
        ("foreign", set()),
        (None, set()),
    ],
)
def test_each_driver_has_options_that_it_knows(driver, limits):
    settings = {"NAME": "orders", "OPTIONS": {"charset": "utf8mb4"}}
    members = {} if driver is None else {"Database": SimpleNamespace(__name__=driver)}
    bounded = module._bounded(settings, type("DatabaseWrapper", (), {"vendor": "any"} | members))
    assert limits <= set(bounded["OPTIONS"])
    assert limits or set(bounded["OPTIONS"]) == {"charset"}
    assert bounded["NAME"] == "orders"
    assert settings["OPTIONS"] == {"charset": "utf8mb4"}


def test_options_are_not_copied_deeply(own):
    """An SSLContext among them could not be."""
    lock = threading.Lock()
    wrapper_class = module._wrapper_class("django.db.backends.sqlite3")
    found = module._bounded({"NAME": "x", "OPTIONS": {"factory": lock}}, wrapper_class)
    assert found["OPTIONS"]["factory"] is lock


ODD = "shop?mode=rwc#1 %41.sqlite3"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("shop.sqlite3", ODD):
        file = sqlite3.connect(tmp_path / name)
        file.execute("CREATE TABLE book (id)")
        file.commit()
        file.close()
    return tmp_path


BOOKS = first("SELECT count(*) FROM book")


@pytest.mark.parametrize(
    "name",
    [
        "shop.sqlite3",
        Path("shop.sqlite3"),
        "./shop.sqlite3",
        ODD,
        "file:shop.sqlite3",
        "file:shop.sqlite3?mode=rwc",
        "file:shop.sqlite3?mode=ro",
        "file:shop.sqlite3?cache=private",
    ],
)
def test_a_sqlite_file_is_found_and_none_is_created(own, folder, name):
    kept = own(sqlite_entry(name))
    assert kept.ask(BOOKS) == 0
    kept.close()
    for file in folder.iterdir():
        file.unlink()
    with pytest.raises(OperationalError):
        kept.ask(BOOKS)
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="paths differ")
def test_a_sqlite_file_by_its_whole_path(own, folder):
    assert own(sqlite_entry(str(folder / "shop.sqlite3"))).ask(BOOKS) == 0


def test_a_sqlite_database_without_a_name_is_what_django_says(own):
    from django.core.exceptions import ImproperlyConfigured

    with pytest.raises(ImproperlyConfigured):
        own(sqlite_entry("")).ask(first("SELECT 1"))


def test_a_database_in_memory_is_shared_and_closed(own):
    name = "file:prodready_shared?mode=memory&cache=shared"
    with_table = sqlite3.connect(name, uri=True)
    with_table.execute("CREATE TABLE book (id)")
    seen = []
    kept = own(sqlite_entry(name))
    assert kept.ask(lambda connection: (seen.append(connection), BOOKS(connection))[1]) == 0
    kept.close()
    assert seen[0].connection is None
    assert with_table.execute("SELECT count(*) FROM book").fetchone() == (0,)
    with_table.close()


def test_the_database_of_a_test_run_is_what_is_asked(own, monkeypatch):
    kept = own(sqlite_entry("/nowhere/production.sqlite3"))
    connections.settings["default"]["NAME"] = "file:memorydb_default?mode=memory&cache=shared"
    assert kept.ask(first("SELECT 1")) == 1
