"""What Django's operations on models and fields do to PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db.migrations import operations as o
from django.db.models import NOT_PROVIDED

from django_prodready.migration_safety.static import columns, indexes, text
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.alter import alter_field, alter_pairs
from django_prodready.migration_safety.static.alter_change import Change
from django_prodready.migration_safety.static.dependents import taken_along
from django_prodready.migration_safety.static.differences import differs
from django_prodready.migration_safety.static.fields import FieldFacts, fills_rows
from django_prodready.migration_safety.static.models import ModelFacts
from django_prodready.migration_safety.static.scope import Scope, Translator, origin


def create_model(operation: o.CreateModel, scope: Scope) -> Iterator[e.Effect]:
    """CREATE TABLE; foreign keys and indexes come when the migration ends."""
    model = scope.after(operation.name)
    if model is None:
        return
    source = origin(model, operation)
    yield from columns.create_table(
        model.table, model.fields.values(), source, tuple(indexes.own_constraints(model))
    )
    yield from indexes.own_indexes(model, source)
    for name, pair in model.pairs.items():
        yield from columns.create_pairs(pair, origin(model, operation, model.fields[name]))


def delete_model(operation: o.DeleteModel, scope: Scope) -> Iterator[e.Effect]:
    """DROP TABLE, those of many-to-many fields first."""
    model = scope.before(operation.name)
    if model is None:
        return
    for name, pair in model.pairs.items():
        yield from _drop_table(pair.table, scope, origin(model, operation, model.fields[name]))
    yield from _drop_table(model.table, scope, origin(model, operation))


def _drop_table(table: str, scope: Scope, source: e.Origin) -> Iterator[e.Effect]:
    for view in taken_along(scope.catalogue, table):
        yield e.DropTable(table=view, origin=source, is_cascading=True)
    yield e.DropTable(table=table, origin=source, is_cascading=True)


def rename_model(operation: o.RenameModel, scope: Scope) -> Iterator[e.Effect]:
    """Rename the table, and let the foreign keys to it follow."""
    old, new = scope.before(operation.old_name), scope.after(operation.new_name)
    if old is None or new is None:
        return
    source = origin(old, operation, new_name=new.name)
    if old.table != new.table:
        yield e.RenameTable(table=old.table, origin=source, new=new.table)
    yield from _follow_rename(scope, old, new)
    for name in [name for name in old.pairs if name in new.pairs]:
        source = origin(old, operation, old.fields[name], new_name=new.name)
        yield from alter_pairs(scope, old.pairs[name], new.pairs[name], source)


def _follow_rename(scope: Scope, old: ModelFacts, new: ModelFacts) -> Iterator[e.Effect]:
    """Alter the fields that point to a renamed model: nothing happens where the table's name stays."""
    for other in list(scope.old.values()):
        key = new.key if other.key == old.key else other.key
        current = scope.models.get(*key)
        if current is None or not current.migrates:
            continue
        for name, facts in other.fields.items():
            if facts.relation is not None and facts.relation.model == old.key and name in current.fields:
                yield from alter_field(
                    Change(
                        scope=scope,
                        table=current.table,
                        old=facts,
                        new=current.fields[name],
                        fills=False,
                        origin=origin(current, None, facts),
                    )
                )
        if other.key != old.key:
            yield from _follow_pairs(scope, other, current, old)


def _follow_pairs(
    scope: Scope, other: ModelFacts, current: ModelFacts, renamed: ModelFacts
) -> Iterator[e.Effect]:
    """Rename the column that points to a renamed model in the tables of other models' many-to-many fields."""
    for name, pair in other.pairs.items():
        relation = pair.far.relation
        if relation is not None and relation.model == renamed.key and name in current.pairs:
            yield from alter_pairs(
                scope, pair, current.pairs[name], origin(current, None, other.fields[name])
            )


def alter_model_table(operation: o.AlterModelTable, scope: Scope) -> Iterator[e.Effect]:
    """Rename the table, and those of many-to-many fields that are named after it."""
    old, new = scope.before(operation.name), scope.after(operation.name)
    if old is None or new is None:
        return
    if old.table != new.table:
        yield e.RenameTable(table=old.table, origin=origin(old, operation), new=new.table)
    for name, pair in old.pairs.items():
        if name in new.pairs and pair.table != new.pairs[name].table:
            source = origin(old, operation, old.fields[name])
            yield e.RenameTable(table=pair.table, origin=source, new=new.pairs[name].table)


