"""The historical models as tables and columns, read from the project state; no model class is rendered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, router
from django.db.migrations.state import ModelState, ProjectState
from django.utils.module_loading import import_string

from django_prodready.migration_safety.static.fields import FieldFacts, read_field
from django_prodready.migration_safety.static.postgres import table_name

ModelKey = tuple[str, str]  # app label and lower-case name


@dataclass(frozen=True, slots=True, kw_only=True)
class PairTable:
    """The table that Django keeps for a many-to-many field."""

    table: str
    near: FieldFacts  # to the model that has the field
    far: FieldFacts
    id: FieldFacts


@dataclass(frozen=True)
class ModelFacts:
    """A model as the database sees it."""

    key: ModelKey
    name: str  # "Book"
    table: str
    fields: dict[str, FieldFacts]  # by name, in the order of the model
    options: dict[str, Any]
    bases: tuple[Any, ...]
    migrates: bool  # False: proxy, unmanaged, swapped out, or routed elsewhere
    is_stored: bool  # False: likewise, except that an unmanaged model has a table, which others make
    pairs: dict[str, PairTable]  # by the many-to-many field that Django keeps it for
    has_managers: bool = False  # of the project's own, which may do what they like

    @cached_property
    def columns(self) -> dict[str, FieldFacts]:
        """The fields that have a column, by its name."""
        return {facts.column: facts for facts in self.fields.values() if facts.column is not None}

    def column_of(self, field: str) -> str:
        """Return the column of a field, or the name itself where it is none's."""
        facts = self.field(field)
        return (facts.column if facts else None) or field

    def field(self, name: str) -> FieldFacts | None:
        """Find a field by its name, by the column's, or as ``pk``."""
        if name == "pk":
            return self.primary_key
        return self.fields.get(name) or self.columns.get(name)

    def references(self, keys: set[ModelKey]) -> bool:
        """Whether a foreign key or a table of pairs points to one of the models."""
        if any(one.relation is not None and one.relation.model in keys for one in self.fields.values()):
            return True
        ends = (end for pair in self.pairs.values() for end in (pair.near, pair.far))
        return any(end.relation is not None and end.relation.model in keys for end in ends)

    @cached_property
    def primary_key(self) -> FieldFacts | None:
        """The field that is the primary key."""
        return next((facts for facts in self.fields.values() if facts.primary_key and facts.column), None)


