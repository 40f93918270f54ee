"""Generated rows for tables that no model stands for, by what the catalogue says of their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_prodready.migration_safety.trace.rows_fill import ROWS, SETTLE
from django_prodready.migration_safety.trace.rows_server import Refusal, Server, opened
from django_prodready.migration_safety.trace.values_types import by_column_type

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.backends.base.base import BaseDatabaseWrapper

    from django_prodready.migration_safety.trace.catalog import Column, Relation

GIVE_UP_AFTER = 3


def fill(relations: Iterable[Relation], connection: BaseDatabaseWrapper, count: int = ROWS) -> None:
    """Insert up to ``count`` rows into each table, as many as it takes, in the caller's transaction."""
    with opened(connection) as server:
        for relation in relations:
            _fill(relation, server, count)


def _fill(relation: Relation, server: Server, count: int) -> None:
    columns = [column for column in relation.columns.values() if _is_given(column)]
    names = ", ".join(server.quoted(column.name) for column in columns)
    refused = 0
    for number in range(count):
        cells = [by_column_type(column.type, number) for column in columns]
        places = ", ".join("%s" for _ in cells)
        sql = f"INSERT INTO {relation.sql} "
        sql += f"({names}) VALUES ({places})" if columns else "DEFAULT VALUES"
        if isinstance(server.ask(sql, cells, *SETTLE), Refusal):
            refused += 1
        if refused >= GIVE_UP_AFTER and refused > number // 2:
            return


def _is_given(column: Column) -> bool:
    """Whether an INSERT gives a value: not what comes by itself, and NULL for unknown types."""
    if column.generated or column.identity or column.default is not None:
        return False
    return by_column_type(column.type, 0) is not None