def alter_order(operation: o.AlterOrderWithRespectTo, scope: Scope) -> Iterator[e.Effect]:
    """Add or drop the column ``_order``."""
    old, new = scope.before(operation.name), scope.after(operation.name)
    if old is None or new is None:
        return
    before, after = old.fields.get("_order"), new.fields.get("_order")
    if before is not None and after is None:
        yield from _drop_column(old, before, scope, origin(old, operation, before))
    elif after is not None and before is None:
        source = origin(new, operation, after, after=after.field)
        yield from columns.add_column(new.table, after, scope.catalogue, source, fills=True)


def add_field(operation: o.AddField, scope: Scope) -> Iterator[e.Effect]:
    """ADD COLUMN, or CREATE TABLE for a many-to-many field."""
    model = scope.after(operation.model_name)
    facts = model.fields.get(operation.name) if model is not None else None
    if model is None or facts is None:
        return
    source = origin(
        model, operation, facts, after=facts.field, state=_state(operation, "AddField", facts.field)
    )
    if facts.name in model.pairs:
        yield from columns.create_pairs(model.pairs[facts.name], source)
    else:
        fills = fills_rows(_with_lent_default(operation, facts))
        yield from columns.add_column(model.table, facts, scope.catalogue, source, fills=fills)


def remove_field(operation: o.RemoveField, scope: Scope) -> Iterator[e.Effect]:
    """DROP COLUMN, or DROP TABLE for a many-to-many field."""
    model = scope.before(operation.model_name)
    facts = model.fields.get(operation.name) if model is not None else None
    if model is None or facts is None:
        return
    source = origin(model, operation, facts, before=facts.field)
    if facts.name in model.pairs:
        yield from _drop_table(model.pairs[facts.name].table, scope, source)
    else:
        yield from _drop_column(model, facts, scope, source)


def _drop_column(model: ModelFacts, facts: FieldFacts, scope: Scope, source: e.Origin) -> Iterator[e.Effect]:
    if facts.column is not None:
        yield from columns.drop_column(model.table, facts.column, scope.catalogue, source)


def alter_field_operation(operation: o.AlterField, scope: Scope) -> Iterator[e.Effect]:
    """ALTER COLUMN, with all that Django drops and adds for it."""
    yield from _alter(operation, scope, operation.model_name, operation.name, operation.name)


def rename_field(operation: o.RenameField, scope: Scope) -> Iterator[e.Effect]:
    """RENAME COLUMN, unless ``db_column`` keeps its name."""
    yield from _alter(operation, scope, operation.model_name, operation.old_name, operation.new_name)


def _alter(operation: Any, scope: Scope, model_name: str, old_name: str, new_name: str) -> Iterator[e.Effect]:
    before, after = scope.before(model_name), scope.after(model_name)
    if before is None or after is None or old_name not in before.fields or new_name not in after.fields:
        return
    old, new = before.fields[old_name], after.fields[new_name]
    source = origin(
        after,
        operation,
        old,
        before=old.field,
        after=new.field,
        new_name=new_name if new_name != old_name else None,
        state=_state(operation, "AlterField", new.field),
    )
    if old_name in before.pairs and new_name in after.pairs:
        if differs(old, new):
            yield from alter_pairs(scope, before.pairs[old_name], after.pairs[new_name], source)
        return
    if (
        old.is_many_to_many
        and new.is_many_to_many
        and (old_name in before.pairs) != (new_name in after.pairs)
    ):
        reason = "Django cannot add through= to a many-to-many field, or take it away"
        yield e.Fails(table=before.table, origin=source, reason=reason)
        return
    effective = _with_lent_default(operation, new)
    yield from alter_field(
        Change(
            scope=scope,
            table=after.table,
            old=old,
            new=replace(new, field=effective) if effective is not new.field else new,
            fills=fills_rows(effective),
            has_default=effective.has_default(),
            origin=source,
        )
    )


def _with_lent_default(operation: Any, facts: FieldFacts) -> Any:
    """The field with the default that is used once: ``preserve_default=False`` keeps it out of the state."""
    if getattr(operation, "preserve_default", True):
        return facts.field
    lent = getattr(operation, "field", None)
    return lent if lent is not None and lent.default is not NOT_PROVIDED else facts.field


def _state(operation: Any, kind: str, field: Any) -> str:
    written = text.python(field)
    if written is None or not hasattr(operation, "model_name"):
        return ""
    return f'migrations.{kind}("{operation.model_name}", "{field.name}", {written})'


TRANSLATORS: dict[type, Translator] = {
    o.CreateModel: create_model,
    o.DeleteModel: delete_model,
    o.RenameModel: rename_model,
    o.AlterModelTable: alter_model_table,
    o.AlterOrderWithRespectTo: alter_order,
    o.AddField: add_field,
    o.RemoveField: remove_field,
    o.AlterField: alter_field_operation,
    o.RenameField: rename_field,
}
