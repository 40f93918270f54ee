"""What Django's operations on indexes and constraints do to PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.migrations import operations as o

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import names, postgres, text
from django_prodready.migration_safety.static.catalogue import Constraint, Index, Kind
from django_prodready.migration_safety.static.models import ModelFacts
from django_prodready.migration_safety.static.scope import Scope, Translator, origin


def own_constraints(model: ModelFacts) -> Iterator[Constraint]:
    """The constraints that a new table gets: those of Meta, unique_together and a composite key."""
    for declared in model.options.get("constraints") or ():
        made = constraint_of(declared, model)
        if made is not None:
            yield made
    for together in model.options.get("unique_together") or ():
        yield _unique_together(model, tuple(together))
    for facts in model.fields.values():
        if facts.field.primary_key and facts.column is None:
            columns = tuple(model.column_of(name) for name in facts.field.field_names)
            yield Constraint(name=f"{model.table}_pkey", kind=Kind.PRIMARY_KEY, columns=columns)


def own_indexes(model: ModelFacts, source: e.Origin) -> Iterator[e.Effect]:
    """The indexes that a new table gets when the migration ends."""
    for declared in model.options.get("indexes") or ():
        yield e.CreateIndex(
            table=model.table, origin=source, index=index_of(declared, model), is_deferred=True
        )
    for declared in model.options.get("constraints") or ():
        if isinstance(declared, models.UniqueConstraint) and is_index(declared):
            yield e.CreateIndex(
                table=model.table, origin=source, index=_unique_index(declared, model), is_deferred=True
            )
    for together in model.options.get("index_together") or ():
        yield e.CreateIndex(
            table=model.table, origin=source, index=_index_together(model, tuple(together)), is_deferred=True
        )


def index_of(declared: Any, model: ModelFacts) -> Index:
    """Describe an Index as PostgreSQL has it."""
    key = tuple(model.column_of(name) for name, _ in declared.fields_orders)
    in_expressions = _columns(model, declared.expressions)
    return Index(
        name=declared.name,
        columns=(*key, *in_expressions),
        depends_on=(*in_expressions, *_columns(model, [declared.condition])),
        method=str(getattr(declared, "suffix", "idx")).replace("idx", "btree"),
    )


def is_index(declared: Any) -> bool:
    """Whether PostgreSQL has an index and no constraint for it."""
    return bool(declared.condition or declared.include or declared.opclasses or declared.expressions)


def _unique_index(declared: Any, model: ModelFacts) -> Index:
    in_expressions = _columns(model, declared.expressions)
    return Index(
        name=declared.name,
        columns=(*(model.column_of(name) for name in declared.fields), *in_expressions),
        is_unique=True,
        depends_on=(*in_expressions, *_columns(model, [declared.condition])),
    )


def constraint_of(declared: Any, model: ModelFacts) -> Constraint | None:
    """Describe a constraint as PostgreSQL has it; None for what is an index there, or not known."""
    if isinstance(declared, models.CheckConstraint):
        return Constraint(
            name=declared.name,
            kind=Kind.CHECK,
            columns=_columns(model, [declared.condition]),
            not_null=tuple(model.column_of(name) for name in names.proven_not_null(declared.condition)),
        )
    if isinstance(declared, models.UniqueConstraint):
        if is_index(declared):
            return None
        columns = tuple(model.column_of(name) for name in declared.fields)
        return Constraint(name=declared.name, kind=Kind.UNIQUE, columns=columns)
    if _is_exclusion(declared):
        return Constraint(
            name=declared.name,
            kind=Kind.EXCLUSION,
            columns=_columns(model, [expression for expression, _ in declared.expressions]),
        )
    return None


def _is_exclusion(declared: Any) -> bool:
    """Tell by name: importing the class takes psycopg."""
    return any(
        one.__module__ == "django.contrib.postgres.constraints" and one.__name__ == "ExclusionConstraint"
        for one in type(declared).__mro__
    )


def _columns(model: ModelFacts, expressions: Any) -> tuple[str, ...]:
    found = (name for expression in expressions for name in names.mentioned(expression))
    return tuple(dict.fromkeys(model.column_of(name) for name in found))


def _unique_together(model: ModelFacts, fields: tuple[str, ...]) -> Constraint:
    columns = tuple(model.column_of(name) for name in fields)
    return Constraint(
        name=postgres.index_name(model.table, columns, "_uniq"), kind=Kind.UNIQUE, columns=columns
    )


def _index_together(model: ModelFacts, fields: tuple[str, ...]) -> Index:
    columns = tuple(model.column_of(name) for name in fields)
    return Index(name=postgres.index_name(model.table, columns, "_idx"), columns=columns)


def add_index(operation: Any, scope: Scope) -> Iterator[e.Effect]:
    """CREATE INDEX, with CONCURRENTLY where the operation is named for it."""
    model = scope.after(operation.model_name)
    if model is not None:
        yield e.CreateIndex(
            table=model.table,
            origin=origin(model, operation, after=operation.index),
            index=index_of(operation.index, model),
            is_concurrent=type(operation).__name__.endswith("Concurrently"),
        )


def remove_index(operation: Any, scope: Scope) -> Iterator[e.Effect]:
    """DROP INDEX."""
    model = scope.before(operation.model_name)
    if model is not None:
        yield e.DropIndex(
            table=model.table,
            origin=origin(model, operation),
            name=operation.name,
            is_concurrent=type(operation).__name__.endswith("Concurrently"),
        )


def rename_index(operation: o.RenameIndex, scope: Scope) -> Iterator[e.Effect]:
    """ALTER INDEX … RENAME TO."""
    model = scope.before(operation.model_name)
    if model is None:
        return
    old = operation.old_name
    if operation.old_fields:
        old = _index_together(model, tuple(operation.old_fields)).name
    yield e.RenameIndex(
        table=model.table, origin=origin(model, operation), name=old or "", new=operation.new_name
    )


def add_constraint(operation: Any, scope: Scope, *, is_valid: bool = True) -> Iterator[e.Effect]:
    """ADD CONSTRAINT, or CREATE UNIQUE INDEX for what PostgreSQL has no constraint for."""
    model = scope.after(operation.model_name)
    if model is None:
        return
    declared = operation.constraint
    written = text.python(declared)
    state = f'migrations.AddConstraint("{operation.model_name}", {written})' if written else ""
    source = origin(model, operation, after=declared, state=state)
    if isinstance(declared, models.UniqueConstraint) and is_index(declared):
        yield e.CreateIndex(table=model.table, origin=source, index=_unique_index(declared, model))
        return
    made = constraint_of(declared, model)
    if made is None:
        kind = type(declared).__name__
        yield e.Opaque(table="", origin=source, reason=f"What {kind} adds to the database is not known.")
        return
    if not is_valid:
        made = Constraint(
            name=made.name, kind=made.kind, columns=made.columns, not_null=made.not_null, is_valid=False
        )
    yield e.AddConstraint(table=model.table, origin=source, constraint=made)


def add_constraint_not_valid(operation: Any, scope: Scope) -> Iterator[e.Effect]:
    """ADD CONSTRAINT … NOT VALID."""
    yield from add_constraint(operation, scope, is_valid=False)


def remove_constraint(operation: Any, scope: Scope) -> Iterator[e.Effect]:
    """DROP CONSTRAINT, or DROP INDEX."""
    model = scope.before(operation.model_name)
    if model is None:
        return
    table = scope.catalogue.get(model.table)
    source = origin(model, operation)
    if table is not None and operation.name in table.indexes:
        yield e.DropIndex(table=model.table, origin=source, name=operation.name)
    else:
        yield e.DropConstraint(table=model.table, origin=source, name=operation.name)


def validate_constraint(operation: Any, scope: Scope) -> Iterator[e.Effect]:
    """VALIDATE CONSTRAINT."""
    model = scope.before(operation.model_name)
    if model is not None:
        yield e.ValidateConstraint(table=model.table, origin=origin(model, operation), name=operation.name)


def alter_unique_together(operation: o.AlterUniqueTogether, scope: Scope) -> Iterator[e.Effect]:
    """Drop and add unique constraints."""
    old, new = scope.before(operation.name), scope.after(operation.name)
    if old is None or new is None:
        return
    before, after = _together(old, "unique_together"), _together(new, "unique_together")
    source = origin(
        new, operation, state=f'migrations.AlterUniqueTogether("{operation.name}", {sorted(after)!r})'
    )
    for fields in sorted(before - after):
        columns = {old.column_of(name) for name in fields}
        for one in scope.constraints(old.table, Kind.UNIQUE):
            if set(one.columns) == columns:
                yield e.DropConstraint(table=old.table, origin=source, name=one.name)
    for fields in sorted(after - before):
        yield e.AddConstraint(table=new.table, origin=source, constraint=_unique_together(new, fields))


def alter_index_together(operation: o.AlterIndexTogether, scope: Scope) -> Iterator[e.Effect]:
    """Drop and add indexes."""
    old, new = scope.before(operation.name), scope.after(operation.name)
    if old is None or new is None:
        return
    before, after = _together(old, "index_together"), _together(new, "index_together")
    source = origin(new, operation)
    for fields in sorted(before - after):
        yield e.DropIndex(table=old.table, origin=source, name=_index_together(old, fields).name)
    for fields in sorted(after - before):
        yield e.CreateIndex(table=new.table, origin=source, index=_index_together(new, fields))


def _together(model: ModelFacts, option: str) -> set[tuple[str, ...]]:
    return {tuple(fields) for fields in model.options.get(option) or ()}


TRANSLATORS: dict[type, Translator] = {
    o.AddIndex: add_index,
    o.RemoveIndex: remove_index,
    o.RenameIndex: rename_index,
    o.AddConstraint: add_constraint,
    o.RemoveConstraint: remove_constraint,
    o.AlterUniqueTogether: alter_unique_together,
    o.AlterIndexTogether: alter_index_together,
}
# django.contrib.postgres.operations cannot be imported without psycopg.
POSTGRES_TRANSLATORS: dict[str, Translator] = {
    "AddIndexConcurrently": add_index,
    "RemoveIndexConcurrently": remove_index,
    "AddConstraintNotValid": add_constraint_not_valid,
    "ValidateConstraint": validate_constraint,
}