class Models:
    """The models of a project state. What was read is kept until it is told to :meth:`forget`."""

    def __init__(self, state: ProjectState, alias: str) -> None:
        self.state = state
        self.alias = alias
        self._facts: dict[ModelKey, ModelFacts] = {}
        self._reading: dict[ModelKey, ModelState] = {}
        # By identity, which the kept field guarantees. Fields that point to others may change with them.
        self._plain: dict[tuple[int, str], tuple[Any, FieldFacts]] = {}

    def clone(self) -> Models:
        """Copy the state, to change the copy."""
        copied = Models(self.state.clone(), self.alias)
        copied._facts = dict(self._facts)
        copied._plain = self._plain
        return copied

    def get(self, app_label: str, name: str) -> ModelFacts | None:
        """Read a model; None where the state has none of that name."""
        key = (app_label, name.lower())
        facts = self._facts.get(key)
        if facts is None:
            model_state = self.state.models.get(key)
            if model_state is None:
                return None
            facts = self._facts[key] = self._read(key, model_state)
        return facts

    def all(self) -> Iterator[ModelFacts]:
        """Read all models."""
        found = (self.get(*key) for key in list(self.state.models))
        yield from (facts for facts in found if facts is not None)

    def forget(self, keys: Iterable[ModelKey]) -> None:
        """Read these models anew the next time."""
        for key in keys:
            self._facts.pop(key, None)

    def snapshot(self) -> dict[ModelKey, ModelFacts]:
        """Keep all models as they are now."""
        return {facts.key: facts for facts in self.all()}

    def key_of(self, model: Any, near: ModelKey) -> ModelKey:
        """Resolve what a relation names: a string, a model class, "self"."""
        if not isinstance(model, str):
            return model._meta.app_label, model._meta.model_name
        if model == "self":
            return near
        app_label, _, name = model.rpartition(".")
        return app_label or near[0], name.lower()

    def target(self, key: ModelKey, field: str | None) -> tuple[str, FieldFacts] | None:
        """Find the table and field that a foreign key to ``key`` references; the primary key by default."""
        if key in self._reading:
            return self._target_in_progress(key, field)
        facts = self.get(*key)
        if facts is None:
            facts = self._real(key)
        if facts is None:
            return None
        found = facts.field(field) if field else facts.primary_key
        return (facts.table, found) if found else None

    def referencing(self, keys: Iterable[ModelKey]) -> set[ModelKey]:
        """Find the models whose columns depend on those of ``keys``, themselves included."""
        found = set(keys)
        grown = True
        while grown:
            more = {facts.key for facts in self.all() if facts.key not in found and facts.references(found)}
            grown = bool(more)
            found |= more
        return found

    def _pairs(self, key: ModelKey, table: str, fields: Iterable[FieldFacts]) -> dict[str, PairTable]:
        found = {facts.name: self._pair_table(key, table, facts) for facts in fields if facts.is_many_to_many}
        return {name: pair for name, pair in found.items() if pair is not None}

    def _pair_table(self, key: ModelKey, table: str, field: FieldFacts) -> PairTable | None:
        """Describe the table of a many-to-many field; None where a model of its own is it."""
        remote = field.field.remote_field
        if remote.through is not None and not getattr(
            getattr(remote.through, "_meta", None), "auto_created", False
        ):
            return None
        target = self.key_of(remote.model, key)
        near, far = key[1], target[1]
        if target == key:
            near, far = f"from_{near}", f"to_{far}"
        constrained = bool(remote.db_constraint)
        return PairTable(
            table=field.field.db_table or table_name(f"{table}_{field.name}"),
            near=self._pair_column(near, key, key, constrained),
            far=self._pair_column(far, target, key, constrained),
            id=self._implicit_id(key),
        )

    def _pair_column(self, name: str, target: ModelKey, near: ModelKey, constrained: bool) -> FieldFacts:
        foreign = models.ForeignKey(
            f"{target[0]}.{target[1]}", models.CASCADE, db_constraint=constrained, related_name="+"
        )
        return read_field(name, foreign, self, near)

    def _read(self, key: ModelKey, state: ModelState) -> ModelFacts:
        table = self._table(key, state)
        self._reading[key] = state
        try:
            fields = {name: self._field(name, one, key) for name, one in state.fields.items()}
            if not any(facts.field.primary_key for facts in fields.values()):
                fields = {**self._implicit_key(key, state), **fields}
            pairs = self._pairs(key, table, fields.values())
        finally:
            self._reading.pop(key, None)
        if state.options.get("order_with_respect_to"):
            fields["_order"] = read_field("_order", models.OrderWrt(), self, key)
        return ModelFacts(
            key=key,
            name=state.name,
            table=table,
            fields=fields,
            options=dict(state.options),
            bases=tuple(state.bases),
            migrates=bool(state.options.get("managed", True)) and self._is_stored(key, state),
            is_stored=self._is_stored(key, state),
            pairs=pairs,
            has_managers=any(not type(one).__module__.startswith("django.") for _, one in state.managers),
        )

    def _field(self, name: str, unbound: Any, key: ModelKey) -> FieldFacts:
        if unbound.remote_field is not None:
            return read_field(name, unbound, self, key)
        kept = self._plain.get((id(unbound), name))
        if kept is None:
            kept = self._plain[id(unbound), name] = unbound, read_field(name, unbound, self, key)
        return kept[1]

    def _table(self, key: ModelKey, state: ModelState) -> str:
        if state.options.get("proxy"):
            parents = (self.get(*self.key_of(base, key)) for base in state.bases if isinstance(base, str))
            parent = next((facts for facts in parents if facts is not None), None)
            if parent is not None:
                return parent.table
        return state.options.get("db_table") or table_name(f"{key[0]}_{key[1]}")

    def _implicit_key(self, key: ModelKey, state: ModelState) -> dict[str, FieldFacts]:
        """Add the primary key that Django adds where a model names none."""
        if state.options.get("proxy"):
            return {}
        for base in state.bases:
            if isinstance(base, str) and (parent := self.key_of(base, key)) in self.state.models:
                link = models.OneToOneField(
                    f"{parent[0]}.{parent[1]}", models.CASCADE, primary_key=True, parent_link=True
                )
                name = f"{parent[1]}_ptr"
                return {name: read_field(name, link, self, key)}
        return {"id": self._implicit_id(key)}

    def _implicit_id(self, key: ModelKey) -> FieldFacts:
        kind = import_string(settings.DEFAULT_AUTO_FIELD)
        return read_field("id", kind(primary_key=True, auto_created=True), self, key)

    def _is_stored(self, key: ModelKey, state: ModelState) -> bool:
        options = state.options
        if options.get("proxy"):
            return False
        swapped_for = getattr(settings, options.get("swappable") or "", None)
        if swapped_for and str(swapped_for).lower() != f"{key[0]}.{key[1]}":
            return False
        return self.may_migrate(key[0], model_name=key[1])

    def may_migrate(self, app_label: str, **hints: Any) -> bool:
        """Whether the routers let an operation of this app run on the alias."""
        if not router.routers:
            return True
        try:
            return bool(router.allow_migrate(self.alias, app_label, **hints))
        except Exception:  # noqa: BLE001 - a router that wants the model's class, which is not rendered
            return True

    def _target_in_progress(self, key: ModelKey, field: str | None) -> tuple[str, FieldFacts] | None:
        """Find the target of a relation to a model that is being read: itself, or in a circle."""
        state = self._reading[key]
        for name, one in state.fields.items():
            if one.primary_key if field is None else name == field and one.remote_field is None:
                return self._table(key, state), read_field(name, one, self, key)
        return None if field else (self._table(key, state), self._implicit_id(key))

    def _real(self, key: ModelKey) -> ModelFacts | None:
        """Read a model of an app without migrations."""
        try:
            model = apps.get_model(*key)
        except LookupError:
            return None
        return self._read(key, ModelState.from_model(model))
