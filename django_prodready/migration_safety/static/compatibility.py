"""Compares what releases believe of the database with what a migration leaves them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.catalogue import Column, Table
from django_prodready.migration_safety.static.fields import FieldFacts
from django_prodready.migration_safety.static.lineage import (
    fate_of_column,
    fate_of_table,
    maker_of_column,
)
from django_prodready.migration_safety.static.models import ModelFacts, PairTable
from django_prodready.migration_safety.static.triggers import filled_on_insert
from django_prodready.migration_safety.static.type_changes import is_built_in, narrows
from django_prodready.migration_safety.static.view import Act, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A table that a deployed model uses, with the columns that it names."""

    model: ModelFacts
    table: str
    columns: dict[str, str]  # the field by the column
    pair: str | None = None  # the many-to-many field, where it is the table of one


@dataclass(frozen=True, slots=True, kw_only=True)
class Insert:
    """An INSERT that a column refuses."""

    model: ModelFacts
    column: Column
    field: FieldFacts | None  # None: the model does not know the column
    writes_null: bool  # it may write NULL; otherwise it writes nothing


def uses(view: View) -> Iterator[Use]:
    """Yield what the deployed release uses of the tables that the migration changes."""
    for model in view.deployed.values():
        if model.is_stored and model.table in view.touched:
            columns = {name: facts.name for name, facts in model.columns.items()}
            yield Use(model=model, table=model.table, columns=columns)
        for name, pair in model.pairs.items() if model.migrates else ():
            if pair.table in view.touched:
                columns = {end.column: name for end in (pair.near, pair.far) if end.column}
                yield Use(model=model, table=pair.table, columns=columns, pair=name)


def lost_tables(view: View) -> Iterator[tuple[Use, Act]]:
    """Yield the tables that the deployed release misses after the migration, with what took them away."""
    for use in uses(view):
        if use.table in view.before and use.table not in view.after:
            yield from ((use, act) for act in _last(view, use.table, e.DropTable, e.RenameTable))


def lost_columns(view: View) -> Iterator[tuple[Use, str, Act]]:
    """Yield the columns that the deployed release misses after the migration, with what took them away."""
    for use in uses(view):
        before, after = view.before.get(use.table), view.after.get(use.table)
        if before is None or after is None or not after.is_complete:
            continue
        for column in use.columns:
            if column in before.columns and column not in after.columns:
                for act in _taking_away(view, use.table, column):
                    yield use, column, act


def _taking_away(view: View, table: str, column: str) -> Iterator[Act]:
    """Yield what took a column away: with its table, which was made anew, where nothing else did."""
    found = list(_last(view, table, e.DropColumn, e.RenameColumn, column=column))
    yield from found or _last(view, table, e.DropTable, e.RenameTable, e.CreateView)


def dropped(view: View) -> Iterator[tuple[Use, str | None, Act]]:
    """Yield what the deployed release uses and is dropped, whatever has its name in the end.

    The column is None where it is the whole table; of a view nothing is told.
    """
    for use in uses(view):
        before = view.before.get(use.table)
        _, act = fate_of_table(view.acts, use.table)
        if before is None or before.is_view:
            continue
        if act is not None:
            yield use, None, act
            continue
        for column in use.columns:
            _, act = fate_of_column(view.acts, use.table, column)
            if column in before.columns and act is not None:
                yield use, column, act


def replaced(view: View) -> Iterator[tuple[Use, FieldFacts, Column, Act]]:
    """Yield the columns that stand in for those of the deployed release, with what made them."""
    for use in uses(view):
        before, after = view.before.get(use.table), view.after.get(use.table)
        for name, facts in use.model.columns.items() if use.pair is None and before and after else ():
            if before is None or after is None or name not in before.columns or name not in after.columns:
                continue
            known, _ = fate_of_column(view.acts, use.table, name)
            table, _ = fate_of_table(view.acts, use.table)
            act = maker_of_column(view.acts, use.table, name)
            if act is not None and (known != name or table != use.table):
                yield use, facts, after.columns[name], act


def refused_by_deployed(view: View) -> Iterator[tuple[Insert, Act]]:
    """Yield the columns that refuse an INSERT of the deployed release, with what made them do so."""
    for model in view.deployed.values():
        if not model.is_stored or model.table not in view.touched:
            continue
        for insert in _refused(model, view):
            found = list(_last(view, model.table, *_BEARING_ON_INSERT, column=insert.column.name))
            for act in found or _last(view, model.table, r.DropTrigger):
                yield insert, act


_BEARING_ON_INSERT = (
    e.AddColumn,
    e.SetNotNull,
    e.SetDefault,
    e.SetIdentity,
    e.AddConstraint,
)


def _last(view: View, table: str, *kinds: type[e.Effect], column: str | None = None) -> Iterator[Act]:
    """Yield the last effect of these kinds on the table, and on the column if one is named; or nothing."""
    for act in reversed(view.acts):
        is_meant = isinstance(act.effect, kinds) and act.effect.table == table
        if is_meant and (column is None or column in _columns(act.effect)):
            yield act
            return


def _columns(effect: e.Effect) -> tuple[str, ...]:
    if isinstance(effect, e.AddColumn):
        return (effect.column.name,)
    if isinstance(effect, e.AddConstraint):
        return effect.constraint.columns
    return (getattr(effect, "column", ""),)


