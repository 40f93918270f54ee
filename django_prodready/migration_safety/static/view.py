"""What a rule is given to judge: one migration as a sequence of effects, and the models on both sides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from django_prodready.migration_safety.harm import Harm
from django_prodready.migration_safety.model import Key, Lock
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.catalogue import Catalogue, Table
from django_prodready.migration_safety.static.locks import both
from django_prodready.migration_safety.static.models import ModelFacts, ModelKey

if TYPE_CHECKING:
    from django.db.migrations.operations.base import Operation

_Kind = TypeVar("_Kind", bound=e.Effect)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An effect in its place."""

    effect: e.Effect
    operation: int  # counted from 0 in the migration
    table: Table | None  # before the effect; None where it is not known
    is_existing: bool  # the table is there while the deployed release serves
    in_transaction: bool
    locks: Mapping[str, str]  # blocking locks on existing tables, taken by this effect
    held: Mapping[str, str]  # likewise, taken before it in the same transaction
    transaction: int = 0  # counted in the migration; a statement outside of one has its own
    dependents: tuple[str, ...] = ()  # as clauses: what refuses it
    is_used: bool = True  # False: a table that no model of the deployed release has any more
    is_in_utc: bool = True  # the session's time zone has no offset


@dataclass(frozen=True, kw_only=True)
class View:
    """One migration."""

    key: Key
    is_atomic: bool
    acts: tuple[Act, ...]
    before: Catalogue
    after: Catalogue
    deployed: Mapping[ModelKey, ModelFacts]  # what the release that serves now believes
    old: Mapping[ModelKey, ModelFacts]  # the models before this migration
    new: Mapping[ModelKey, ModelFacts]  # the models after this migration
    operations: tuple[Operation, ...] = ()
    is_read: bool = True  # False: some effects are not known
    is_past_read: bool = True  # False: some effects of earlier migrations are not known
    touched: frozenset[str] = field(
        default_factory=frozenset
    )  # tables that an effect names, old and new names

    def on_existing(self, kind: type[_Kind]) -> Iterator[tuple[Act, _Kind]]:
        """Yield what is done to tables that are there while the deployed release serves."""
        for act in self.acts:
            if act.is_existing and isinstance(act.effect, kind):
                yield act, act.effect

    def on_used(self, kind: type[_Kind]) -> Iterator[tuple[Act, _Kind]]:
        """Yield what is done to tables that the deployed release uses."""
        yield from ((act, effect) for act, effect in self.on_existing(kind) if act.is_used)

    def on_awaited(self, kind: type[_Kind]) -> Iterator[tuple[Act, _Kind]]:
        """Yield what is done to tables that the deployed release uses, or while it waits for one of these."""
        for act, effect in self.on_existing(kind):
            if act.is_used or act.held or act.locks:
                yield act, effect

    def of_kind(self, kind: type[_Kind]) -> Iterator[tuple[Act, _Kind]]:
        """Yield the effects of a kind."""
        for act in self.acts:
            if isinstance(act.effect, kind):
                yield act, act.effect

    def deployed_on(self, table: str) -> Iterator[ModelFacts]:
        """Yield the deployed models that are kept in a table."""
        yield from self._deployed_by_table.get(table, ())

    @cached_property
    def _deployed_by_table(self) -> dict[str, list[ModelFacts]]:
        found: dict[str, list[ModelFacts]] = {}
        for model in self.deployed.values():
            if model.is_stored:
                found.setdefault(model.table, []).append(model)
        return found

    def harm(self, rule: str, act: Act, **more: Any) -> Harm:
        """Make a harm of an effect, with the names that the project has for it."""
        origin = act.effect.origin
        values: dict[str, Any] = {
            "app_label": origin.app_label or self.key[0],
            "model": origin.model or self._model_on(act.effect.table),
            "field": origin.field,
            "table": act.effect.table or None,
            "locks": tuple(Lock(table, mode) for table, mode in both(act.held, act.locks).items()),
        }
        return Harm(rule=rule, operation=act.operation, **{**values, **more})

    def _model_on(self, table: str) -> str | None:
        return next((model.name for model in self.deployed_on(table)), None)
