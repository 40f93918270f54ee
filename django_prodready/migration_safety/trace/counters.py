"""What the server has locked and counted for the transaction that is open.

A transaction keeps its locks to its end, and the server counts for it what it reads and writes.
https://www.postgresql.org/docs/current/monitoring-stats.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.migration_safety.trace import catalog

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.backends.base.base import BaseDatabaseWrapper

_LOCKED = """
SELECT l.relation::bigint, array_agg(DISTINCT l.mode), {counters}
FROM pg_locks l
WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND l.relation >= 16384
GROUP BY l.relation
"""
_COUNTERS = """
coalesce(pg_stat_get_xact_numscans({oid}), 0)::bigint,
coalesce(pg_stat_get_xact_tuples_returned({oid}), 0)::bigint,
coalesce((
  SELECT sum(pg_stat_get_xact_tuples_returned(i.indexrelid)) FROM pg_index i WHERE i.indrelid = {oid}), 0
)::bigint,
coalesce(pg_stat_get_xact_tuples_updated({oid}), 0)::bigint,
coalesce(pg_stat_get_xact_tuples_deleted({oid}), 0)::bigint
"""
_EXISTING = "SELECT c.oid::bigint, {counters} FROM pg_class c WHERE c.oid = ANY(%s::oid[])"
_SQL_LOCKED = _LOCKED.format(counters=_COUNTERS.format(oid="l.relation"))
_SQL_EXISTING = _EXISTING.format(counters=_COUNTERS.format(oid="c.oid"))


@dataclass(frozen=True, slots=True)
class Counters:
    """What was counted for one relation."""

    scans: int = 0
    table_reads: int = 0  # rows
    index_reads: int = 0  # through the indexes that it has now
    updated: int = 0
    deleted: int = 0

    @property
    def reads(self) -> int:
        """How many rows were read."""
        return self.table_reads + self.index_reads

    def since(self, before: Counters) -> Counters:
        """Give what was counted after an earlier moment."""
        return Counters(
            self.scans - before.scans,
            self.table_reads - before.table_reads,
            max(0, self.index_reads - before.index_reads),  # an index may be gone, and others be there
            self.updated - before.updated,
            self.deleted - before.deleted,
        )


def counted(connection: BaseDatabaseWrapper, oids: Iterable[int]) -> dict[int, Counters]:
    """Return what was counted so far, also for transactions that ended not long ago."""
    return {row[0]: Counters(*row[1:]) for row in catalog.ask(connection, _SQL_EXISTING, [list(oids)])}


def locked(connection: BaseDatabaseWrapper) -> dict[int, tuple[frozenset[str], Counters]]:
    """Return the modes in which each relation is locked, and what was counted for it."""
    return {row[0]: (frozenset(row[1]), Counters(*row[2:])) for row in catalog.ask(connection, _SQL_LOCKED)}
