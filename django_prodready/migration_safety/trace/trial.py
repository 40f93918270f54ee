"""All runs of one migration, and what the deployed and the new code say to what comes of them.

An atomic migration runs in a transaction that is first looked at and then, where that tells too little,
rolled back and run again over generated rows; in the end it runs once more and stays. One that commits by
itself cannot be rolled back: what needs the state before it happens in a copy of the database.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction

from django_prodready.migration_safety.trace import (
    catalog,
    compatibility,
    failures,
    operations,
    rows,
    rows_relations,
    verdicts,
)
from django_prodready.migration_safety.trace.attempt import attempt
from django_prodready.migration_safety.trace.copies import copied, gone_to, name_of
from django_prodready.migration_safety.trace.course import Course
from django_prodready.migration_safety.trace.seen import Seen
from django_prodready.migration_safety.trace.work import rows_may_tell_more

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.apps.registry import Apps
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.migrations import Migration

    from django_prodready.migration_safety.trace.attempt import Attempt
    from django_prodready.migration_safety.trace.copies import Copies
    from django_prodready.migration_safety.trace.seen import Before, Models

# By name: importing them needs a PostgreSQL driver.
_CONCURRENT = ("AddIndexConcurrently", "RemoveIndexConcurrently", "ValidateConstraint")

# Enough to hold apart a whole table and what a migration names one by one, where it goes from row to row.
MORE_ROWS = 400
# Enough to hold apart whole tables and batches of up to half as many.
MANY_ROWS = 12_000
# Over more rows: by then, code that goes from row to row has nothing new to tell.
MOST_STATEMENTS = 4_000
# For a statement over generated rows, and for all of a run over more of them.
_LONGEST_MS = 5_000
_TIME_LIMIT = f"statement_timeout = {_LONGEST_MS}"
# Each time over rows of what the code only came to because of the rows before.
MOST_RUNS_OVER_ROWS = 3


class Trial:
    """Runs one migration on the database that ``connection`` goes to, where it stays if it passes."""

    def __init__(
        self, connection: BaseDatabaseWrapper, migration: Migration, before: Before, copies: Copies
    ) -> None:
        self._connection = connection
        self._alias = connection.alias
        self._migration = migration
        self._before = before
        self._copies = copies
        self._course = Course(migration, before.state)

    def run(self) -> Seen:
        """Return what was seen."""
        try:
            seen = self._whole() if self._migration.atomic else None
            return seen or self._piecewise()
        finally:
            self._course.forget_rows()

    # One transaction

    def _whole(self) -> Seen | None:
        """Run in one transaction; give None, and leave no trace, where that will not do."""
        with transaction.atomic(self._alias):
            start = str(self._connection.savepoint())
            seen = self._first(start)
            if not seen.first.leaves_transaction and not _is_all(seen):
                self._connection.savepoint_rollback(start)
                self._subtract_baseline(seen)
                self._connection.savepoint_rollback(start)
                if _needs_rows(seen):
                    self._over_rows(seen, start)
                    self._connection.savepoint_rollback(start)
                self._keep(seen)
            if not _needs_committed_rows(seen):
                return seen
            transaction.set_rollback(True, self._alias)
        return None

    def _over_rows(self, seen: Seen, start: str) -> None:
        """Run over rows; again with rows in all that it touches; over more where few tell too little."""
        for _ in range(MOST_RUNS_OVER_ROWS):
            if self._second(seen):
                break
            self._connection.savepoint_rollback(start)
        few = verdicts.may_be_few(seen)
        if few:
            self._connection.savepoint_rollback(start)
            self._second_over(seen, few, _more(seen))

    def _keep(self, seen: Seen) -> None:
        if seen.first.error is not None:
            return
        try:
            with transaction.atomic(self._alias):
                seen.first.state = operations.apply(self._connection, self._course, without=seen.passed_over)
        except Exception as error:  # noqa: BLE001 - it may raise anything, also what it did not raise before
            seen.first.error = error
        else:
            seen.after = self._after(seen)  # indexes have other numbers than before

    # Transaction by transaction

    def _piecewise(self) -> Seen:
        if all(type(operation).__name__ in _CONCURRENT for operation in self._migration.operations):
            seen = self._first()  # has no use for rows, and leaves the columns alone
            seen.broken_old = seen.broken_new = ()
            return seen
        with copied(self._copies, name_of(self._connection), "before") as before:
            seen = self._first()
            if not _is_all(seen):
                with gone_to(before), _undone(self._alias):
                    self._subtract_baseline(seen)
            if _needs_rows(seen):
                with copied(self._copies, before, "spare") as spare:
                    with gone_to(before):
                        is_enough = self._second(seen)
                    few = verdicts.may_be_few(seen) if is_enough else self._touched(seen)
                    if few:
                        with gone_to(spare):
                            self._second_over(seen, few, _more(seen) if self._migration.atomic else MANY_ROWS)
        return seen

    # The parts of both

    def _first(self, start: str | None = None) -> Seen:
        """Run without rows, and ask what the deployed and the new code ask.

        Python code that fails is passed over then. ``start``: a savepoint to go back to.
        """
        existing = self._before.existing
        first = attempt(self._connection, self._course, existing)
        seen = Seen(first=first, existing=existing)
        while first.error is not None and not first.leaves_transaction:
            without = operations.may_be_passed_over(self._migration, first.failed_in, seen.passed_over)
            if without is None:
                return seen
            seen.failed = seen.failed or first
            seen.passed_over = without
            if start is not None:
                self._connection.savepoint_rollback(start)
            first = seen.first = attempt(self._connection, self._course, existing, without=without)
        if not first.leaves_transaction:
            self._ask(seen)
        return seen

    def _after(self, seen: Seen) -> catalog.Relations:
        changed = [
            oid
            for statement in seen.first.statements
            for oid, touch in statement.touches.items()
            if touch.may_alter
        ]
        return catalog.refreshed(self._connection, self._before.known, changed)

    def _ask(self, seen: Seen) -> None:
        seen.after = self._after(seen)
        seen.deployed = self._asked(seen, self._before.deployed)
        with _undone(self._alias):
            seen.broken_old = compatibility.probe(seen.deployed, self._connection)
            asked = self._asked(seen, seen.first.state.apps, self._before.state.apps)
            seen.new = compatibility.with_tables(asked, seen.after)
            seen.broken_new = self._broken_new(seen)

    def _broken_new(self, seen: Seen) -> tuple[compatibility.Failure, ...]:
        """Ask what the new code asks, where that is not what the deployed code has asked."""
        before, asked = self._before, {model._meta.label for model in seen.deployed}
        if before.deployed is not before.state.apps:
            asked = set()
        same = {
            model
            for model in seen.new
            if model._meta.label in asked
            and compatibility.asks_the_same(model, before.state, seen.first.state)
        }
        labels = {model._meta.label for model in same}
        told = [each for each in seen.broken_old if f"{each.app_label}.{each.model}" in labels]
        others = [model for model in seen.new if model not in same]
        return (*told, *compatibility.probe(others, self._connection))

    def _asked(self, seen: Seen, apps: Apps, other: Apps | None = None) -> Models:
        known, after = self._before.known, seen.after
        changed = {relation.name for oid, relation in known.items() if after.get(oid) != relation}
        changed |= {relation.name for oid, relation in after.items() if known.get(oid) != relation}
        return compatibility.models_to_probe(apps, self._migration, changed, other)

    def _subtract_baseline(self, seen: Seen) -> None:
        """Leave out what did not work before either; ask what the new code would miss there."""
        if not seen.broken_old and not seen.broken_new:
            return
        before = compatibility.baseline(seen.deployed, self._connection)
        seen.broken_old = compatibility.new_failures(seen.broken_old, before)
        seen.broken_new = tuple(
            failure
            for failure in compatibility.new_failures(seen.broken_new, before)
            if not compatibility.writes_to_view(failure, seen.after)
        )
        seen.needed = compatibility.probe(seen.new, self._connection)

    def _second(self, seen: Seen) -> bool:
        """Run over generated rows; say whether all that it touched has some."""
        touched = self._touched(seen)
        counts, seen.not_checked = rows_relations.fill(
            seen.existing, touched, self._before.state.apps, self._connection
        )
        seen.second, seen.counts = self._over(seen.existing, counts), counts
        return seen.second.touched() <= touched.union(counts)

    def _second_over(self, seen: Seen, few: frozenset[int], count: int) -> None:
        """Run over more rows in those that have too few. It counts if it passes where one over few did."""
        wanted = self._touched(seen) | few
        apps, more = self._before.state.apps, rows_relations.More(few, count)
        try:
            with catalog.having(self._connection, _TIME_LIMIT):
                counts, refused = rows_relations.fill(seen.existing, wanted, apps, self._connection, more)
        except rows.TooLongError:
            return
        second = self._over(seen.existing, counts, is_limited=True)
        if second.error is None or seen.second is None or seen.second.error is not None:
            seen.second, seen.counts, seen.not_checked = second, counts, refused

    def _over(
        self, existing: catalog.Relations, counts: dict[int, int], *, is_limited: bool = False
    ) -> Attempt:
        if not self._connection.in_atomic_block:  # in a copy, files have other numbers
            existing = catalog.relations(self._connection, existing)
        # The planner is to use indexes as it would on a large table.
        with catalog.having(self._connection, _TIME_LIMIT, "enable_seqscan = off"):
            return attempt(
                self._connection,
                self._course,
                existing,
                rows=counts,
                most_statements=MOST_STATEMENTS if is_limited else None,
                longest_s=_LONGEST_MS / 1000 if is_limited else None,
            )

    def _touched(self, seen: Seen) -> frozenset[int]:
        if seen.failed or seen.first.error is not None:
            return frozenset(seen.existing)
        return seen.first.touched() | (seen.second.touched() if seen.second else frozenset())


def _is_all(seen: Seen) -> bool:
    """Whether the first run tells all."""
    return not seen.broken_old and not seen.broken_new and not _needs_rows(seen)


def _needs_rows(seen: Seen) -> bool:
    """Whether another run over rows may tell more than the first."""
    if seen.failed or seen.first.error is not None:
        return True
    return any(rows_may_tell_more(statement) for statement in seen.first.statements)


def _more(seen: Seen) -> int:
    """Say over how many rows to run where few have told too little."""
    by_row = seen.second is not None and seen.second.asked >= max(seen.counts.values(), default=0)
    return MORE_ROWS if by_row else MANY_ROWS


def _needs_committed_rows(seen: Seen) -> bool:
    """Whether a transaction that is never committed tells too little, or tells what is not so."""
    if seen.first.leaves_transaction:
        return True
    return seen.second is not None and (
        seen.second.leaves_transaction or failures.may_be_of_new_rows(seen.second)
    )


@contextmanager
def _undone(alias: str) -> Iterator[None]:
    """Roll back what the block writes."""
    with transaction.atomic(alias):
        yield
        transaction.set_rollback(True, alias)
