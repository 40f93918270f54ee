import asyncio
import os
import sqlite3
import threading
import time

import pytest
from django.apps import apps
from prodready_databases import Gate, install, postgres_entry, sqlite_entry, through
from prodready_peers.sockets import serving, silent
from prodready_runner import run_python, threads_of, wait_until

from django_prodready.health import runner, startup
from django_prodready.health.probe_set import get_probe_set
from django_prodready.health.startup import startup_problem, startup_problem_async


@pytest.fixture(autouse=True)
def a_new_process(django_db_blocker, settings):
    settings.PRODREADY = {"READY_TTL": 0}
    startup.forget()
    with django_db_blocker.unblock():
        yield
        startup.forget()
        wait_until(lambda: not threads_of(startup.NAME))


@pytest.fixture
def only_sessions(settings):
    """Leave the code one migration: sessions.0001_initial."""
    modules = dict.fromkeys(config.label for config in apps.get_app_configs())
    del modules["sessions"]
    settings.MIGRATION_MODULES = modules


@pytest.fixture
def apply(tmp_path, monkeypatch, only_sessions):
    """Make "default" a database with these migrations of "sessions": apply("0001_initial")."""
    file = tmp_path / "shop.sqlite3"

    def configure(*names):
        database = sqlite3.connect(file)
        database.execute("CREATE TABLE IF NOT EXISTS django_migrations (app, name)")
        database.executemany(
            "INSERT INTO django_migrations VALUES (?, ?)", [("sessions", name) for name in names]
        )
        database.commit()
        database.close()
        install(monkeypatch, sqlite_entry(file))
        return file

    return configure


def problem_async():
    return asyncio.run(startup_problem_async())


def test_its_turns_are_not_those_of_a_probe_that_the_project_calls_migrations(apply, settings, caplog):
    apply()
    settings.PRODREADY = {
        "READY_TTL": 0,
        "PROBES": {"migrations": {"PROBE": "prodready_runner.Told"}, "cache": None, "database": None},
    }
    for _ in range(3):
        assert startup_problem() == "1 migration is not applied."
        assert runner.collect(get_probe_set()).is_ready
    assert [record.message for record in caplog.records] == [
        "Probe startup migrations is down (UnappliedMigrationsError)."
    ]


both = pytest.mark.parametrize("problem", [startup_problem, problem_async], ids=["sync", "async"])


@both
def test_it_starts_when_the_migrations_are_applied_and_not_before(apply, problem):
    apply()
    assert problem() == "1 migration is not applied."
    assert problem() == "1 migration is not applied."
    apply("0001_initial")
    assert problem() is None


@both
def test_once_started_nothing_is_asked_again(apply, problem):
    file = apply("0001_initial")
    assert problem() is None
    file.unlink()
    runner.forget()
    assert problem() is None
    assert startup_problem() is None


def test_how_many_are_missing_is_told_and_not_which(settings, apply):
    settings.MIGRATION_MODULES = {}
    startup.forget()
    apply("0001_initial")
    told = startup_problem()
    assert told.endswith(" migrations are not applied.")
    assert int(told.partition(" ")[0]) > 10


def test_a_database_ahead_of_the_code_is_well(apply):
    apply("0001_initial", "0002_of_the_next_release")
    assert startup_problem() is None


def test_without_a_database_it_has_started(monkeypatch):
    install(monkeypatch, {})
    assert startup_problem() is None


def test_a_database_that_is_away_is_told_without_its_name(monkeypatch, tmp_path):
    install(monkeypatch, sqlite_entry(tmp_path / "hunter2.sqlite3"))
    assert startup_problem() == "The database cannot be asked yet."


@both
def test_a_database_that_hangs_is_told_in_time(monkeypatch, postgres_url, only_sessions, problem):
    with serving(silent) as port:
        install(monkeypatch, postgres_entry(through(postgres_url, port)))
        begun_s = time.monotonic()
        assert problem() == "It is not known yet whether all migrations are applied."
        assert time.monotonic() - begun_s < 5
        assert len(threads_of(startup.NAME)) == 1


def test_it_starts_once_a_database_that_hung_answers(monkeypatch, postgres_database, only_sessions):
    import psycopg

    with psycopg.connect(postgres_database, autocommit=True) as own:
        own.execute("CREATE TABLE django_migrations (app text, name text)")
        own.execute("INSERT INTO django_migrations VALUES ('sessions', '0001_initial')")
    gate = Gate.to(postgres_database)
    gate.is_open.clear()
    with serving(gate) as port:
        install(monkeypatch, postgres_entry(through(postgres_database, port)))
        assert startup_problem() is not None
        gate.is_open.set()
        wait_until(lambda: startup_problem() is None)


def test_code_that_cannot_be_read_is_told_without_its_name(settings, apply):
    settings.MIGRATION_MODULES = {**settings.MIGRATION_MODULES, "sessions": "hunter2_migrations"}
    apply()
    assert startup_problem() == "The migrations of this code cannot be loaded."


def test_it_is_no_readiness_probe(apply, probes):
    from django_prodready.health.probe_set import get_probe_set

    probes()
    apply("0001_initial")
    assert startup_problem() is None
    assert "migrations" not in get_probe_set()


def test_answers_at_the_same_time_share_one_run(apply):
    apply()
    made = []
    gate = threading.Barrier(8)

    def ask():
        gate.wait()
        made.append(id(startup._specs()[startup.NAME]))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1


@pytest.mark.parametrize("changed", ["MIGRATION_MODULES", "INSTALLED_APPS"])
def test_a_test_that_changes_the_settings_begins_anew(apply, settings, changed):
    file = apply("0001_initial")
    assert startup_problem() is None
    file.unlink()
    settings.LANGUAGE_CODE = "de"
    assert startup_problem() is None
    setattr(settings, changed, getattr(settings, changed))
    assert startup_problem() == "The database cannot be asked yet."


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_child_has_a_probe_of_its_own_and_has_started_when_its_parent_had(tmp_path):
    done = run_python(f"""
from django.db import connections
from django_prodready.health import startup

connections.settings["default"].update(NAME={str(tmp_path / "missing.sqlite3")!r})
print(startup.startup_problem())
before = startup._specs()[startup.NAME]

def in_child(act):
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            act()
            sys.stdout.flush()
        finally:
            os._exit(0)
    os.waitpid(child, 0)

def asks():
    print(startup._specs()[startup.NAME] is before, startup.startup_problem())

startup._lock.acquire()  # by a thread that no fork copies
in_child(asks)
startup._lock.release()
print(startup._specs()[startup.NAME] is before)
runner.forget()
connections.settings["default"].update(ENGINE="django.db.backends.dummy")
print(startup.startup_problem())
connections.settings["default"].update(ENGINE="django.db.backends.sqlite3")
in_child(lambda: print(startup.startup_problem()))
""")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "The database cannot be asked yet.",
        "False The database cannot be asked yet.",
        "True",
        "None",
        "None",
    ]
