from contextlib import contextmanager

import psycopg
import pytest
from django.db import OperationalError
from prodready_databases import eventually, install, postgres_entry, sessions, sqlite_entry
from prodready_databases.replica import replica_of
from prodready_peers.sockets import closed_port

from django_prodready.health.probe import Degraded, Skipped
from django_prodready.health.probes import database_replica_lag as module
from django_prodready.health.probes.database_replica_lag import DatabaseReplicaLagProbe, ReplicaLagError


@pytest.fixture(autouse=True)
def database_access(django_db_blocker):
    with django_db_blocker.unblock():
        yield


def said(probe):
    try:
        probe.run()
    except (Degraded, ReplicaLagError) as error:
        return type(error).__name__
    finally:
        probe.close()
    return "ok"


def test_it_is_not_critical():
    assert DatabaseReplicaLagProbe.critical is False


@pytest.mark.parametrize("value", [0, -1, "10", True, None, float("inf"), float("nan")])
@pytest.mark.parametrize("option", ["warn_s", "max_s"])
def test_limits_are_numbers_of_seconds(option, value):
    with pytest.raises(ValueError, match=rf"^{option} must be a number of seconds above 0\.$"):
        DatabaseReplicaLagProbe("default", **{option: value})


def test_limits_are_in_their_order():
    with pytest.raises(ValueError, match=r"^warn_s must not be above max_s\.$"):
        DatabaseReplicaLagProbe("default", warn_s=61)


def test_an_alias_must_be_given_and_known():
    with pytest.raises(TypeError, match="alias"):
        DatabaseReplicaLagProbe()
    with pytest.raises(ValueError, match="alias must be a key of DATABASES"):
        DatabaseReplicaLagProbe("nobody")


@pytest.mark.parametrize("entry", [{}, sqlite_entry(":memory:")], ids=["no database", "SQLite"])
def test_what_has_no_replicas_is_skipped(monkeypatch, entry):
    install(monkeypatch, entry)
    with pytest.raises(Skipped):
        DatabaseReplicaLagProbe("default").run()


def test_a_primary_is_well_and_nothing_stays_open(monkeypatch, postgres_url):
    install(monkeypatch, postgres_entry(postgres_url, OPTIONS={"application_name": "lag-primary"}), "replica")
    assert said(DatabaseReplicaLagProbe("replica")) == "ok"
    assert eventually(lambda: sessions(postgres_url, "lag-primary") == 0)


@pytest.mark.parametrize(
    ("lag", "expected"),
    [
        ("-3", "ok"),  # the clocks of the two machines differ
        ("9.9", "ok"),
        ("10", "Degraded"),
        ("59.9", "Degraded"),
        ("60", "ReplicaLagError"),
        ("NULL::numeric", "Degraded"),
    ],
)
def test_the_limits(monkeypatch, postgres_url, lag, expected):
    monkeypatch.setattr(module, "_POSTGRESQL", f"SELECT {lag}")
    install(monkeypatch, postgres_entry(postgres_url), "replica")
    assert said(DatabaseReplicaLagProbe("replica")) == expected


def test_the_lag_is_told_to_operators(monkeypatch, postgres_url):
    monkeypatch.setattr(module, "_POSTGRESQL", "SELECT 3600.4")
    install(monkeypatch, postgres_entry(postgres_url))
    probe = DatabaseReplicaLagProbe("default")
    with pytest.raises(ReplicaLagError, match=r"^The replica is 3600 s behind\.$"):
        probe.run()
    probe.close()


def test_a_replica_that_cannot_be_asked_is_down(monkeypatch, postgres_url):
    install(monkeypatch, postgres_entry(postgres_url, PORT=str(closed_port())), "replica")
    with pytest.raises(OperationalError):
        DatabaseReplicaLagProbe("replica").run()


def test_a_streaming_replica(monkeypatch, postgres_url):
    with (
        replica_of(postgres_url) as address,
        psycopg.connect(postgres_url, autocommit=True) as primary,
        psycopg.connect(address, autocommit=True) as replica,
    ):

        def replayed(sign):
            found = replica.execute(
                f"SELECT pg_last_wal_receive_lsn() {sign} pg_last_wal_replay_lsn()"
                " AND EXISTS (SELECT 1 FROM pg_stat_wal_receiver)"
                " AND pg_last_xact_replay_timestamp() IS NOT NULL"
            )
            return found.fetchone() == (True,)

        def write():
            primary.execute("CREATE TABLE prodready_replicated ()")
            primary.execute("DROP TABLE prodready_replicated")

        install(monkeypatch, postgres_entry(address), "replica")
        write()
        assert eventually(lambda: replayed("="))

        # Its last transaction grows older, and it is not behind: the primary has nothing to send.
        strict = DatabaseReplicaLagProbe("replica", warn_s=0.001, max_s=0.01)
        assert eventually(lambda: said(strict) == "ok")

        replica.execute("SELECT pg_wal_replay_pause()")
        write()
        assert eventually(lambda: replayed(">"))
        assert eventually(lambda: said(strict) == "ReplicaLagError")
        assert said(DatabaseReplicaLagProbe("replica", warn_s=0.001, max_s=600)) == "Degraded"
        assert said(DatabaseReplicaLagProbe("replica", warn_s=600, max_s=600)) == "ok"
        replica.execute("SELECT pg_wal_replay_resume()")
        assert eventually(lambda: said(strict) == "ok")

        # It replayed all it has, and hears of the primary no longer.
        replica.execute("ALTER SYSTEM SET primary_conninfo = ''")
        replica.execute("SELECT pg_reload_conf()")
        assert eventually(lambda: said(strict) == "ReplicaLagError")


class MySQL:
    """Stands for Django's connection to MySQL or MariaDB, whose drivers the tests do not have."""

    def __init__(self, *rows, column="Seconds_Behind_Source", is_mariadb=False, version=(8, 4, 0)):
        self.mysql_is_mariadb = is_mariadb
        self.mysql_version = version
        self.description = (("Source_Host", 253), (column, 8))
        self.rows = [("primary", lag) for lag in rows]
        self.asked = []

    @contextmanager
    def cursor(self):
        yield self

    def execute(self, sql):
        self.asked.append(sql)

    def fetchall(self):
        return self.rows


def test_mysql_tells_its_slowest_source():
    assert module._mysql_lag_s(MySQL(3, 0, 12)) == 12
    assert module._mysql_lag_s(MySQL(3, column="Seconds_Behind_Master")) == 3


def test_a_mysql_that_is_no_replica_is_not_behind():
    assert module._mysql_lag_s(MySQL()) == 0


def test_a_mysql_that_replicates_no_longer_is_down():
    with pytest.raises(ReplicaLagError, match=r"^The replica does not replicate\.$"):
        module._mysql_lag_s(MySQL(0, None))


@pytest.mark.parametrize(
    ("server", "statement"),
    [
        ({"version": (8, 0, 22)}, "SHOW REPLICA STATUS"),
        ({"version": (8, 0, 21)}, "SHOW SLAVE STATUS"),
        ({"version": (10, 6, 0), "is_mariadb": True}, "SHOW ALL REPLICAS STATUS"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_mysql_is_asked_what_it_understands(server, statement):
    connection = MySQL(1, **server)
    module._mysql_lag_s(connection)
    assert connection.asked == [statement]
