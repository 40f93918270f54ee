"""Does to the catalogue what an effect does to the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static import simulate_types
from django_prodready.migration_safety.static.catalogue import (
    Catalogue,
    Column,
    Constraint,
    Index,
    Kind,
    Table,
)

_Part = TypeVar("_Part")


def simulate(effect: e.Effect, catalogue: Catalogue, position: int) -> None:
    """Change ``catalogue`` by one effect of the migration at ``position``. Unknown tables are passed over."""
    whole = _WHOLE.get(type(effect))
    if whole is not None:
        whole(catalogue, effect, position)
        return
    table = catalogue.get(effect.table)
    if isinstance(effect, e.DropIndex | e.RenameIndex) and table is None:
        table = next((one for one in catalogue.values() if effect.name in one.indexes), None)
    change = _CHANGES.get(type(effect))
    if table is not None and change is not None:
        catalogue[table.name] = change(table, effect)
        if isinstance(effect, e.RenameColumn):
            _follow(catalogue, table.name, lambda one: _renamed(one, effect.column, effect.new))
            _follow_reads(catalogue, table.name, {effect.column: effect.new}, table.name)


def _create_table(catalogue: Catalogue, effect: e.CreateTable, position: int) -> None:
    catalogue[effect.table] = Table(
        name=effect.table,
        born=position,
        columns={column.name: column for column in effect.columns},
        constraints={one.name: one for one in effect.constraints},
        partitioned_by=effect.partitioned_by,
        default_of=effect.default_of,
        is_modelled=effect.origin.model is not None,
    )


def _create_view(catalogue: Catalogue, effect: e.CreateView, position: int) -> None:
    former = catalogue.get(effect.table)  # of OR REPLACE
    catalogue[effect.table] = Table(
        name=effect.table,
        born=former.born if former is not None else position,
        columns={column.name: column for column in effect.columns or ()},
        is_complete=effect.columns is not None,
        is_view=True,
        reads=effect.reads,
    )


def _follow_reads(catalogue: Catalogue, name: str, columns: Mapping[str, str], new: str) -> None:
    """Change what the views on a table read: its name, and those of columns."""
    for view in [one for one in catalogue.values() if any(table == name for table, _ in one.reads)]:
        reads = tuple(
            (new, columns.get(column, column)) if table == name else (table, column)
            for table, column in view.reads
        )
        catalogue[view.name] = replace(view, reads=reads)


def _drop_table(catalogue: Catalogue, effect: e.DropTable, _: int) -> None:
    catalogue.pop(effect.table, None)
    for other in list(catalogue.values()):
        kept = {name: one for name, one in other.constraints.items() if one.to_table != effect.table}
        if len(kept) != len(other.constraints):
            catalogue[other.name] = replace(other, constraints=kept)


def _rename_table(catalogue: Catalogue, effect: e.RenameTable, _: int) -> None:
    table, new = catalogue.pop(effect.table, None), effect.new
    if table is None:
        return
    catalogue[new] = replace(table, name=new)
    _follow_reads(catalogue, table.name, {}, new)
    for other in list(catalogue.values()):
        if any(one.to_table == table.name for one in other.constraints.values()):
            catalogue[other.name] = replace(
                other,
                constraints={
                    name: replace(one, to_table=new) if one.to_table == table.name else one
                    for name, one in other.constraints.items()
                },
            )


def _follow(catalogue: Catalogue, name: str, change: Callable[[Constraint], Constraint]) -> None:
    """Change the foreign keys of all tables that reference the table of that name."""
    for other in list(catalogue.values()):
        if any(one.to_table == name for one in other.constraints.values()):
            catalogue[other.name] = replace(
                other,
                constraints={
                    key: change(one) if one.to_table == name else one
                    for key, one in other.constraints.items()
                },
            )


def _renamed(one: Constraint, old: str, new: str) -> Constraint:
    return replace(one, to_columns=tuple(new if column == old else column for column in one.to_columns))


def _with(parts: Mapping[str, _Part], name: str, part: _Part) -> dict[str, _Part]:
    return {**parts, name: part}


def _without(parts: Mapping[str, _Part], name: str) -> dict[str, _Part]:
    return {key: part for key, part in parts.items() if key != name}


def _column(table: Table, name: str, **changes: Any) -> Table:
    old = table.columns.get(name)
    if old is None:
        return table
    return replace(table, columns=_with(table.columns, name, replace(old, **changes)))


def _add_column(table: Table, effect: e.AddColumn) -> Table:
    column = replace(effect.column, is_blank=effect.fill is e.Fill.NULL)
    return replace(table, columns=_with(table.columns, column.name, column))


def _write(table: Table, effect: r.Write) -> Table:
    for name in effect.columns:
        table = _column(table, name, is_blank=False)
    return table


def _rename_constraint(table: Table, effect: r.RenameConstraint) -> Table:
    old = table.constraints.get(effect.name)
    if old is None:
        return table
    kept = _without(table.constraints, effect.name)
    return replace(table, constraints=_with(kept, effect.new, replace(old, name=effect.new)))


def _drop_column(table: Table, effect: e.DropColumn) -> Table:
    name = effect.column
    return replace(
        table,
        columns=_without(table.columns, name),
        indexes={key: one for key, one in table.indexes.items() if name not in one.columns + one.depends_on},
        constraints={key: one for key, one in table.constraints.items() if name not in one.columns},
    )


def _rename_column(table: Table, effect: e.RenameColumn) -> Table:
    old, new = effect.column, effect.new

    def names(columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new if column == old else column for column in columns)

    def column(one: Column) -> Column:
        return replace(one, name=new) if one.name == old else one

    return replace(
        table,
        columns={column(one).name: column(one) for one in table.columns.values()},
        indexes={
            key: replace(one, columns=names(one.columns), depends_on=names(one.depends_on))
            for key, one in table.indexes.items()
        },
        constraints={
            key: replace(one, columns=names(one.columns), not_null=names(one.not_null))
            for key, one in table.constraints.items()
        },
    )


def _alter_type(table: Table, effect: e.AlterType) -> Table:
    return _column(table, effect.column, type=effect.type, collation=effect.collation, domain=effect.domain)


def _rename_index(table: Table, effect: e.RenameIndex) -> Table:
    old = table.indexes.get(effect.name)
    if old is None:
        return table
    renamed: Index = replace(old, name=effect.new)
    return replace(table, indexes=_with(_without(table.indexes, effect.name), effect.new, renamed))


def _add_constraint(table: Table, effect: e.AddConstraint) -> Table:
    one = effect.constraint
    added = replace(table, constraints=_with(table.constraints, one.name, one))
    if effect.using_index:
        added = replace(added, indexes=_without(added.indexes, one.name))
    if one.kind is Kind.PRIMARY_KEY:
        for name in one.columns:
            added = _column(added, name, is_nullable=False)
    return added


def _validate(table: Table, effect: e.ValidateConstraint) -> Table:
    old = table.constraints.get(effect.name)
    if old is None:
        return table
    return replace(table, constraints=_with(table.constraints, effect.name, replace(old, is_valid=True)))


_WHOLE: dict[type[e.Effect], Callable[[Catalogue, Any, int], None]] = {
    e.CreateTable: _create_table,
    e.CreateView: _create_view,
    e.DropTable: _drop_table,
    e.RenameTable: _rename_table,
    **simulate_types.WHOLE,
}
_CHANGES: dict[type[e.Effect], Callable[[Table, Any], Table]] = {
    e.AddColumn: _add_column,
    e.DropColumn: _drop_column,
    e.RenameColumn: _rename_column,
    e.AlterType: _alter_type,
    e.SetNotNull: lambda table, effect: _column(table, effect.column, is_nullable=False),
    e.DropNotNull: lambda table, effect: _column(table, effect.column, is_nullable=True),
    e.SetDefault: lambda table, effect: _column(table, effect.column, has_default=effect.has_default),
    e.SetIdentity: lambda table, effect: _column(table, effect.column, has_default=effect.is_identity),
    e.CreateIndex: lambda table, effect: replace(
        table, indexes=_with(table.indexes, effect.index.name, effect.index)
    ),
    e.DropIndex: lambda table, effect: replace(table, indexes=_without(table.indexes, effect.name)),
    e.RenameIndex: _rename_index,
    e.AddConstraint: _add_constraint,
    e.ValidateConstraint: _validate,
    e.DropConstraint: lambda table, effect: replace(
        table, constraints=_without(table.constraints, effect.name)
    ),
    r.CreateTrigger: lambda table, effect: replace(
        table, triggers=_with(table.triggers, effect.trigger.name, effect.trigger)
    ),
    r.DropTrigger: lambda table, effect: replace(table, triggers=_without(table.triggers, effect.name)),
    r.RenameConstraint: _rename_constraint,
    r.Write: _write,
}
