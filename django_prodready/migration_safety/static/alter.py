"""The effects of altering a field, in the order in which Django's schema editor has them on PostgreSQL.

https://github.com/django/django/blob/main/django/db/backends/base/schema.py (``_alter_field``)
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.static import alter_incoming as keys
from django_prodready.migration_safety.static import columns, postgres
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.alter_change import Change
from django_prodready.migration_safety.static.catalogue import Constraint, Index, Kind
from django_prodready.migration_safety.static.differences import defaults_differ, differs
from django_prodready.migration_safety.static.fields import FieldFacts
from django_prodready.migration_safety.static.models import PairTable
from django_prodready.migration_safety.static.scope import Scope
from django_prodready.migration_safety.static.type_changes import has_no_cast


def alter_field(change: Change) -> Iterator[e.Effect]:
    """Alter a column, or fail where Django would."""
    old, new = change.old, change.new
    if not differs(old, new):
        return
    if old.column is None or new.column is None:
        if not (old.is_many_to_many and new.is_many_to_many) and (old.column or new.column):
            yield e.Fails(
                table=change.table,
                origin=change.origin,
                reason="Django cannot turn a column into a many-to-many field or back",
            )
        return
    if _changes_generated(old, new):
        yield e.Fails(
            table=change.table,
            origin=change.origin,
            reason="a GeneratedField cannot be modified; remove it and add it anew",
        )
        return
    if has_no_cast(old.type, new.type):
        reason = f"PostgreSQL has no cast from {old.type} to {new.type}"
        yield e.Fails(table=change.table, origin=change.origin, reason=reason)
        return
    yield from _alter_column(change)


def _changes_generated(old: FieldFacts, new: FieldFacts) -> bool:
    if old.generated != new.generated:
        return True
    return new.generated is not None and bool(old.field.expression != new.field.expression)


def alter_pairs(scope: Scope, old: PairTable, new: PairTable, origin: e.Origin) -> Iterator[e.Effect]:
    """Rename the table of a many-to-many field, and let it point elsewhere."""
    if old.table != new.table:
        yield e.RenameTable(table=old.table, origin=origin, new=new.table)
    for before, after in ((old.far, new.far), (old.near, new.near)):
        yield from alter_field(
            Change(scope=scope, table=new.table, old=before, new=after, fills=False, origin=origin)
        )


def _alter_column(change: Change) -> Iterator[e.Effect]:
    dropped = list(_drop_own_keys(change))
    yield from dropped
    yield from _drop_unique(change)
    incoming = keys.incoming(change)
    yield from keys.drop(change, incoming)
    yield from _drop_index(change)
    if change.old.is_positive and not change.new.is_positive:
        yield from _drop_constraints(change, Kind.CHECK)
    if change.old.column != change.new.column:
        yield e.RenameColumn(
            table=change.table, origin=change.origin, column=change.old.column or "", new=change.column
        )
    yield from _alter_definition(change)
    yield from _alter_keys(change)
    yield from keys.alter(change, incoming)
    yield from _add_own_key(change, was_dropped=bool(dropped))
    yield from keys.add(change, incoming)
    if change.new.is_positive and not change.old.is_positive:
        name = postgres.index_name(change.table, (change.column,), "_check")
        check = Constraint(name=name, kind=Kind.CHECK, columns=(change.column,))
        yield e.AddConstraint(table=change.table, origin=change.origin, constraint=check)
    yield from _like_index(change)


def _old_table(change: Change) -> str:
    """The name under which the catalogue knows the table: a rename may have come before in this operation."""
    if change.table in change.scope.catalogue:
        return change.table
    former = change.scope.old.get((change.origin.app_label or "", (change.origin.model or "").lower()))
    return former.table if former is not None else change.table


def _drop_constraints(change: Change, kind: Kind) -> Iterator[e.Effect]:
    for one in change.scope.constraints(_old_table(change), kind):
        if one.columns == (change.old.column,):
            yield e.DropConstraint(table=change.table, origin=change.origin, name=one.name)


def _drop_own_keys(change: Change) -> Iterator[e.Effect]:
    old = change.old
    if old.relation is None or not old.relation.has_constraint:
        return
    if differs(old, change.new, ignoring=frozenset({"db_comment"})):
        yield from _drop_constraints(change, Kind.FOREIGN_KEY)


def _drop_unique(change: Change) -> Iterator[e.Effect]:
    becomes_key = not change.old.primary_key and change.new.primary_key
    if change.old.unique and (not change.new.unique or becomes_key):
        yield from _drop_constraints(change, Kind.UNIQUE)


def _drop_index(change: Change) -> Iterator[e.Effect]:
    old, new = change.old, change.new
    if not old.db_index or old.unique or (new.db_index and not new.unique):
        return
    table = change.scope.catalogue.get(_old_table(change))
    named = {index.name for index in _meta_indexes(change)}
    for index in table.indexes.values() if table is not None else ():
        if index.columns == (old.column,) and index.method == "btree" and index.name not in named:
            yield e.DropIndex(table=change.table, origin=change.origin, name=index.name)


def _meta_indexes(change: Change) -> list[Index]:
    model = change.scope.models.get(change.origin.app_label or "", change.origin.model or "")
    return list(model.options.get("indexes", ())) if model is not None else []


def _alter_definition(change: Change) -> Iterator[e.Effect]:
    """Type, default and NULL: one ALTER TABLE, except where existing NULLs are filled in between."""
    old, new = change.old, change.new
    if change.changes_type or old.is_auto != new.is_auto or old.comment != new.comment:
        yield from _alter_type(change)
    if old.is_auto != new.is_auto:
        yield e.SetIdentity(
            table=change.table, origin=change.origin, column=change.column, is_identity=new.is_auto
        )
    if new.has_db_default and (not old.has_db_default or new.db_default != old.db_default):
        yield _default(change, has_default=True)
    elif old.has_db_default and not new.has_db_default:
        yield _default(change, has_default=False)
    if old.null and not new.null:
        yield from _forbid_null(change)
    elif new.null and not old.null:
        yield e.DropNotNull(table=change.table, origin=change.origin, column=change.column)


def _forbid_null(change: Change) -> Iterator[e.Effect]:
    """With a default, Django lends it to the column, fills the NULLs, and only then forbids them."""
    new = change.new
    lends = not new.has_db_default and change.fills and defaults_differ(change.old, new)
    if lends:
        yield _default(change, has_default=True)
    if new.has_db_default or change.has_default:
        yield e.ReadRows(table=change.table, origin=change.origin)  # UPDATE … WHERE … IS NULL
    yield e.SetNotNull(table=change.table, origin=change.origin, column=change.column)
    if lends:
        yield _default(change, has_default=False)


def _default(change: Change, *, has_default: bool) -> e.Effect:
    return e.SetDefault(
        table=change.table, origin=change.origin, column=change.column, has_default=has_default
    )


def _alter_type(change: Change) -> Iterator[e.Effect]:
    old, new = change.old.type or "", change.new.type or ""
    if old != new and (old.startswith("?") or new.startswith("?")):
        place = f"{change.table}.{change.column}"
        reason = f"The type of {place} is not known, nor what it takes to change it."
        yield e.Opaque(table="", origin=change.origin, reason=reason, follows_state=False)
    yield e.AlterType(
        table=change.table,
        origin=change.origin,
        column=change.column,
        type=change.new.as_column.type,
        collation=change.new.collation,
    )


def _alter_keys(change: Change) -> Iterator[e.Effect]:
    """Primary key, unique constraint and index, which Django adds after the definition has changed."""
    old, new, table, origin = change.old, change.new, change.table, change.origin
    column = (change.column,)
    if old.primary_key and not new.primary_key:
        yield from _drop_constraints(change, Kind.PRIMARY_KEY)
    if new.unique and not new.primary_key and (not old.unique or old.primary_key):
        name = postgres.index_name(table, column, "_uniq")
        unique = Constraint(name=name, kind=Kind.UNIQUE, columns=column)
        yield e.AddConstraint(table=table, origin=origin, constraint=unique)
    if new.db_index and not new.unique and (not old.db_index or old.unique):
        index = Index(name=postgres.index_name(table, column, ""), columns=column)
        yield e.CreateIndex(table=table, origin=origin, index=index)
    if new.primary_key and not old.primary_key:
        name = postgres.index_name(table, column, "_pk")
        key = Constraint(name=name, kind=Kind.PRIMARY_KEY, columns=column)
        yield e.AddConstraint(table=table, origin=origin, constraint=key)


def _add_own_key(change: Change, *, was_dropped: bool) -> Iterator[e.Effect]:
    old = change.old
    had_none = old.relation is None or not old.relation.has_constraint
    if not was_dropped and not had_none:
        return
    key = columns.foreign_key(change.table, change.new)
    if key is not None:
        yield e.AddConstraint(table=change.table, origin=change.origin, constraint=key)


def _like_index(change: Change) -> Iterator[e.Effect]:
    old, new = change.old, change.new
    moves = (old.db_index or old.unique) and _leaves_text(old.type or "", new.type or "")
    name = postgres.index_name(change.table, (old.column or "",), "_like")
    if moves:
        yield e.DropIndex(table=change.table, origin=change.origin, name=name)
    gains = (not (old.db_index or old.unique) and new.db_index) or (not old.unique and new.unique)
    if (gains or moves) and (new.db_index or new.unique) and new.has_like_index:
        index = columns.like_index(change.table, new)
        yield e.CreateIndex(table=change.table, origin=change.origin, index=index)
    if old.unique and not (new.db_index or new.unique):
        yield e.DropIndex(table=change.table, origin=change.origin, name=name)


def _leaves_text(old: str, new: str) -> bool:
    return any(old.startswith(kind) and not new.startswith(kind) for kind in ("varchar", "text", "citext"))
