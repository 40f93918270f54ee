"""Run the steps of a plan on a scratch database; judge those that are asked for by what the server did."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from django.db import Error, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from django_prodready.migration_safety.trace import (
    catalog,
    compatibility,
    operations,
    unmigrated,
    verdicts,
)
from django_prodready.migration_safety.trace.copies import start_over
from django_prodready.migration_safety.trace.course import Course
from django_prodready.migration_safety.trace.explain import Scene
from django_prodready.migration_safety.trace.initial_rows import InitialRows
from django_prodready.migration_safety.trace.names import Names, plain
from django_prodready.migration_safety.trace.operations import Progress
from django_prodready.migration_safety.trace.refusals import REFUSALS
from django_prodready.migration_safety.trace.seen import Before
from django_prodready.migration_safety.trace.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.apps.registry import Apps
    from django.db.backends.base.base import BaseDatabaseWrapper

    from django_prodready.migration_safety.model import Judgement, Key
    from django_prodready.migration_safety.plan import Plan, Step
    from django_prodready.migration_safety.trace.copies import Copies
    from django_prodready.migration_safety.trace.seen import Models, Seen


class Tracer:
    """Traces the judged steps of a plan, in order, on the database that ``connection`` goes to."""

    def __init__(
        self,
        connection: BaseDatabaseWrapper,
        plan: Plan,
        copies: Copies,
        begin: Callable[[Key], object] = lambda _key: None,
    ) -> None:
        """``begin`` is told of each migration, judged or not, before it is run."""
        self._begin = begin
        self._connection = connection
        self._alias = connection.alias
        self._plan = plan
        self._copies = copies
        self._recorder = MigrationRecorder(connection)
        self._initial_rows = InitialRows(self._alias)
        self._state = ProjectState(real_apps=plan.loader.unmigrated_apps)
        self._known: catalog.Relations = {}
        self._is_stale = True  # what is known of the catalogue
        self._deployed_oids: frozenset[int] | None = None
        self._deployed_state: ProjectState | None = None
        self._once_used: set[str] = set()  # tables of models, also of those that the state has forgotten
        self.failed: set[Key] = set()  # also what was not run because of them
        self._held: list[tuple[Step, Seen, Scene]] = []

    def run(self) -> Iterator[Judgement]:
        """Yield a verdict for each judged step, as soon as it is there."""
        self._recorder.ensure_schema()
        self._known = catalog.relations(self._connection)
        self._bookkeeping = frozenset(self._known)  # Django's own list of applied migrations
        unmigrated.create_tables(self._connection, self._plan.loader.unmigrated_apps)
        for step in self._plan.steps:
            missing = [key for key in self._needs(step) if key in self.failed]
            if missing:
                self.failed.add(step.key)
                if step.is_judged:
                    yield verdicts.not_judged(step, missing[0])
                continue
            self._begin(step.key)
            if not step.is_judged:
                yield from self._apply(step)
                continue
            if self._is_stale:
                self._known = catalog.relations(self._connection)
                self._is_stale = False
            self._remember_deployed()
            yield from self._judge(step)
        yield from self._judge_held()

    def _needs(self, step: Step) -> list[Key]:
        parents = self._plan.loader.graph.node_map[step.key].parents
        return [parent.key for parent in parents]

    def _apply(self, step: Step) -> Iterator[Judgement]:
        """Run a step that nobody asked about. Python code that fails is passed over, and told of."""
        self._is_stale = True
        self._render()
        self._once_used |= _tables(self._state.apps)
        failures: list[verdicts.Failure] = []
        without: frozenset[int] | None = frozenset()
        while without is not None:
            progress = Progress()
            refused_before = REFUSALS.count
            try:
                with transaction.atomic(self._alias) if step.migration.atomic else nullcontext():
                    course = Course(step.migration, self._state)
                    self._state = operations.apply(
                        self._connection, course, progress=progress, without=without
                    )
            except Exception as error:  # noqa: BLE001 - a migration may raise anything
                was_refused = REFUSALS.count > refused_before
                failures.append(verdicts.Failure(error, progress.current, progress.failed_sql, was_refused))
                without = operations.may_be_passed_over(step.migration, progress.current, without)
            else:
                self._record(step)
                if failures:
                    yield verdicts.passed_over(step, failures)
                return
        self.failed.add(step.key)
        yield verdicts.could_not_apply(step, failures[-1])

    def _remember_deployed(self) -> None:
        """Take what is there as deployed, once, or before each step."""
        self._render()
        if self._deployed_state is not None and not self._plan.each_deployed:
            return
        self._initial_rows.bring_in(self._state.apps)
        self._known = catalog.refreshed(self._connection, self._known, ())
        self._deployed_oids = frozenset(self._known) - self._bookkeeping
        self._deployed_state = self._state

    def _existing(self) -> catalog.Relations:
        """Give what the deployed release may use: not the tables of models that it has forgotten."""
        deployed = self._deployed_oids or frozenset()
        apps = self._deployed_apps()
        self._once_used |= _tables(apps)
        retired = self._once_used - _tables(apps)
        return {
            oid: relation
            for oid, relation in self._known.items()
            if oid in deployed and relation.name not in retired
        }

    def _judge(self, step: Step) -> Iterator[Judgement]:
        existing = self._existing()
        before = Before(self._state, self._known, existing, self._deployed_apps())
        try:
            seen = Trial(self._connection, step.migration, before, self._copies).run()
        except Exception as error:  # noqa: BLE001 - ours; what the migration raises stands in what is seen
            yield self._give_up(step, error)
            return
        scene = self._scene(seen)
        if seen.first.error is not None or verdicts.always_fails(seen):
            self.failed.add(step.key)
        if seen.first.error is None:
            self._record(step)
            self._state = seen.first.state
            self._known = seen.after
        if seen.broken_new and not self._plan.each_deployed:
            self._held.append((step, seen, scene))
        else:
            yield verdicts.judge(step, seen, scene)

    def _give_up(self, step: Step, error: Exception) -> Judgement:
        """Go on without a verdict on a step. Raises ``error`` where the server answers no more."""
        try:
            start_over(self._connection)
            # Of one that commits by itself nobody knows how far it has come.
            if step.migration.atomic:
                list(self._apply(step))
            else:
                self.failed.add(step.key)
        except Error:
            raise error from None
        return verdicts.not_understood(step, error)

    def _judge_held(self) -> Iterator[Judgement]:
        """Judge the steps after which the new code was broken, by whether it is so after the last of them.

        The new code is there when all of them are, and not between two of them.
        """
        if not self._held:
            return
        self._render()
        with transaction.atomic(self._alias):
            broken = compatibility.probe(_models(self._state.apps), self._connection)
            transaction.set_rollback(True, self._alias)
        left = {failure.identity for failure in broken}
        for step, seen, scene in self._held:
            seen.broken_new = tuple(failure for failure in seen.broken_new if failure.identity in left)
            yield verdicts.judge(step, seen, scene)

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


def _tables(apps: Apps) -> frozenset[str]:
    return frozenset(plain(model._meta.db_table) for model in _models(apps) if not model._meta.swapped)


def _models(apps: Apps) -> Models:
    return tuple(apps.get_models(include_auto_created=True))
