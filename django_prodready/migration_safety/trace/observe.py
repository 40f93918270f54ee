"""Watch each statement of a migration: its locks, scans, rewrites and writes on tables that existed before.

The observer is one of Django's execute wrappers. It knows what is going on from PostgreSQL alone: a
transaction keeps its locks to its end, and the server counts for it what it read and wrote. What a
statement did is the difference to the moment before it.
https://www.postgresql.org/docs/current/monitoring-stats.html
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.utils import Error

from django_prodready.migration_safety.trace import catalog
from django_prodready.migration_safety.trace.outside import run_outside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.db.backends.base.base import BaseDatabaseWrapper

# Conflict with ROW EXCLUSIVE, which INSERT, UPDATE and DELETE take.
# https://www.postgresql.org/docs/current/explicit-locking.html
BLOCKS_WRITERS = ("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock")

_LOCKED = """
SELECT l.relation::bigint, array_agg(DISTINCT l.mode), {counters}
FROM pg_locks l
WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND l.relation >= 16384
GROUP BY l.relation
"""
_COUNTERS = """
coalesce(pg_stat_get_xact_numscans({oid}), 0)::bigint,
(coalesce(pg_stat_get_xact_tuples_returned({oid}), 0) + coalesce((
  SELECT sum(pg_stat_get_xact_tuples_returned(i.indexrelid)) FROM pg_index i WHERE i.indrelid = {oid}),
  0))::bigint,
coalesce(pg_stat_get_xact_tuples_updated({oid}), 0)::bigint,
coalesce(pg_stat_get_xact_tuples_deleted({oid}), 0)::bigint
"""
_EXISTING = "SELECT c.oid::bigint, {counters} FROM pg_class c WHERE c.oid = ANY(%s::oid[])"
_SQL_TRANSACTION = (
    "SELECT virtualtransaction FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'virtualxid'"
)
_SQL_LOCKED = _LOCKED.format(counters=_COUNTERS.format(oid="l.relation"))
_SQL_EXISTING = _EXISTING.format(counters=_COUNTERS.format(oid="c.oid"))

# Statements that take no lock that blocks writers, unless a function of theirs does.
_DML = re.compile(
    r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|DECLARE|FETCH|VALUES|SAVEPOINT|RELEASE)\b", re.IGNORECASE
)

# Refused within a transaction: active_sql_transaction, invalid_transaction_termination.
_MUST_RUN_OUTSIDE = ("25001", "2D000")

_NOTHING = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Touch:
    """What one statement did to one relation that existed before."""

    modes: frozenset[str]  # all that the transaction holds on it, afterwards
    scans: int = 0
    reads: int = 0  # rows, from the table and through its indexes
    updated: int = 0
    deleted: int = 0
    before: catalog.Relation | None = None  # with `after`, where a lock that blocks writers is held
    after: catalog.Relation | None = None  # None with `before`: dropped

    @property
    def blocks_writers(self) -> bool:
        """Whether INSERT, UPDATE and DELETE of others wait."""
        return not self.modes.isdisjoint(BLOCKS_WRITERS)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, or several in a row that only read and write rows."""

    sql: str
    operation: int | None
    transaction: int  # the same number: the same transaction
    duration_ms: float
    touches: Mapping[int, Touch]  # by oid

    @property
    def is_dml(self) -> bool:
        """Whether it only reads and writes rows, as far as its first word says."""
        return _DML.match(self.sql) is not None


