"""Run the steps of a plan on a scratch database, and judge those that are asked for by what the server did.

An atomic migration runs in a transaction that is first looked at and then, where that tells too little,
rolled back and run again over generated rows; in the end it runs once more and stays. One that is not
atomic cannot be rolled back: what needs the state before it happens in a copy of the database.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from django_prodready.migration_safety.model import Judgement
from django_prodready.migration_safety.trace import catalog, compatibility, rows, verdicts
from django_prodready.migration_safety.trace.attempt import apply_unwatched, attempt
from django_prodready.migration_safety.trace.copies import copied, gone_to, name_of
from django_prodready.migration_safety.trace.explain import Scene
from django_prodready.migration_safety.trace.names import Names
from django_prodready.migration_safety.trace.seen import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.apps.registry import Apps
    from django.db.backends.base.base import BaseDatabaseWrapper

    from django_prodready.migration_safety.model import Key
    from django_prodready.migration_safety.plan import Plan, Step
    from django_prodready.migration_safety.trace.copies import Copies
    from django_prodready.migration_safety.trace.seen import Models


# By name: importing them needs a PostgreSQL driver.
_CONCURRENT = ("AddIndexConcurrently", "RemoveIndexConcurrently", "ValidateConstraint")

# Enough to hold apart whole tables and batches of up to half as many.
MANY_ROWS = 12_000


class Tracer:
    """Traces the judged steps of a plan, in order, on the database that ``connection`` goes to."""

    def __init__(self, connection: BaseDatabaseWrapper, plan: Plan, copies: Copies) -> None:
        self._connection = connection
        self._alias = connection.alias
        self._plan = plan
        self._copies = copies
        self._recorder = MigrationRecorder(connection)
        self._state = ProjectState(real_apps=plan.loader.unmigrated_apps)
        self._known: catalog.Relations = {}
        self._deployed_oids: frozenset[int] | None = None
        self._deployed_state: ProjectState | None = None
        self._failed: set[Key] = set()

    def run(self) -> Iterator[Judgement]:
        """Yield a verdict for each judged step, as soon as it is there."""
        self._recorder.ensure_schema()
        self._known = catalog.relations(self._connection)
        self._bookkeeping = frozenset(self._known)  # Django's own list of applied migrations
        for step in self._plan.steps:
            missing = [key for key in self._needs(step) if key in self._failed]
            if missing:
                self._failed.add(step.key)
                if step.is_judged:
                    yield verdicts.not_judged(step, missing[0])
                continue
            if not step.is_judged:
                yield from self._apply(step)
                continue
            self._remember_deployed()
            yield self._judge(step)

    def _needs(self, step: Step) -> list[Key]:
        parents = self._plan.loader.graph.node_map[step.key].parents
        return [parent.key for parent in parents]

    def _apply(self, step: Step) -> Iterator[Judgement]:
        """Run a step that nobody asked about."""
        self._render()
        before = self._state.clone()
        try:
            with transaction.atomic(self._alias) if step.migration.atomic else nullcontext():
                self._state = apply_unwatched(self._connection, step.migration, self._state)
        except Exception as error:  # noqa: BLE001 - a migration may raise anything
            self._state = before
            self._failed.add(step.key)
            yield verdicts.could_not_apply(step, error)
        else:
            self._record(step)

    def _remember_deployed(self) -> None:
        """Take what is there as deployed, once, or before each step."""
        self._render()
        if self._deployed_state is not None and not self._plan.each_deployed:
            return
        self._known = catalog.refreshed(self._connection, self._known, ())
        self._deployed_oids = frozenset(self._known)
        self._deployed_state = self._state.clone()

    def _judge(self, step: Step) -> Judgement:
        seen = self._whole(step) if step.migration.atomic else self._piecewise(step)
        if seen.first.error is not None:
            self._failed.add(step.key)
        else:
            self._record(step)
            self._state = seen.first.state
            self._known = seen.after
        return verdicts.judge(step, seen, self._scene(seen))

    # One transaction

    def _whole(self, step: Step) -> Seen:
        with transaction.atomic(self._alias):
            start = transaction.savepoint(self._alias)
            seen = self._first(step)
            if self._is_plain(seen):
                return seen
            transaction.savepoint_rollback(start, self._alias)
            self._subtract_baseline(step, seen)
            transaction.savepoint_rollback(start, self._alias)
            self._second(step, seen)
            transaction.savepoint_rollback(start, self._alias)
            if seen.first.error is None:
                seen.first.state = apply_unwatched(self._connection, step.migration, self._state.clone())
        return seen

    # Statement by statement

    def _piecewise(self, step: Step) -> Seen:
        if all(type(operation).__name__ in _CONCURRENT for operation in step.migration.operations):
            return self._first(step)  # has no use for rows, and leaves the columns alone
        with copied(self._copies, name_of(self._connection), "before") as before:
            seen = self._first(step)
            if not self._is_plain(seen):
                with copied(self._copies, before, "spare") as spare:
                    with gone_to(before):
                        with _undone(self._alias):
                            self._subtract_baseline(step, seen)
                        self._second(step, seen)
                    if verdicts.may_be_batches(seen):
                        with gone_to(spare):
                            self._second(step, seen, many=True)
        return seen

    # The parts of both

    def _first(self, step: Step) -> Seen:
        """Run without rows, and ask what the deployed and the new code ask."""
        deployed_oids = self._deployed_oids or frozenset()
        existing = {
            oid: relation
            for oid, relation in self._known.items()
            if oid in deployed_oids and oid not in self._bookkeeping
        }
        first = attempt(self._connection, step.migration, self._state, existing)
        seen = Seen(first=first, existing=existing)
        if first.error is not None:
            return seen
        changed = [
            oid
            for statement in first.statements
            for oid, touch in statement.touches.items()
            if touch.blocks_writers
        ]
        seen.after = catalog.refreshed(self._connection, self._known, changed)
        seen.deployed = self._asked(step, seen, self._deployed_apps())
        with _undone(self._alias):
            seen.broken_old = compatibility.probe(seen.deployed, self._connection)
            seen.broken_new = compatibility.probe(self._asked(step, seen, first.state.apps), self._connection)
        return seen

    def _asked(self, step: Step, seen: Seen, apps: Apps) -> Models:
        changed = {
            relation.name
            for oid, relation in self._known.items()
            if seen.after.get(oid) != relation or seen.after[oid].name != relation.name
        }
        changed |= {relation.name for oid, relation in seen.after.items() if self._known.get(oid) != relation}
        return compatibility.models_to_probe(apps, step.migration, changed)

    def _is_plain(self, seen: Seen) -> bool:
        """Whether the first run tells all."""
        if seen.first.error is not None or seen.broken_old or seen.broken_new:
            return False
        return not any(
            statement.is_dml or touch.scans
            for statement in seen.first.statements
            for touch in statement.touches.values()
        )

    def _subtract_baseline(self, step: Step, seen: Seen) -> None:
        """Leave out what did not work before either; ask whether the new code would have."""
        if not seen.broken_old and not seen.broken_new:
            return
        before = compatibility.baseline(seen.deployed, self._connection)
        seen.broken_old = compatibility.new_failures(seen.broken_old, before)
        seen.broken_new = compatibility.new_failures(seen.broken_new, before)
        new = self._asked(step, seen, seen.first.state.apps)
        seen.new_works_before = not compatibility.probe(new, self._connection)

    def _second(self, step: Step, seen: Seen, *, many: bool = False) -> None:
        """Run over generated rows."""
        touched = seen.first.touched()
        tables = {seen.existing[oid].name for oid in touched}
        models = [model for model in _models(self._state.apps) if model._meta.db_table in tables]
        if seen.first.error is not None:
            models = list(_models(self._state.apps))
        with transaction.atomic(self._alias):
            seeded = rows.seed(models, self._connection)
            if many:
                rows.multiply(models, self._connection, MANY_ROWS)
        seen.counts = {
            oid: catalog.count_rows(self._connection, relation)
            for oid, relation in seen.existing.items()
            if relation.name in seeded.rows and relation.kind in "rp"
        }
        seen.not_checked = [
            f"{table}: {reason}" for table, reason in seeded.unfilled.items() if table in tables
        ]
        # Files have other numbers in a copy.
        existing = catalog.relations(self._connection, seen.existing)
        with _fewer_full_scans(self._connection):
            seen.second = attempt(self._connection, step.migration, self._state, existing)

    def _scene(self, seen: Seen) -> Scene:
        after = seen.first.state if seen.first.error is None else self._state
        return Scene(
            existing=seen.existing,
            rows=seen.counts,
            deployed=Names(_models(self._deployed_apps())),
            names=Names(_models(after.apps)),
        )

    def _deployed_apps(self) -> Apps:
        state = self._deployed_state if self._deployed_state is not None else self._state
        return state.apps

    def _render(self) -> None:
        _ = self._state.apps

    def _record(self, step: Step) -> None:
        self._recorder.record_applied(*step.key)


def _models(apps: Apps) -> Models:
    return tuple(apps.get_models(include_auto_created=True))


@contextmanager
def _undone(alias: str) -> Iterator[None]:
    """Roll back what the block writes."""
    with transaction.atomic(alias):
        yield
        transaction.set_rollback(True, alias)


@contextmanager
def _fewer_full_scans(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Have the planner use indexes as it would on a large table."""
    catalog.tell(connection, "SET enable_seqscan = off")
    try:
        yield
    finally:
        if connection.connection is not None and connection.is_usable():
            catalog.tell(connection, "RESET enable_seqscan")
