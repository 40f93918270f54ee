"""Watch each statement of a migration: its locks, scans, rewrites and writes on tables that existed before.

The observer is one of Django's execute wrappers. It knows what is going on from PostgreSQL alone: a
transaction keeps its locks to its end, and the server counts for it what it read and wrote. What a
statement did is the difference to the moment before it.
https://www.postgresql.org/docs/current/monitoring-stats.html
"""

from __future__ import annotations

import functools
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.utils import Error

from django_prodready.migration_safety.trace import catalog, counters, transaction_control, versions
from django_prodready.migration_safety.trace.counters import Counters
from django_prodready.migration_safety.trace.outside import run_outside
from django_prodready.migration_safety.trace.sqlstate import sqlstate_of
from django_prodready.migration_safety.trace.statements import (
    BLOCKS_WRITERS,
    IS_DML,
    IS_SAVEPOINT,
    Statement,
    Touch,
)
from django_prodready.migration_safety.trace.transaction_control import Control
from django_prodready.migration_safety.trace.versions import SHARE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from django.db.backends.base.base import BaseDatabaseWrapper

    from django_prodready.migration_safety.trace.operations import Progress

# What must run outside of a transaction is refused as: active_sql_transaction,
_NOT_IN_TRANSACTION = "25001"
# invalid_transaction_termination. Of procedures, and blocks of code, which may do anything.
_ENDS_TRANSACTION = "2D000"

# As libpq has them: PQTRANS_INERROR, PQTRANS_UNKNOWN.
# https://www.postgresql.org/docs/current/libpq-status.html
_BROKEN = (3, 4)


class LeavesTransactionError(Exception):
    """A migration ended the transaction that it should have stayed in."""


class EnoughSeenError(Exception):
    """A run takes more statements, or longer, than it is given."""