@dataclass(slots=True)
class Observer:
    """Collects what the statements of one migration do. Use it as an execute wrapper."""

    connection: BaseDatabaseWrapper
    existing: catalog.Relations  # what counts; the relations of the migration's own are everybody's to lock
    is_atomic: bool
    statements: list[Statement] = field(default_factory=list)
    operation: int | None = None
    deferred: dict[str, int] = field(default_factory=dict)  # text of a deferred statement: its operation

    _known: catalog.Relations = field(default_factory=dict)
    _base: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _transaction: int = 0
    _open: str | None = None  # the server's name for the transaction that was seen last
    _pending: list[tuple[str, float, int | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start from what the catalogue said last."""
        self._known = dict(self.existing)

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        """Run a statement and note what it did."""
        run = lambda: execute(sql, params, many, context)  # noqa: E731 - four arguments, handed on unseen
        text = str(sql)
        operation = self.deferred.get(text) if self.operation is None else self.operation
        if self.connection.in_atomic_block:
            return self._inside(run, text, operation)
        try:
            with transaction.atomic(self.connection.alias):
                return self._inside(run, text, operation, alone=True)
        except Error as error:
            if sqlstate_of(error) not in _MUST_RUN_OUTSIDE:
                raise
        return self._outside(run, text, operation)

    def finish(self) -> None:
        """Note what is not noted yet. Call it at the end of the migration, within its transaction."""
        self._flush()

    def begin_transaction(self) -> None:
        """Take what the server has counted so far as nothing."""
        self._flush()
        self._transaction += 1
        rows = catalog.ask(self.connection, _SQL_EXISTING, [list(self.existing)])
        self._base = {row[0]: row[1:] for row in rows}

    def _inside(self, run: Callable[[], Any], sql: str, operation: int | None, *, alone: bool = False) -> Any:
        is_dml = _DML.match(sql) is not None
        if alone or (not self.is_atomic and self._is_new_transaction()):
            self.begin_transaction()
        if self._pending and (not is_dml or self._pending[-1][2] != operation):
            self._flush()
        began_s = time.perf_counter()
        result = run()
        self._pending.append((sql, time.perf_counter() - began_s, operation))
        if not is_dml or not self.is_atomic:
            self._flush()
        return result

    def _is_new_transaction(self) -> bool:
        """Whether this is the first statement of a transaction that the migration itself opened."""
        (row,) = catalog.ask(self.connection, _SQL_TRANSACTION)
        is_new: bool = self._open != row[0]
        self._open = row[0]
        return is_new

    def _outside(self, run: Callable[[], Any], sql: str, operation: int | None) -> Any:
        self._transaction += 1
        began_s = time.perf_counter()
        result, modes = run_outside(self.connection, run, self.existing)
        duration_s = time.perf_counter() - began_s
        after = catalog.relations(self.connection, self.existing)
        touches = {
            oid: Touch(
                modes=modes.get(oid, frozenset()), before=self._known[oid], after=after.get(oid), scans=1
            )
            for oid in self.existing
            if oid in modes or self._known[oid] != after.get(oid)
        }
        self._known.update(after)
        self.statements.append(Statement(sql, operation, self._transaction, duration_s * 1000, touches))
        return result

    def _flush(self) -> None:
        if not self._pending:
            return
        pending, self._pending = self._pending, []
        touches = self._touches()
        duration_ms = sum(duration_s for _, duration_s, _ in pending) * 1000
        self.statements.append(
            Statement(pending[-1][0], pending[-1][2], self._transaction, duration_ms, touches)
        )

    def _touches(self) -> dict[int, Touch]:
        counted = {
            row[0]: row[1:] for row in catalog.ask(self.connection, _SQL_LOCKED) if row[0] in self.existing
        }
        blocked = [oid for oid, (modes, *_) in counted.items() if not set(modes).isdisjoint(BLOCKS_WRITERS)]
        after = catalog.relations(self.connection, blocked) if blocked else {}
        touches = {}
        for oid, (modes, *counters) in counted.items():
            base = self._base.get(oid, _NOTHING)
            self._base[oid] = tuple(counters)
            scans, reads, updated, deleted = (new - old for new, old in zip(counters, base, strict=True))
            seen = (self._known.get(oid), after.get(oid)) if oid in blocked else (None, None)
            touches[oid] = Touch(frozenset(modes), scans, reads, updated, deleted, *seen)
        for oid in blocked:
            if oid in after:
                self._known[oid] = after[oid]
            else:
                self._known.pop(oid, None)
        return touches


def sqlstate_of(error: BaseException | None) -> str | None:
    """Give the SQLSTATE of an error of Django's or of the driver's; None where there is none."""
    while error is not None:
        for name in ("sqlstate", "pgcode"):  # psycopg 3, psycopg2
            code = getattr(error, name, None)
            if code:
                return str(code)
        error = error.__cause__
    return None


def blocking_modes(modes: Iterable[str]) -> list[str]:
    """Give those modes that block writers, the strongest last."""
    return [mode for mode in BLOCKS_WRITERS if mode in modes]
