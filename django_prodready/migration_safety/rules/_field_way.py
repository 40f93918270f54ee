"""Writes the safe way to add or alter a field as a whole: the column first, then what is built and checked.

A field may bring an index, UNIQUE, a CHECK and a foreign key at once. A way that is told for one of them
alone would leave the models with what the database lacks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.migrations import AddField, AlterField
from django.db.models import NOT_PROVIDED

from django_prodready.migration_safety.rules import _words as words
from django_prodready.migration_safety.rules._defaults import database_default
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import text
from django_prodready.migration_safety.static.catalogue import Constraint, Index, Kind
from django_prodready.migration_safety.static.type_changes import Work, work_for
from django_prodready.migration_safety.static.view import Act, View


@dataclass(slots=True)
class _Parts:
    table: str
    before: list[str] = field(default_factory=list)  # operations
    built: list[str] = field(default_factory=list)  # with CONCURRENTLY
    attached: list[str] = field(default_factory=list)
    validated: list[str] = field(default_factory=list)


def way_of(view: View, number: int) -> str | None:
    """Write the whole way for an AddField or AlterField; None for others, and where it takes more."""
    operation: Any = view.operations[number]
    if type(operation) not in (AddField, AlterField):
        return None
    acts = [act for act in view.acts if act.operation == number]
    effects = [act.effect for act in acts]
    added, parts = effects[0], _Parts(effects[0].table)
    if isinstance(added, e.AddColumn):
        is_whole = _add(operation, added, effects, parts)
    else:
        is_whole = not [act for act in acts if not _is_prepared(act, parts)]
    full = text.field(view_field(view, operation), **_database_default(operation, effects))
    if not is_whole or full is None:
        return None
    for effect in effects:
        if isinstance(effect, e.CreateIndex):
            parts.built.append(_create_index(parts.table, effect.index))
        elif isinstance(effect, e.AddConstraint) and not effect.rows_are_null:
            _constrain(parts, effect.constraint)
    state = f'migrations.AlterField("{operation.model_name}", "{operation.name}", {full})'
    return words.steps(*_migrations(parts, state))


def view_field(view: View, operation: Any) -> Any:
    """Find the field as the models have it in the end: a default that is lent once is not in it."""
    models = (one for one in view.new.values() if one.key == (view.key[0], operation.model_name.lower()))
    return next((one.fields[operation.name].field for one in models if operation.name in one.fields), None)


def _is_unique(effect: e.Effect) -> bool:
    return isinstance(effect, e.AddConstraint) and effect.constraint.kind is Kind.UNIQUE


def _add(operation: Any, added: e.AddColumn, effects: Sequence[e.Effect], parts: _Parts) -> bool:
    """Begin with the bare column; False where its rows get one value that is to be unique."""
    if added.fill is e.Fill.CONSTANT and any(_is_unique(effect) for effect in effects):
        return False
    is_free = any(isinstance(effect, e.AddConstraint) and effect.rows_are_null for effect in effects)
    bare = text.bare(operation.field, is_constrained=is_free, **_database_default(operation, effects))
    once = "" if operation.preserve_default else ", preserve_default=False"
    parts.before.append(f'migrations.AddField("{operation.model_name}", "{operation.name}", {bare}{once})')
    return bare is not None


def _database_default(operation: Any, effects: Sequence[e.Effect]) -> dict[str, Any]:
    """Have the database give what deployed code leaves out of a new column that is NOT NULL."""
    added = effects[0]
    if not isinstance(added, e.AddColumn) or added.column.is_nullable or added.column.has_default:
        return {}
    default = database_default(operation.field)
    return {} if default is NOT_PROVIDED else {"db_default": default}


def _is_prepared(act: Act, parts: _Parts) -> bool:
    """Write what goes before; False for what has a way of its own."""
    effect, table = act.effect, words.quoted(act.effect.table)
    if isinstance(effect, e.AlterType):
        column = act.table.columns.get(effect.column) if act.table is not None else None
        change = f"ALTER TABLE {table} ALTER COLUMN {words.quoted(effect.column)} TYPE {effect.type}"
        parts.before.append(words.run_sql(change))
        return column is not None and work_for(column.type, effect.type) is Work.NOTHING
    if isinstance(effect, e.DropIndex):
        parts.before.append(words.run_sql(f"DROP INDEX IF EXISTS {words.quoted(effect.name)}"))
        return True
    is_key = isinstance(effect, e.AddConstraint) and effect.constraint.kind is Kind.FOREIGN_KEY
    return isinstance(effect, e.CreateIndex | e.AddConstraint) and not is_key


def _create_index(table: str, index: Index) -> str:
    opclass = f" {index.opclass}" if index.opclass else ""
    columns = ", ".join(f"{words.quoted(column)}{opclass}" for column in index.columns)
    name = words.quoted(index.name)
    return words.run_sql(
        f"CREATE INDEX CONCURRENTLY {name} ON {words.quoted(table)} ({columns})",
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
    )


def _constrain(parts: _Parts, one: Constraint) -> None:
    table, name = words.quoted(parts.table), words.quoted(one.name)
    columns = ", ".join(words.quoted(column) for column in one.columns)
    back = f"ALTER TABLE {table} DROP CONSTRAINT {name}"
    add = f"ALTER TABLE {table} ADD CONSTRAINT {name} "
    if one.kind is Kind.FOREIGN_KEY:
        there = (
            f"{words.quoted(one.to_table)} ({', '.join(words.quoted(column) for column in one.to_columns)})"
        )
        what = f"FOREIGN KEY ({columns}) REFERENCES {there} DEFERRABLE INITIALLY DEFERRED NOT VALID"
    elif one.kind is Kind.CHECK:
        what = f"CHECK ({columns} >= 0) NOT VALID"
    else:
        parts.built.append(
            words.run_sql(
                f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({columns})",
                f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
            )
        )
        parts.attached.append(words.run_sql(f"{add}{one.kind.value.upper()} USING INDEX {name}", back))
        return
    parts.attached.append(words.run_sql(f"{add}{what}", back))
    parts.validated.append(words.run_sql(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}"))


def _migrations(parts: _Parts, state: str) -> Iterator[str]:
    """Write those that there is something for; the models are told with the last that changes the schema."""
    groups = [group for group in (parts.before, parts.built, parts.attached, parts.validated) if group]
    last = max(n for n, group in enumerate(groups) if group is not parts.validated)
    for number, group in enumerate(groups):
        is_built = group is parts.built
        told = words.separate(",\n".join(group), state)
        yield words.migration(
            *([told] if number == last else group),
            comment=f"Migration {number + 1}." + (_INTERRUPTED if is_built else ""),
            atomic=not is_built,
        )


_INTERRUPTED = " If it is interrupted, drop the invalid index and run it again."
