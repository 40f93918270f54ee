"""Walks a plan: keeps models and catalogue in step, and makes a view of each migration that is judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.migrations.state import ProjectState

from django_prodready.migration_safety.plan import Plan, Step
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.catalogue import Catalogue
from django_prodready.migration_safety.static.dependents import dependents_of
from django_prodready.migration_safety.static.locks import both, locks_of
from django_prodready.migration_safety.static.models import ModelFacts, ModelKey, Models
from django_prodready.migration_safety.static.sessions import Zone
from django_prodready.migration_safety.static.simulate import simulate
from django_prodready.migration_safety.static.translate import translate
from django_prodready.migration_safety.static.usage import is_forgotten, tables_of
from django_prodready.migration_safety.static.view import Act, View

if TYPE_CHECKING:
    from django.db.migrations.operations.base import Operation


def views(plan: Plan) -> Iterator[View]:
    """Yield a view of each migration that is judged, in order."""
    state = ProjectState(real_apps=set(plan.loader.unmigrated_apps))
    walker = _Walker(Models(state, plan.alias), plan.alias)
    deployed_until = next(
        (position for position, step in enumerate(plan.steps) if not step.is_deployed), len(plan.steps)
    )
    for position, step in enumerate(plan.steps):
        if not step.is_judged:
            walker.pass_over(step, position)
            if position + 1 == deployed_until:
                walker.deploy()
            continue
        if plan.each_deployed:
            walker.deploy()
        yield walker.view(step, position, position if plan.each_deployed else deployed_until)


class _Walker:
    def __init__(self, models: Models, alias: str) -> None:
        self._models = models
        self._alias = alias
        self._catalogue: Catalogue = {}
        self._deployed: Mapping[ModelKey, ModelFacts] = {}
        self._is_read = True  # so far

    def deploy(self) -> None:
        """Take the models as they are now for those of the release that serves."""
        self._deployed = self._models.snapshot()

    def pass_over(self, step: Step, position: int) -> None:
        """Let models and catalogue follow a migration that is not judged."""
        for operation in step.migration.operations:
            for effect in translate(
                operation, step.migration.app_label, self._models, self._catalogue, position
            ):
                self._is_read = self._is_read and not isinstance(effect, e.Opaque)
                simulate(effect, self._catalogue, position)

    def view(self, step: Step, position: int, existing_before: int) -> View:
        """Follow a migration, and tell all that it did."""
        migration = step.migration
        before, old = dict(self._catalogue), self._models.snapshot()
        recorder = _Recorder(
            self._catalogue,
            position,
            existing_before,
            used=tables_of((*self._deployed.values(), *old.values())),
            zone=Zone(self._alias),
            is_atomic=bool(migration.atomic),
        )
        is_read = True
        for number, operation in enumerate(migration.operations):
            recorder.begin(number, operation)
            for effect in translate(operation, migration.app_label, self._models, self._catalogue, position):
                is_read = is_read and not isinstance(effect, e.Opaque | e.Fails)
                recorder.record(effect)
        recorder.end()
        is_past_read, self._is_read = self._is_read, self._is_read and is_read
        return View(
            key=(migration.app_label, migration.name),
            is_atomic=bool(migration.atomic),
            acts=tuple(recorder.acts),
            before=before,
            after=dict(self._catalogue),
            deployed=self._deployed,
            old=old,
            new=self._models.snapshot(),
            is_read=is_read,
            is_past_read=is_past_read,
            touched=frozenset(recorder.touched),
            operations=tuple(migration.operations),
        )


class _Recorder:
    """Notes each effect with the locks that are held, and lets the catalogue follow."""

    def __init__(
        self,
        catalogue: Catalogue,
        position: int,
        existing_before: int,
        *,
        used: frozenset[str],
        zone: Zone,
        is_atomic: bool,
    ) -> None:
        self.acts: list[Act] = []
        self.touched: set[str] = set()
        self._catalogue = catalogue
        self._position = position
        self._existing_before = existing_before
        self._used = used
        self._zone = zone
        self._is_atomic = is_atomic
        self._held: dict[str, str] = {}
        self._deferred: list[tuple[int, e.Effect]] = []
        self._number = 0
        self._in_transaction = is_atomic
        self._outer: list[bool] = []  # whether there was a transaction where others were begun
        self._transaction = 0

    def begin(self, number: int, operation: Operation) -> None:
        """Begin an operation: it may have a transaction of its own."""
        self._number = number
        self._in_transaction = self._is_atomic or bool(operation.atomic)
        self._outer.clear()
        if not self._is_atomic:
            self._release()

    def record(self, effect: e.Effect) -> None:
        """Note an effect, or keep it for the end."""
        if effect.is_deferred:
            self._deferred.append((self._number, effect))
        elif isinstance(effect, r.Transaction):
            self._bound(effect.boundary)
        else:
            self._note(effect)

    def end(self) -> None:
        """Note what Django has kept for the end, in the names of the end."""
        self._in_transaction = self._is_atomic
        for number, effect in self._deferred:
            self._number = number
            renamed = self._renamed(effect)
            if not self._is_gone(renamed):
                self._note(renamed)

    def _is_gone(self, effect: e.Effect) -> bool:
        """Whether what it is about was dropped again: Django forgets it then."""
        columns = effect.index.columns if isinstance(effect, e.CreateIndex) else ()
        return any(
            isinstance(act.effect, e.DropTable) or getattr(act.effect, "column", None) in columns
            for act in self.acts
            if isinstance(act.effect, e.DropTable | e.DropColumn) and act.effect.table == effect.table
        )

    def _bound(self, boundary: r.Boundary) -> None:
        if boundary is r.Boundary.OPEN:
            if not self._in_transaction:
                self._release()
            self._outer.append(self._in_transaction)
            self._in_transaction = True
        elif boundary is r.Boundary.COMMIT:
            self._release()
            self._in_transaction = self._outer[0] if self._outer else self._in_transaction
            self._outer.clear()
        elif self._outer:
            self._in_transaction = self._outer.pop()

    def _release(self) -> None:
        """Let the locks go: a transaction has ended."""
        self._held = {}
        self._zone.end_transaction()
        self._transaction += 1

    def _renamed(self, effect: e.Effect) -> e.Effect:
        for act in self.acts:
            if isinstance(act.effect, e.RenameTable) and act.effect.table == effect.table:
                effect = replace(effect, table=act.effect.new)
        return effect

    def _note(self, effect: e.Effect) -> None:
        if not self._in_transaction:
            self._release()
        taken = {
            table: mode
            for table, mode in locks_of(effect, self._catalogue).items()
            if self._is_existing(table) and self._is_used(table)
        }
        if isinstance(effect, r.SetZone):
            self._zone.set(effect, in_transaction=self._in_transaction)
        self.acts.append(
            Act(
                effect=effect,
                operation=self._number,
                table=self._catalogue.get(effect.table),
                is_existing=self._is_existing(effect.table),
                in_transaction=self._in_transaction,
                locks=taken,
                held=self._held,
                transaction=self._transaction,
                dependents=dependents_of(effect, self._catalogue),
                is_used=self._is_used(effect.table),
                is_in_utc=self._zone.is_utc,
            )
        )
        self._held = both(self._held, taken)
        self._follow_names(effect)
        simulate(effect, self._catalogue, self._position)

    def _follow_names(self, effect: e.Effect) -> None:
        self.touched.add(effect.table)
        if isinstance(effect, e.RenameTable):
            self.touched.add(effect.new)
            if effect.table in self._used:
                self._used |= {effect.new}
            if effect.table in self._held:
                self._held[effect.new] = self._held.pop(effect.table)

    def _is_existing(self, name: str) -> bool:
        table = self._catalogue.get(name)
        return table is None or table.born < self._existing_before

    def _is_used(self, name: str) -> bool:
        table = self._catalogue.get(name)
        return table is None or not is_forgotten(table, self._used, self._catalogue)
