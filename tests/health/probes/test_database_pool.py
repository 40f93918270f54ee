import threading
from types import SimpleNamespace

import pytest
from django.db import connections
from django.db.utils import load_backend
from prodready_databases import eventually, install, postgres_entry, sqlite_entry

from django_prodready.health.probe import Degraded, Skipped
from django_prodready.health.probes import database_pool as module
from django_prodready.health.probes.database import DatabaseProbe
from django_prodready.health.probes.database_pool import DatabasePoolProbe, PoolExhaustedError

ENGINE = "django.db.backends.postgresql"


@pytest.fixture(autouse=True)
def database_access(django_db_blocker):
    with django_db_blocker.unblock():
        yield


class Project:
    """What requests do: take connections from the pool of "default" and give them back."""

    def __init__(self):
        self.taken = []

    @property
    def pool(self):
        return load_backend(ENGINE).DatabaseWrapper._connection_pools.get("default")

    def take(self, count=1):
        for _ in range(count):
            wrapper = connections.create_connection("default")
            wrapper.ensure_connection()
            self.taken.append(wrapper)

    def give_back(self):
        wrapper = self.taken.pop()
        wrapper.close()


@pytest.fixture
def project(monkeypatch, postgres_database):
    def configure(**pool):
        options = {"pool": {"min_size": 1, "timeout": 30, **pool}}
        install(monkeypatch, postgres_entry(postgres_database, OPTIONS=options))
        return made

    made = Project()
    yield configure
    for wrapper in made.taken:
        wrapper.close()
    if made.pool is not None:
        connections.create_connection("default").close_pool()


def test_it_is_not_critical():
    assert DatabasePoolProbe.critical is False


@pytest.mark.parametrize("percent", [0, 101, "90", True])
def test_the_share_is_a_percentage(percent):
    with pytest.raises(ValueError, match=r"^warn_percent must be a number above 0 and at most 100\.$"):
        DatabasePoolProbe(warn_percent=percent)


def test_an_unknown_alias_is_an_error_at_once():
    with pytest.raises(ValueError, match="alias must be a key of DATABASES"):
        DatabasePoolProbe("nobody")


@pytest.mark.parametrize(
    "entry",
    [{}, {"ENGINE": ENGINE, "NAME": "x"}, sqlite_entry("x", OPTIONS={"pool": True})],
    ids=["no database", "no pool", "no PostgreSQL"],
)
def test_without_a_pool_it_is_skipped(monkeypatch, entry):
    install(monkeypatch, entry)
    with pytest.raises(Skipped, match=r"^No psycopg pool is configured\.$"):
        DatabasePoolProbe().run()


def test_a_pool_that_nobody_needed_yet_is_not_made(project):
    requests = project(max_size=2)
    DatabasePoolProbe().run()
    assert requests.pool is None


def test_a_pool_with_connections_left_is_well(project):
    requests = project(max_size=4)
    requests.take(3)
    DatabasePoolProbe().run()


def test_a_pool_that_may_still_grow_is_well(project):
    requests = project(max_size=3)
    requests.take(1)
    while requests.pool.get_stats()["pool_available"]:  # the first request may have had a second one opened
        requests.take(1)
    assert len(requests.taken) < 3
    DatabasePoolProbe().run()


def test_a_pool_that_was_closed_is_well(project):
    requests = project(max_size=1)
    requests.take(1)
    requests.give_back()
    requests.pool.close()
    DatabasePoolProbe(warn_percent=1).run()


def test_a_pool_that_is_nearly_empty_is_degraded(project):
    requests = project(max_size=4)
    requests.take(3)
    with pytest.raises(Degraded, match=r"^3 of 4 connections of the pool are taken\.$"):
        DatabasePoolProbe(warn_percent=75).run()


def test_an_empty_pool_is_down_and_its_database_is_well(project):
    requests = project(max_size=2)
    requests.take(2)
    told = r"^2 of 2 connections of the pool are taken; requests that wait: 0\.$"
    with pytest.raises(PoolExhaustedError, match=told):
        DatabasePoolProbe().run()
    database = DatabaseProbe()
    database.run()
    database.close()


def test_requests_that_wait_are_counted(project):
    requests = project(max_size=1)
    requests.take(1)
    waiter = threading.Thread(target=lambda: requests.pool.putconn(requests.pool.getconn(timeout=20)))
    waiter.start()
    try:
        assert eventually(lambda: requests.pool.get_stats().get("requests_waiting") == 1)
        with pytest.raises(PoolExhaustedError, match="requests that wait: 1"):
            DatabasePoolProbe().run()
    finally:
        requests.give_back()
        waiter.join()


def test_a_pool_that_is_empty_for_a_moment_is_well(project, monkeypatch):
    requests = project(max_size=2)
    requests.take(2)

    def a_request_ends(_):
        requests.give_back()
        assert eventually(lambda: requests.pool.get_stats()["pool_available"] > 0)

    monkeypatch.setattr(module, "time", SimpleNamespace(sleep=a_request_ends))
    DatabasePoolProbe().run()
    assert len(requests.taken) == 1


def test_the_last_of_its_looks_counts_too(project, monkeypatch):
    requests = project(max_size=2)
    requests.take(2)
    pauses = []

    def a_request_ends_late(pause_s):
        pauses.append(pause_s)
        if len(pauses) == module.LOOKS - 1:
            requests.give_back()

    monkeypatch.setattr(module, "time", SimpleNamespace(sleep=a_request_ends_late))
    DatabasePoolProbe().run()
    assert len(pauses) == module.LOOKS - 1
