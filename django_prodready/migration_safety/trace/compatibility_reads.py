"""What code with a model reads: its columns, filters, ordering, joins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import router
from django.db.models import Q, QuerySet

from django_prodready.migration_safety.trace import rows_order, values
from django_prodready.migration_safety.trace.compatibility_words import is_breakage
from django_prodready.migration_safety.trace.rows_server import Refusal, Sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django_prodready.migration_safety.trace.compatibility_context import Context

MOST_CHOICES = 300  # that one filter asks for


def ask_reads(context: Context) -> bool:
    """Ask for everything, and say whether there is a table at all."""
    conditions = {field: _condition(context, field) for field in context.fields}
    all_filters = _compiled(context, Q(*conditions.values()), ordered=True)
    relations = _relations(context)
    every: list[Sql] = [(_select(context), ())]
    every += [(_join(context, relations), ())] if relations else []
    if all_filters and not any(context.server.ask_each([*every, all_filters])):
        return True
    if not can_be_read(context):
        return False
    ask_filters(context)
    ask_joins(context)
    return True


def can_be_read(context: Context) -> bool:
    """Ask for all columns, and say whether there is a table at all."""
    if _refused(context, _select(context)) is None:
        return True
    whole = _refused(context, f"SELECT FROM {context.table} LIMIT 1")
    if whole is not None:
        context.fail("select", whole)
        return False
    for field in context.fields:
        alone = _refused(context, f"SELECT {context.column(field)} FROM {context.table} LIMIT 1")  # noqa: S608
        if alone is not None:
            context.fail("select", alone, field)
            context.gone.add(field)
    return True


def ask_filters(context: Context) -> None:
    """Ask for rows by an exact value of each column, and in the model's order."""
    for field in context.fields:
        refused = _filter(context, _condition(context, field))
        if refused is not None:
            context.fail("filter", refused, field)
            context.refused_filters.add(field)
    if not context.gone:
        refused = _filter(context, Q(), ordered=True)
        if refused is not None:
            context.fail("order", refused)


def ask_joins(context: Context) -> None:
    """Ask for rows together with those that they refer to."""
    relations = _relations(context)
    if not relations or _refused(context, _join(context, relations)) is None:
        return
    for field in relations:
        refused = _refused(context, _join(context, [field]))
        if refused is not None:
            context.fail("join", refused, field)


def _refused(context: Context, sql: str, params: Sequence[object] = ()) -> Refusal | None:
    """Return why the schema refused a statement, None when it did not."""
    answer = context.server.ask(sql, params)
    return answer if isinstance(answer, Refusal) and is_breakage(answer.sqlstate) else None


def _condition(context: Context, field: Any) -> Q:
    choices = values.choices_of(field)
    if choices:
        return Q((f"{field.attname}__in", choices[:MOST_CHOICES]))
    try:
        kind = getattr(field, "output_field", None) or field
        return Q((field.attname, values.sample(kind, 0, context.server.connection)))
    except values.NoValueError:
        return Q((f"{field.attname}__isnull", True))


def _compiled(context: Context, condition: Q, *, ordered: bool = False) -> Sql | None:
    """Return the SQL of a filter, None for one that Django or the project's field does not make."""
    try:
        found: QuerySet[Any] = QuerySet(context.model).filter(condition)
        if not ordered:
            found = found.order_by()
        chosen = found.values_list(context.fields[0].attname)
        sql, params = chosen.query.get_compiler(connection=context.server.connection).as_sql()
    except Exception:  # noqa: BLE001 - a project's own field or ordering
        return None
    return f"{sql} LIMIT 1", tuple(params)


def _filter(context: Context, condition: Q, *, ordered: bool = False) -> Refusal | None:
    compiled = _compiled(context, condition, ordered=ordered)
    return _refused(context, *compiled) if compiled else None


def _select(context: Context) -> str:
    columns = ", ".join(context.column(field) for field in context.fields)
    return f"SELECT {columns} FROM {context.table} LIMIT 1"  # noqa: S608 - quoted names


def _relations(context: Context) -> list[Any]:
    alias = context.server.connection.alias
    return [
        field
        for field in rows_order.relations_of(context.model)
        if field not in context.gone and router.allow_migrate_model(alias, rows_order.parent_of(field))
    ]


def _join(context: Context, relations: Sequence[Any]) -> str:
    quoted = context.server.quoted
    joins = [
        f"LEFT JOIN {quoted(rows_order.parent_of(field)._meta.db_table)} parent{number}"
        f" ON t.{context.column(field)} = parent{number}.{quoted(field.target_field.column)}"
        for number, field in enumerate(relations)
    ]
    return f"SELECT 1 FROM {context.table} t {' '.join(joins)} LIMIT 1"  # noqa: S608 - quoted names
