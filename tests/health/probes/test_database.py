import time

import pytest
from django.db import OperationalError
from prodready_databases import Gate, eventually, install, postgres_entry, sessions, sqlite_entry, through
from prodready_databases.pgbouncer import pgbouncer_before
from prodready_peers.sockets import closed_port, serving

from django_prodready.health import runner
from django_prodready.health.outcome import ProbeSpec
from django_prodready.health.probe import Skipped
from django_prodready.health.probes.database import DatabaseProbe

PATIENT_S = 15.0  # beyond the probe's own time-outs, which are the subject here


@pytest.fixture(autouse=True)
def database_access(django_db_blocker, settings):
    settings.PRODREADY = {"READY_BUDGET": PATIENT_S}
    with django_db_blocker.unblock():
        yield
    runner.forget()


def spec(probe):
    return {"database": ProbeSpec(name="database", probe=probe, critical=True, deadline_s=PATIENT_S)}


def test_a_database_that_answers_is_well_and_nothing_stays_open(monkeypatch, postgres_database):
    install(monkeypatch, postgres_entry(postgres_database, OPTIONS={"application_name": "probe-well"}))
    probe = DatabaseProbe()
    for _ in range(5):
        assert runner.collect(spec(probe)).checks == {"database": True}
    assert eventually(lambda: sessions(postgres_database, "probe-well") == 0)


def test_another_alias(monkeypatch, postgres_database):
    install(monkeypatch, sqlite_entry("/nowhere/at/all.sqlite3"))
    install(monkeypatch, postgres_entry(postgres_database), "orders")
    probe = DatabaseProbe(alias="orders")
    probe.run()
    probe.close()


def test_an_unknown_alias_is_an_error_at_once():
    with pytest.raises(ValueError, match="alias must be a key of DATABASES"):
        DatabaseProbe("nobody")


def test_no_database_is_skipped(monkeypatch):
    install(monkeypatch, {})
    with pytest.raises(Skipped):
        DatabaseProbe().run()


@pytest.mark.parametrize(
    "changed",
    [{"PASSWORD": "hunter2"}, {"NAME": "no-such-database"}, {"PORT": str(closed_port())}],
    ids=lambda changed: next(iter(changed)),
)
def test_a_database_that_cannot_be_used_is_down(monkeypatch, postgres_database, changed):
    install(monkeypatch, postgres_entry(postgres_database, **changed))
    with pytest.raises(OperationalError) as caught:
        DatabaseProbe().run()
    assert "hunter2" not in str(caught.value)


def test_a_sqlite_file_that_is_missing_is_down_and_stays_missing(monkeypatch, tmp_path):
    file = tmp_path / "shop.sqlite3"
    install(monkeypatch, sqlite_entry(file))
    probe = DatabaseProbe()
    with pytest.raises(OperationalError):
        probe.run()
    assert not file.exists()
    file.touch()
    probe.run()
    probe.close()


@pytest.mark.django_db
def test_the_database_of_a_test_run_is_well():
    assert runner.collect(spec(DatabaseProbe())).checks == {"database": True}


def test_a_database_that_stops_is_told_in_time_and_its_recovery_too(monkeypatch, settings, postgres_database):
    settings.PRODREADY = {"READY_TTL": 0, "READY_BUDGET": PATIENT_S}
    gate = Gate.to(postgres_database)
    with serving(gate) as port:
        entry = postgres_entry(
            through(postgres_database, port), OPTIONS={"application_name": "probe-stopped"}
        )
        install(monkeypatch, entry)
        asked = spec(DatabaseProbe())
        assert runner.collect(asked).checks == {"database": True}
        gate.is_open.clear()
        begun_s = time.monotonic()
        assert runner.collect(asked).checks == {"database": False}
        assert time.monotonic() - begun_s < 5
        gate.is_open.set()
        assert eventually(lambda: runner.collect(asked).checks == {"database": True})
        assert sessions(postgres_database, "probe-stopped") <= 1
    runner.forget()


def test_through_pgbouncer_nothing_stays_behind_for_the_project(monkeypatch, postgres_database):
    import psycopg

    with pgbouncer_before(postgres_database) as address:
        install(monkeypatch, postgres_entry(address))
        probe = DatabaseProbe()
        probe.run()
        probe.close()
        # One connection to the server is all that PgBouncer has: the probe's is ours now.
        with psycopg.connect(address, autocommit=True) as project:
            assert project.execute("SHOW statement_timeout").fetchone() == ("0",)
