"""What code with a model reads: its columns, filters, ordering, joins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import router
from django.db.models import Q, QuerySet

from django_prodready.migration_safety.trace import rows_order, values
from django_prodready.migration_safety.trace.compatibility_words import is_breakage
from django_prodready.migration_safety.trace.rows_server import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django_prodready.migration_safety.trace.compatibility_context import Context

MOST_CHOICES = 300  # that one filter asks for


def can_be_read(context: Context) -> bool:
    """Ask for all columns, and say whether there is a table at all."""
    columns = ", ".join(context.column(field) for field in context.fields)
    refused = _refused(context, f"SELECT {columns} FROM {context.table} LIMIT 1")  # noqa: S608 - quoted names
    if refused is None:
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
    conditions = {field: _condition(context, field) for field in context.fields}
    every = _compiled(context, Q(*conditions.values()), ordered=not context.gone)
    if every and _refused(context, *every) is None:
        return
    for field, condition in conditions.items():
        refused = _filter(context, condition)
        if refused is not None:
            context.fail("filter", refused, field)
            context.refused_filters.add(field)
    if not context.gone:
        refused = _filter(context, Q(), ordered=True)
        if refused is not None:
            context.fail("order", refused)


def ask_joins(context: Context) -> None:
    """Ask for rows together with those that they refer to."""
    alias = context.server.connection.alias
    relations = [
        field
        for field in rows_order.relations_of(context.model)
        if field not in context.gone and router.allow_migrate_model(alias, rows_order.parent_of(field))
    ]
    if not relations or _joined(context, relations) is None:
        return
    for field in relations:
        refused = _joined(context, [field])
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


def _compiled(
    context: Context, condition: Q, *, ordered: bool = False
) -> tuple[str, tuple[object, ...]] | None:
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


def _joined(context: Context, relations: Sequence[Any]) -> Refusal | None:
    quoted = context.server.quoted
    joins = [
        f"LEFT JOIN {quoted(rows_order.parent_of(field)._meta.db_table)} parent{number}"
        f" ON t.{context.column(field)} = parent{number}.{quoted(field.target_field.column)}"
        for number, field in enumerate(relations)
    ]
    return _refused(context, f"SELECT 1 FROM {context.table} t {' '.join(joins)} LIMIT 1")  # noqa: S608