@dataclass(slots=True)
class Observer:
    """Collects what the statements of one migration do, as an execute wrapper, while it is `watching`."""

    connection: BaseDatabaseWrapper
    existing: catalog.Relations  # what counts; the relations of the migration's own are everybody's to lock
    progress: Progress
    rows: Mapping[int, int] = field(default_factory=dict)  # how many each relation has, if it has any
    must_stay: bool = False  # in the transaction that is open now
    most_statements: int | None = None
    longest_s: float | None = None
    statements: list[Statement] = field(default_factory=list)
    changed: dict[tuple[int, int], int] = field(default_factory=dict)  # rows, by transaction and relation
    asked: int = 0  # statements
    has_left: bool = False  # the transaction that it must stay in, or has tried to

    _known: catalog.Relations = field(default_factory=dict)
    _base: dict[int, Counters] = field(default_factory=dict)
    _first: int = 0  # position of this transaction's first statement
    _transaction: int = 0
    _has_begun: bool = False
    _since: int = 0  # number of the first transaction that is this one
    _began_s: float = field(default_factory=time.perf_counter)
    _began: int = 0  # the same, of all that is watched
    _own: list[Any] = field(default_factory=list)  # the transaction that SQL of the migration opened
    _pending: list[tuple[str, float, int | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start from what the catalogue said last."""
        self._known = dict(self.existing)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch the statements of the block, and its transactions end."""
        connection: Any = self.connection
        commit, rollback = connection.commit, connection.rollback
        connection.commit = lambda: self._end(commit)
        connection.rollback = lambda: self._end(rollback)
        self._began = self._since = self._first_number()
        try:
            with connection.execute_wrapper(self):
                yield
                self._close_own()
        finally:
            del connection.commit, connection.rollback  # its class has them

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        """Run a statement and note what it did."""
        self.asked += 1
        if self.most_statements is not None and self.asked > self.most_statements:
            raise EnoughSeenError
        if self.longest_s is not None and time.perf_counter() - self._began_s > self.longest_s:
            raise EnoughSeenError
        text = str(sql)
        operation = self.progress.operation_of(text)
        result = None
        for part in [text] if params else transaction_control.split(text):
            control = transaction_control.control_of(part)
            if control is not None:
                self._control(control)
                continue
            run = functools.partial(execute, sql if part == text else part, params, many, context)
            result = self._run(run, part, operation)
        return result

    def finish(self) -> None:
        """Note what is not noted yet, at the end of the migration; within its transaction if it has one."""
        self._flush()
        if self._has_begun:
            self._measure()
        elif self.rows:
            self._look_back(None)

    def _run(self, run: Callable[[], Any], sql: str, operation: int | None) -> Any:
        if IS_SAVEPOINT.match(sql):
            return run()
        if self._is_open():
            return self._inside(run, sql, operation)
        try:
            with transaction.atomic(self.connection.alias):
                return self._inside(run, sql, operation)
        except Error as error:
            state = sqlstate_of(error)
            if state not in (_NOT_IN_TRANSACTION, _ENDS_TRANSACTION):
                raise
        return self._outside(run, sql, operation, is_procedure=state == _ENDS_TRANSACTION)

    def _is_open(self) -> bool:
        return self.connection.in_atomic_block or not self.connection.get_autocommit()

    def _inside(self, run: Callable[[], Any], sql: str, operation: int | None) -> Any:
        is_dml = IS_DML.match(sql) is not None
        if not self._has_begun:
            self._begin()
        if self._pending and (not is_dml or self._pending[-1][2] != operation):
            self._flush()
        began_s = time.perf_counter()
        result = run()
        self._pending.append((sql, time.perf_counter() - began_s, operation))
        if not is_dml:
            self._flush()
        return result

    def _begin(self) -> None:
        """Take what the server has counted so far as nothing."""
        self._has_begun = True
        self._transaction += 1
        self._base = counters.counted(self.connection, self.existing)
        self._first = len(self.statements)
        if self.rows and not self.must_stay:
            self._since = versions.next_transaction(self.connection)

    def _first_number(self) -> int:
        if not self.rows:
            return 0
        if not self.must_stay:
            return versions.next_transaction(self.connection)
        tables = [self.existing[oid] for oid, count in self.rows.items() if count and oid in self.existing]
        return versions.next_savepoint(self.connection, tables)

    def _end(self, how: Callable[[], None]) -> None:
        """End a transaction. What was done in one that is taken back was done all the same."""
        self._flush()
        if self._has_begun:
            self._measure()
        self._pending.clear()
        self._has_begun = False
        how()

    def _control(self, control: Control) -> None:
        """Do what SQL of the migration says, so that Django knows of it."""
        if self._own:
            if control is not Control.BEGIN:
                transaction.set_rollback(control is Control.ROLLBACK, self.connection.alias)
                self._own.pop().__exit__(None, None, None)
        elif not self._is_open():
            if control is Control.BEGIN:
                self._own.append(transaction.atomic(self.connection.alias))
                self._own[0].__enter__()
        elif control is not Control.BEGIN:
            if self.must_stay:
                self.has_left = True
                raise LeavesTransactionError
            driver: Any = self.connection.connection
            self._end(driver.commit if control is Control.COMMIT else driver.rollback)

    def _close_own(self) -> None:
        """Commit what SQL of the migration has begun and not ended."""
        if self._own:
            self._control(Control.COMMIT)

    def _outside(self, run: Callable[[], Any], sql: str, operation: int | None, *, is_procedure: bool) -> Any:
        self._has_begun = False
        self._pending.clear()
        self._transaction += 1
        began_s = time.perf_counter()
        result, modes = run_outside(self.connection, run, self.existing)
        duration_s = time.perf_counter() - began_s
        after = catalog.relations(self.connection, self.existing)
        touches = {}
        for oid in self.existing:
            before, now = self._known[oid], after.get(oid)
            if is_procedure or oid in modes or before != now:
                # Nobody counted what it read. Of what cannot be in a transaction, nothing empties a table.
                is_rewritten = now is not None and now.filenode != before.filenode and not is_procedure
                reads = self.rows.get(oid, 0) if is_rewritten else 0
                held = modes.get(oid, frozenset())
                touches[oid] = Touch(held, scans=1, reads=reads, before=before, after=now)
        self._known.update(after)
        self.statements.append(Statement(sql, operation, self._transaction, duration_s * 1000, touches))
        self._look_back(operation)
        return result

    def _is_broken(self) -> bool:
        """Whether the transaction takes nothing but its end."""
        driver: Any = self.connection.connection
        return driver is None or driver.closed or driver.info.transaction_status in _BROKEN

    def _flush(self) -> None:
        if not self._pending or self._is_broken():
            return
        pending, self._pending = self._pending, []
        touches = self._touches()
        duration_ms = sum(duration_s for _, duration_s, _ in pending) * 1000
        self.statements.append(
            Statement(pending[-1][0], pending[-1][2], self._transaction, duration_ms, touches)
        )

    def _touches(self) -> dict[int, Touch]:
        found = {oid: held for oid, held in counters.locked(self.connection).items() if oid in self.existing}
        blocked = [oid for oid, (modes, _) in found.items() if not modes.isdisjoint(BLOCKS_WRITERS)]
        after = catalog.relations(self.connection, blocked) if blocked else {}
        touches = {}
        for oid, (modes, now) in found.items():
            new = now.since(self._base.get(oid, Counters()))
            self._base[oid] = now
            seen = (self._known.get(oid), after.get(oid)) if oid in blocked else (None, None)
            touches[oid] = Touch(modes, new.scans, new.reads, new.updated, new.deleted, 0, *seen)
        for oid in blocked:
            if oid in after:
                self._known[oid] = after[oid]
            else:
                self._known.pop(oid, None)
        return touches

    def _measure(self) -> None:
        """Count the rows that this transaction changed, where counters say that it may be nearly all."""
        if self._is_broken():
            return
        written = _written(self.statements[self._first :])
        many = [oid for oid, (count, _) in written.items() if count > self.rows.get(oid, count) * SHARE]
        for oid, newer in versions.count_newer(self.connection, many, self._since).items():
            self.changed[self._transaction, oid] = newer + written[oid][1]

    def _look_back(self, operation: int | None) -> None:
        """Note what counters of this session do not show: other sessions' work, and that of procedures."""
        rows = {oid: count for oid, count in self.rows.items() if oid in self.existing and count}
        seen = _written(self.statements)
        for change in versions.changed(self.connection, self.existing, rows, self._began):
            count, deleted = seen.get(change.oid, (0, 0))
            updated = change.in_one_transaction if change.in_one_transaction > count else 0
            gone = max(0, change.gone - deleted)
            if updated or gone:
                self._transaction += 1
                touch = Touch(frozenset(), updated=updated, gone=gone)
                self.statements.append(Statement("", operation, self._transaction, 0, {change.oid: touch}))


def _written(statements: Iterable[Statement]) -> dict[int, tuple[int, int]]:
    """Give by relation how many rows were updated or deleted, and how many of these deleted."""
    found: dict[int, tuple[int, int]] = {}
    for statement in statements:
        for oid, touch in statement.touches.items():
            count, deleted = found.get(oid, (0, 0))
            deleted_now = touch.deleted + touch.gone
            found[oid] = (count + touch.updated + deleted_now, deleted + deleted_now)
    return found
