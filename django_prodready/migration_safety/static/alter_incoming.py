"""The foreign keys that point to an altered column: their columns follow its type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django_prodready.migration_safety.static import columns
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.alter_change import Change
from django_prodready.migration_safety.static.catalogue import Constraint, Kind
from django_prodready.migration_safety.static.fields import FieldFacts
from django_prodready.migration_safety.static.models import ModelFacts

Incoming = tuple[str, str, ModelFacts | None]  # table, column, and the model that has it


def _moves(change: Change) -> bool:
    old, new = change.old, change.new
    both = (old.primary_key and new.primary_key) or (old.unique and new.unique)
    became = new.primary_key and not old.primary_key
    return (both and change.changes_type) or became


def incoming(change: Change) -> list[Incoming]:
    """Find the columns that have to change along, those that reference them in turn among them."""
    return list(_found(change)) if _moves(change) else []


def _found(change: Change) -> Iterator[Incoming]:
    queue = [(change.table, change.column)]
    while queue:
        for table, column, model in _referencing(change, queue.pop()):
            queue.append((table, column))  # there is no circle: each has the type of the next
            yield table, column, model


def _referencing(change: Change, target: tuple[str, str]) -> Iterator[Incoming]:
    for model in change.scope.models.all():
        if not model.migrates:
            continue
        for facts in model.fields.values():
            if _points_to(facts, target):
                yield model.table, facts.column or "", model
        for pair in model.pairs.values():
            for end in (pair.near, pair.far):
                if _points_to(end, target):
                    yield pair.table, end.column or "", None


def _points_to(facts: FieldFacts, target: tuple[str, str]) -> bool:
    return facts.relation is not None and (facts.relation.table, facts.relation.column) == target


def _keys(change: Change, found: Sequence[Incoming]) -> Iterator[tuple[str, Constraint]]:
    if not change.changes_type:
        return
    for table, column, _ in found:
        for one in change.scope.constraints(table, Kind.FOREIGN_KEY):
            if one.columns == (column,):
                yield table, one


def drop(change: Change, found: Sequence[Incoming]) -> Iterator[e.Effect]:
    """Drop the foreign keys."""
    for table, one in _keys(change, found):
        yield e.DropConstraint(table=table, origin=e.Origin(), name=one.name)


def alter(change: Change, found: Sequence[Incoming]) -> Iterator[e.Effect]:
    """Give the columns the type of the one that they reference."""
    type_ = columns.related_column_type(change.new)
    for table, column, model in found:
        source = e.Origin(app_label=model.key[0], model=model.name) if model is not None else e.Origin()
        yield e.AlterType(
            table=table, origin=source, column=column, type=type_, collation=change.new.collation
        )


def add(change: Change, found: Sequence[Incoming]) -> Iterator[e.Effect]:
    """Add the foreign keys again."""
    for table, one in _keys(change, found):
        yield e.AddConstraint(table=table, origin=e.Origin(), constraint=one)