def _refused(model: ModelFacts, view: View) -> Iterator[Insert]:
    before, after = view.before.get(model.table), view.after.get(model.table)
    if before is None or after is None:
        return
    filled = filled_on_insert(after, view.after)
    for name, column in after.columns.items():
        known = model.columns.get(name)
        insert = _how_refused(model, column, known)
        if insert is None or name in filled:
            continue
        earlier = before.columns.get(name)
        was_refused = earlier is not None and _how_refused(model, earlier, known) is not None
        was_filled = name in filled_on_insert(before, view.before)
        is_news = not was_refused and not (insert.writes_null and before.refuses_null(name))
        if is_news or was_filled:
            yield insert


def _how_refused(model: ModelFacts, column: Column, known: FieldFacts | None) -> Insert | None:
    """Say how an INSERT of the model fails; None where the column takes it."""
    if column.is_nullable or column.is_generated:
        return None
    if known is not None and known.null:
        return Insert(model=model, column=column, field=known, writes_null=True)
    if not column.has_default and _leaves_out(known):
        return Insert(model=model, column=column, field=known, writes_null=False)
    return None


def _leaves_out(known: FieldFacts | None) -> bool:
    """Whether Django leaves the value to the database."""
    if known is None or known.is_auto:
        return True
    return known.has_db_default and not known.field.has_default()


def refused_by_new(view: View) -> Iterator[Insert]:
    """Yield the columns that refuse an INSERT of the new code, and did not before."""
    for model in _changed(view):
        after = view.after.get(model.table)
        filled = filled_on_insert(after, view.after) if after is not None else ()
        for name, column in after.columns.items() if after is not None else ():
            insert = _how_refused(model, column, model.columns.get(name))
            is_news = insert is not None and name not in filled and not _was_refused(view, model, name)
            if insert is not None and is_news and _is_so(view, model.table, name):
                yield insert


def _is_so(view: View, table: str, column: str) -> bool:
    """Whether a column refuses an INSERT for certain: what was not read may have relaxed it."""
    return view.is_read or any(_last(view, table, *_BEARING_ON_INSERT, column=column))


def _was_refused(view: View, model: ModelFacts, name: str) -> bool:
    old, before = view.old.get(model.key), view.before.get(model.table)
    earlier = before.columns.get(name) if before is not None else None
    if old is None or earlier is None:
        return False
    is_filled = before is not None and name in filled_on_insert(before, view.before)
    return not is_filled and _how_refused(old, earlier, old.columns.get(name)) is not None


def _changed(view: View) -> Iterator[ModelFacts]:
    """Yield the new models that are not what they were, or whose tables are not."""
    for key, model in view.new.items():
        if model.is_stored and (view.old.get(key) is not model or model.table in view.touched):
            yield model


def too_narrow(view: View) -> Iterator[tuple[ModelFacts, FieldFacts, str]]:
    """Yield the columns that refuse what the new models newly accept, with the types that they have."""
    for model in _changed(view) if view.is_read else ():
        old, after = view.old.get(model.key), view.after.get(model.table)
        columns = after.columns if after is not None else {}
        for name, facts in model.columns.items():
            known = old.columns.get(name) if old is not None else None
            type_ = columns[name].type if name in columns else None
            is_news = known is None or known.type != facts.type
            if type_ is not None and is_news and is_built_in(type_) and narrows(facts.type, type_):
                yield model, facts, type_


def missing(view: View) -> Iterator[tuple[ModelFacts, FieldFacts | None]]:
    """Yield what the new models have and the database lacks: a table, or a column.

    Nothing is yielded that was missing before, and nothing where some effects are not known.
    """
    if not view.is_read:
        return
    for model in _changed(view):
        after = view.after.get(model.table)
        if after is None:
            if model.migrates and not _was_known(view, model.table):
                yield model, None
            continue
        for name, facts in model.columns.items() if after.is_complete else ():
            if name not in after.columns and not _was_missing(view, model, name):
                yield model, facts


def missing_pairs(view: View) -> Iterator[tuple[ModelFacts, str, PairTable, str]]:
    """Yield what the new models miss in tables of many-to-many fields: the field, the table, the column."""
    for model in _changed(view) if view.is_read else ():
        old = view.old.get(model.key)
        for name, pair in model.pairs.items() if model.migrates else ():
            for column in _missing_of(pair, view.after.get(pair.table)):
                known = old.pairs.get(name) if old is not None else None
                if known is None or column not in _missing_of(known, view.before.get(known.table)):
                    yield model, name, pair, column


def _missing_of(pair: PairTable, table: Table | None) -> list[str]:
    columns = [end.column for end in (pair.near, pair.far) if end.column is not None]
    if table is None:
        return columns[:1]  # once
    return [column for column in columns if table.is_complete and column not in table.columns]


def _was_known(view: View, table: str) -> bool:
    return any(model.table == table for model in view.old.values())


def _was_missing(view: View, model: ModelFacts, column: str) -> bool:
    old, before = view.old.get(model.key), view.before.get(model.table)
    return old is not None and column in old.columns and before is not None and column not in before.columns
