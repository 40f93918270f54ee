"""How far is a replica behind? PostgreSQL's streaming replication, and that of MySQL and MariaDB.

A server that is no replica is well: after a failover an alias may name the new primary.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django_prodready.health.probe import Degraded, Probe, Skipped
from django_prodready.health.probes.connection import OwnConnection

# The time of the last transaction replayed says how old the replica is only while the primary writes. A
# replica that replayed all it received, and still receives, is not behind however long ago that was.
# https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-RECOVERY-CONTROL
_POSTGRESQL = """
SELECT CASE
    WHEN NOT pg_is_in_recovery() THEN 0
    WHEN pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn()
        AND EXISTS (SELECT 1 FROM pg_stat_wal_receiver) THEN 0
    ELSE EXTRACT(EPOCH FROM clock_timestamp() - pg_last_xact_replay_timestamp())
END
"""


class ReplicaLagError(Exception):
    """The replica is too far behind, or replicates no longer."""


class DatabaseReplicaLagProbe(Probe):
    """Ask the replica ``alias`` how old its data are: degraded from ``warn_s``, down from ``max_s``.

    MySQL and MariaDB tell it to users with the privilege REPLICATION CLIENT (SLAVE MONITOR) only. Other
    databases are skipped.
    """

    critical = False

    def __init__(self, alias: str, warn_s: float = 10, max_s: float = 60) -> None:
        self.warn_s = _require_lag("warn_s", warn_s)
        self.max_s = _require_lag("max_s", max_s)
        if self.warn_s > self.max_s:
            raise ValueError("warn_s must not be above max_s.")
        self._connection = OwnConnection(alias)

    def run(self) -> None:
        """Ask once."""
        question = _QUESTIONS.get(self._connection.vendor)
        if question is None:
            raise Skipped("How far a replica is behind is asked of PostgreSQL, MySQL and MariaDB only.")
        lag_s = self._connection.ask(question)
        if lag_s is None:
            raise Degraded("The replica does not know how far it is behind.")
        told = f"The replica is {lag_s:.0f} s behind."
        if lag_s >= self.max_s:
            raise ReplicaLagError(told)
        if lag_s >= self.warn_s:
            raise Degraded(told)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _require_lag(option: str, value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf:
        return float(value)
    raise ValueError(f"{option} must be a number of seconds above 0.")


def _postgresql_lag_s(connection: Any) -> float | None:
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL)
        (lag_s,) = cursor.fetchone()
    return None if lag_s is None else float(lag_s)


def _mysql_lag_s(connection: Any) -> float:
    """Return the lag of the slowest of its sources; ReplicaLagError when one is replicated no longer."""
    with connection.cursor() as cursor:
        cursor.execute(_mysql_question(connection))
        rows = cursor.fetchall()
        names = [column[0] for column in cursor.description]
    lags_s = [_seconds_behind(dict(zip(names, row, strict=True))) for row in rows]
    if None in lags_s:
        raise ReplicaLagError("The replica does not replicate.")
    return max((float(lag_s) for lag_s in lags_s), default=0.0)


def _mysql_question(connection: Any) -> str:
    """Choose the statement that tells of every source: https://mariadb.com/kb/en/show-replica-status/."""
    if connection.mysql_is_mariadb:
        return "SHOW ALL REPLICAS STATUS"
    # https://dev.mysql.com/doc/refman/8.0/en/show-replica-status.html
    return "SHOW REPLICA STATUS" if connection.mysql_version >= (8, 0, 22) else "SHOW SLAVE STATUS"


def _seconds_behind(row: Mapping[str, Any]) -> Any:
    return row["Seconds_Behind_Source"] if "Seconds_Behind_Source" in row else row["Seconds_Behind_Master"]


_QUESTIONS: Mapping[str, Callable[[Any], float | None]] = MappingProxyType(
    {"postgresql": _postgresql_lag_s, "mysql": _mysql_lag_s}
)
