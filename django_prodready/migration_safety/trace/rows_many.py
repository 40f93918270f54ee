"""Make many rows out of the generated few, on the server: 20,000 of them in less than a second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import UniqueConstraint

from django_prodready.migration_safety.trace import rows_order
from django_prodready.migration_safety.trace.rows_cells import written_fields
from django_prodready.migration_safety.trace.rows_fill import SETTLE, Seeded, count_rows, reason, seed, settle
from django_prodready.migration_safety.trace.rows_server import Refusal, Server, opened
from django_prodready.migration_safety.trace.values import choices_of, class_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.apps.registry import Apps
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Model

MANY = 20_000
_CANCELLED = "57014"  # query_canceled: by statement_timeout


class TooLongError(Exception):
    """Rows take longer to bring in than the session lets a statement take."""


# A value that no other row has, out of the row's number g.n; {column} is what the table has.
_GREATER = "(SELECT coalesce(max({column}), 0) FROM {table}) + g.n + 1"
_NUMBER, _LONG = "(1000000 + g.n)::text", 7  # and the characters that it needs
_SHORTER, _SHORT = "(10000 + g.n)::text", 5
_NEXT_KEY = "nextval(pg_get_serial_sequence('{table}', '{column}'))"
_DISTINCT = {
    "BinaryField": "decode(md5(g.n::text), 'hex')",
    "DateField": "date '2100-01-01' + g.n::integer",
    "DateTimeField": "timestamptz '2100-01-01' + g.n * interval '1 minute'",
    "DecimalField": _GREATER,
    "DurationField": "interval '1 year' + g.n * interval '1 minute'",
    "EmailField": "'row' || g.n || '@example.com'",
    "FloatField": _GREATER,
    "GenericIPAddressField": "inet '10.128.0.0' + g.n",
    "IntegerField": _GREATER,
    "JSONField": "jsonb_build_object('row', g.n)",
    "SlugField": "'row-' || g.n",
    "TimeField": "time '00:00:00' + g.n * interval '1 second'",
    "URLField": "'https://example.com/row/' || g.n",
    "UUIDField": "md5(g.n::text)::uuid",
    "CharField": _NUMBER,
    "TextField": _NUMBER,
}


def multiply(
    models: Iterable[type[Model]],
    connection: BaseDatabaseWrapper,
    count: int = MANY,
    apps: Apps | None = None,
) -> Seeded:
    """Fill the models' tables up to ``count`` rows each, mostly copies of generated ones.

    Runs within the caller's transaction, and leaves no deferred trigger pending. A table whose constraints
    do not let in as many has fewer, and the reason beside it. Raises TooLongError.
    """
    asked = tuple(models)
    seeded = seed(asked, connection, apps=apps)
    rows, unfilled = dict(seeded.rows), dict(seeded.unfilled)
    many = _with_one_to_one_parents(asked, apps)
    with opened(connection) as server:
        for model in rows_order.in_order(asked, apps):
            table = model._meta.db_table
            if model not in many or not rows.get(table):
                continue
            refused = _multiply(server, model, count - rows[table])
            if refused is not None and refused.sqlstate == _CANCELLED:
                raise TooLongError
            rows[table] = count_rows(server, table)
            if refused is not None:
                unfilled[table] = reason(refused)
        settle(server)
    return Seeded(rows, unfilled)


def _with_one_to_one_parents(models: Iterable[type[Model]], apps: Apps | None) -> set[type[Model]]:
    """Return the models and those of which each row needs one of its own."""
    parent = rows_order.parents_in(apps)
    found: set[type[Model]] = set()
    waiting = list(models)
    while waiting:
        model = waiting.pop()
        if model not in found:
            found.add(model)
            relations = _distinct_fields(model).intersection(rows_order.relations_of(model))
            waiting += [parent(field) for field in relations]
    return found


def _multiply(server: Server, model: type[Model], wanted: int) -> Refusal | None:
    """Insert copies of a table's rows; return why that was refused."""
    distinct = _distinct_fields(model)
    table = server.quoted(model._meta.db_table)
    columns: list[str] = []
    values: list[str] = []
    joins: list[str] = []
    key: Any = model._meta.auto_field
    for field in written_fields(model) or [key]:
        column = server.quoted(field.column)
        columns.append(column)
        if field is key:
            values.append(_NEXT_KEY.format(column=field.column, table=table))
        elif field not in distinct:
            values.append(f"s.{column}")
        elif field.is_relation:
            name = f"p{len(joins)}"
            joins.append(_unused(server, table, field, name))
            values.append(f"{name}.key")
        else:
            values.append(_distinct_value(field, f"s.{column}").format(column=column, table=table))
    sql = (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)}"  # noqa: S608 - quoted names
        f" FROM generate_series(0, %s) AS g(n)"
        f" JOIN (SELECT *, row_number() OVER () - 1 AS prodready_row, count(*) OVER () AS prodready_rows"
        f" FROM {table}) s ON s.prodready_row = g.n %% s.prodready_rows {' '.join(joins)}"
    )
    answer = server.ask(f"{sql} ON CONFLICT DO NOTHING", [wanted - 1], *SETTLE)
    return answer if isinstance(answer, Refusal) else None


def _distinct_fields(model: type[Model]) -> set[Any]:
    """Return fields that together make each row unlike the others."""
    fields = written_fields(model)
    found = {field for field in fields if field.unique}
    for names in _unique_sets(model):
        members = [field for field in fields if field.name in names]
        if members and found.isdisjoint(members) and len(members) == len(names):
            found.add(min(members, key=_cost))
    return found


def _cost(field: Any) -> tuple[bool, bool]:
    """Order fields by how well they can be made distinct."""
    return _distinct_value(field, "") == "", bool(field.is_relation)


def _unique_sets(model: type[Model]) -> Iterator[tuple[str, ...]]:
    meta = model._meta
    yield from (tuple(names) for names in meta.unique_together)
    yield from (tuple(each.fields) for each in meta.constraints if isinstance(each, UniqueConstraint))
    key: Any = meta.pk
    yield tuple(field.name for field in getattr(key, "fields", None) or ())


def _distinct_value(field: Any, otherwise: str) -> str:
    """Return SQL for a value of each row's own, ``otherwise`` where the type has none to give."""
    if field.is_relation:
        return "relation"
    if choices_of(field):
        return otherwise
    form = next((_DISTINCT[name] for name in class_names(field) if name in _DISTINCT), otherwise)
    limit = field.max_length or _LONG
    if form != _NUMBER or limit >= _LONG:
        return form
    return _SHORTER if limit >= _SHORT else f"left(md5(g.n::text), {limit})"


def _unused(server: Server, table: str, field: Any, name: str) -> str:
    """Return a join with the parents that no row refers to yet, one for each row."""
    quoted = server.quoted
    column, parent = quoted(field.target_field.column), quoted(rows_order.parent_of(field)._meta.db_table)
    mine = f"SELECT {quoted(field.column)} FROM {table} WHERE {quoted(field.column)} IS NOT NULL"  # noqa: S608
    keys = (
        f"SELECT {column} AS key, row_number() OVER () - 1 AS prodready_row FROM {parent}"  # noqa: S608
        f" WHERE {column} NOT IN ({mine})"
    )
    return f"JOIN ({keys}) {name} ON {name}.prodready_row = g.n"
