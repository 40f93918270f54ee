"""Reads CREATE, ALTER and DROP TYPE.

https://www.postgresql.org/docs/current/sql-altertype.html
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.dependents import taken_along
from django_prodready.migration_safety.static.sql_place import Place
from django_prodready.migration_safety.static.sql_tokens import Reader, parts_of
from django_prodready.migration_safety.static.type_changes import is_of_type


def create_type(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read CREATE TYPE from behind these words."""
    yield r.CreateType(table="", origin=place.origin, name=reader.name())


def alter_type(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read ALTER TYPE from behind these words. What is not named here changes no column."""
    name = reader.name()
    if reader.take("add", "value"):
        reader.take("if", "not", "exists")
        yield r.AddValue(table="", origin=place.origin, name=name, value=reader.next().text)
    elif reader.take("rename", "value"):
        yield r.RenameValue(table="", origin=place.origin, name=name, value=reader.next().text)
    elif reader.take("rename", "to"):
        yield r.RenameType(table="", origin=place.origin, name=name, new=reader.name())


def drop_type(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read DROP TYPE from behind these words."""
    is_lenient = reader.take("if", "exists")
    names = parts_of(reader.until("cascade", "restrict"), symbol=",")
    is_cascading = reader.take("cascade")
    for name in (Reader(part).name() for part in names):
        users = users_of_type(name, place)
        if is_cascading:
            yield from drop_columns(users, place)
        elif users:
            reason = f"the column {'.'.join(users[0])} is of the type {name}"
            yield e.Fails(table="", origin=place.origin, reason=reason)
        if is_cascading and not users and not is_lenient and name not in place.catalogue:
            yield place.opaque(f"What DROP TYPE {name} takes along is not known.")
        yield r.DropType(table="", origin=place.origin, name=name)


def users_of_type(name: str, place: Place) -> list[tuple[str, str]]:
    """Name the columns of a type or domain: a model's field may have it as its type."""
    return [
        (table.name, column.name)
        for table in place.catalogue.values()
        for column in table.columns.values()
        if name == column.domain or (column.type is not None and is_of_type(column.type, name))
    ]


def drop_columns(users: list[tuple[str, str]], place: Place) -> Iterator[e.Effect]:
    """Drop columns, and the views on them, as CASCADE does."""
    for table, column in users:
        for view in taken_along(place.catalogue, table, column):
            yield e.DropTable(table=view, origin=place.origin, is_cascading=True)
        yield e.DropColumn(table=table, origin=place.origin, column=column, is_cascading=True)
