"""Says what the methods of the schema editor do, where code calls them itself."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from django.db import models

from django_prodready.migration_safety.static import code_values as v
from django_prodready.migration_safety.static import columns
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.alter import alter_field
from django_prodready.migration_safety.static.alter_change import Change
from django_prodready.migration_safety.static.catalogue import Constraint, Index, Kind
from django_prodready.migration_safety.static.fields import FieldFacts, fills_rows
from django_prodready.migration_safety.static.models import ModelFacts, ModelKey, Models
from django_prodready.migration_safety.static.scope import Scope
from django_prodready.migration_safety.static.sql_place import Place


def edit(name: str, given: Sequence[v.Value], place: Place) -> list[e.Effect] | None:
    """Say what a method does; None where that is not known."""
    model, *rest = given or (v.UNKNOWN,)
    method = _METHODS.get(name)
    if method is None or not isinstance(model, v.Model):
        return None
    found = method(model, rest, place)
    return list(found) if found is not None else None


def alter(
    given: Sequence[v.Value], place: Place, models_: Models, old: Mapping[ModelKey, ModelFacts]
) -> list[e.Effect] | None:
    """Say what ``alter_field`` does; None where that is not known."""
    if len(given) < 3 or not isinstance(given[0], v.Model):
        return None
    facts = given[0].facts
    before, after = _as_changed(given[1]), _as_changed(given[2])
    if before is None or after is None:
        return None
    scope = Scope(
        app_label=facts.key[0], old={facts.key: facts, **old}, models=models_, catalogue=dict(place.catalogue)
    )
    return list(
        alter_field(
            Change(
                scope=scope,
                table=facts.table,
                old=before,
                new=after,
                fills=fills_rows(after.field),
                has_default=after.field.has_default(),
                origin=place.origin,
            )
        )
    )


def _as_changed(part: v.Value) -> FieldFacts | None:
    """Describe a column's field with what the code has set; None where that is not known."""
    if not isinstance(part, v.Part) or part.field.column is None:
        return None
    null = part.changed.get("null", v.Constant(part.field.null))
    if not isinstance(null, v.Constant) or not set(part.changed) <= {"model", "null"}:
        return None
    field = copy.copy(part.field.field)
    field.null = bool(null.value)
    return replace(part.field, field=field, null=field.null)


_Effects = Iterator[e.Effect] | None


def _add_index(model: v.Model, _: Sequence[v.Value], place: Place) -> _Effects:
    index = Index(name="", columns=())
    return iter((e.CreateIndex(table=model.facts.table, origin=place.origin, index=index),))


def _remove_index(model: v.Model, _: Sequence[v.Value], place: Place) -> _Effects:
    return iter((e.DropIndex(table=model.facts.table, origin=place.origin, name=""),))


def _create_model(model: v.Model, _: Sequence[v.Value], place: Place) -> _Effects:
    return columns.create_table(model.facts.table, model.facts.fields.values(), place.origin)


def _delete_model(model: v.Model, _: Sequence[v.Value], place: Place) -> _Effects:
    return iter((e.DropTable(table=model.facts.table, origin=place.origin, is_cascading=True),))


def _rename_table(_: v.Model, names: Sequence[v.Value], place: Place) -> _Effects:
    texts = [one.value for one in names if isinstance(one, v.Constant)]
    if len(texts) != 2:
        return None
    return iter((e.RenameTable(table=str(texts[0]), origin=place.origin, new=str(texts[1])),))


def _add_field(model: v.Model, rest: Sequence[v.Value], place: Place) -> _Effects:
    part = rest[0] if rest else v.UNKNOWN
    if not isinstance(part, v.Part):
        return None
    fills = fills_rows(part.field.field)
    return columns.add_column(model.facts.table, part.field, place.catalogue, place.origin, fills=fills)


def _remove_field(model: v.Model, rest: Sequence[v.Value], place: Place) -> _Effects:
    part = rest[0] if rest else v.UNKNOWN
    if not isinstance(part, v.Part) or part.field.column is None:
        return None
    return columns.drop_column(model.facts.table, part.field.column, place.catalogue, place.origin)


def _add_constraint(model: v.Model, rest: Sequence[v.Value], place: Place) -> _Effects:
    made = rest[0] if rest else v.UNKNOWN
    table, origin = model.facts.table, place.origin
    if not isinstance(made, v.Made):
        return None
    if issubclass(made.kind, models.CheckConstraint):
        check = Constraint(name=made.name, kind=Kind.CHECK, columns=())
        return iter((e.AddConstraint(table=table, origin=origin, constraint=check),))
    index = Index(name=made.name, columns=(), is_unique=True)
    return iter((e.CreateIndex(table=table, origin=origin, index=index),))


def _remove_constraint(model: v.Model, _: Sequence[v.Value], place: Place) -> _Effects:
    return iter((e.DropConstraint(table=model.facts.table, origin=place.origin, name=""),))


_METHODS: dict[str, Callable[[v.Model, Sequence[v.Value], Place], _Effects]] = {
    "add_constraint": _add_constraint,
    "add_field": _add_field,
    "add_index": _add_index,
    "alter_db_table": _rename_table,
    "create_model": _create_model,
    "delete_model": _delete_model,
    "remove_constraint": _remove_constraint,
    "remove_field": _remove_field,
    "remove_index": _remove_index,
}
