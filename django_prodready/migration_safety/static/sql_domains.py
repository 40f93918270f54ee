"""Reads CREATE, ALTER and DROP DOMAIN, and says what a domain makes of a column.

https://www.postgresql.org/docs/current/sql-createdomain.html,
https://www.postgresql.org/docs/current/sql-alterdomain.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.catalogue import Domain
from django_prodready.migration_safety.static.locks import SHARE
from django_prodready.migration_safety.static.sql_columns import (
    Definition,
    fill_of_default,
    or_nothing,
    read_column,
)
from django_prodready.migration_safety.static.sql_place import Place
from django_prodready.migration_safety.static.sql_tokens import Reader, Token, TokenKind, parts_of, text_of
from django_prodready.migration_safety.static.sql_types import drop_columns, users_of_type


def domain_of(name: str | None, place: Place) -> Domain | None:
    """Find the domain of that name; None for any other type."""
    known = place.catalogue.get(name or "")
    return known.domain if known is not None else None


def resolved(made: Definition, place: Place) -> Definition:
    """Take the domain of a new column for what it is made of."""
    name = made.column.type
    domain = domain_of(name, place)
    if domain is None:
        return made
    column = replace(
        made.column,
        type=domain.type,
        domain=name,
        is_nullable=made.column.is_nullable and domain.is_nullable,
        has_default=made.column.has_default or domain.default is not None,
    )
    fill, default = made.fill, made.default
    if domain.default is not None and not made.column.has_default:
        fill, default = fill_of_default(domain.default, place.catalogue)
    return replace(made, column=column, fill=or_nothing(fill, column), default=default)


def create_domain(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read CREATE DOMAIN from behind these words: what follows the name is written as for a column."""
    name = reader.name()
    reader.take("as")
    made = read_column(Reader([Token(TokenKind.WORD, name), *reader.rest()]), name, place.catalogue)
    below = domain_of(made.column.type, place) or Domain(type=made.column.type or "")
    is_nullable = made.column.is_nullable and below.is_nullable
    domain = Domain(
        type=below.type,
        is_checked=below.is_checked or bool(made.constraints) or not is_nullable,
        is_nullable=is_nullable,
        default=made.default or below.default,
    )
    yield r.SetDomain(table="", origin=place.origin, name=name, domain=domain)


def alter_domain(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read ALTER DOMAIN from behind these words."""
    name = reader.name()
    action = " ".join(token.text for token in (reader.next(), reader.peek()))
    if reader.sees("constraint") and action.startswith("add"):
        reader.next()
        reader.name()
        action = f"add {reader.peek().text}"
    if action in _CHANGES:
        reader.next()
        yield from _CHANGES[action](name, reader, place)


def _change(name: str, place: Place, **changes: Any) -> Iterator[e.Effect]:
    known = domain_of(name, place)
    if known is not None:
        yield r.SetDomain(table="", origin=place.origin, name=name, domain=replace(known, **changes))


def _add_check(name: str, reader: Reader, place: Place) -> Iterator[e.Effect]:
    words = [token.text for token in reader.rest()]
    if words[-2:] != ["not", "valid"]:
        yield from _look_at_rows(name, place)
    yield from _change(name, place, is_checked=True)


def _forbid_null(name: str, _: Reader, place: Place) -> Iterator[e.Effect]:
    yield from _look_at_rows(name, place)
    yield from _change(name, place, is_checked=True, is_nullable=False)


def _validate(name: str, _: Reader, place: Place) -> Iterator[e.Effect]:
    yield from _look_at_rows(name, place)


def _set_default(name: str, reader: Reader, place: Place) -> Iterator[e.Effect]:
    yield from _change(name, place, default=text_of(reader.rest()))


def _drop(name: str, reader: Reader, place: Place) -> Iterator[e.Effect]:
    if reader.tokens[-1].is_word("default"):
        yield from _change(name, place, default=None)
    else:
        yield from _change(name, place, is_nullable=True)


def _rename(name: str, reader: Reader, place: Place) -> Iterator[e.Effect]:
    known = domain_of(name, place)
    yield r.SetDomain(table="", origin=place.origin, name=reader.name(), domain=known, former=name)


def _look_at_rows(name: str, place: Place) -> Iterator[e.Effect]:
    """The rows of all tables that use the domain are read under SHARE."""
    for table in dict.fromkeys(table for table, _ in users_of_type(name, place)):
        yield e.LockTable(table=table, origin=place.origin, mode=SHARE)
        yield e.ReadRows(table=table, origin=place.origin)


def drop_domain(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read DROP DOMAIN from behind these words."""
    is_lenient = reader.take("if", "exists")
    names = parts_of(reader.until("cascade", "restrict"), symbol=",")
    is_cascading = reader.take("cascade")
    for name in (Reader(part).name() for part in names):
        users = users_of_type(name, place)
        if is_cascading:
            yield from drop_columns(users, place)
        elif users:
            reason = f"the column {'.'.join(users[0])} is of the domain {name}"
            yield e.Fails(table="", origin=place.origin, reason=reason)
        if is_cascading and not is_lenient and domain_of(name, place) is None:
            yield place.opaque(f"What DROP DOMAIN {name} takes along is not known.")
        yield r.SetDomain(table="", origin=place.origin, name=name, domain=None)


_CHANGES: dict[str, Callable[[str, Reader, Place], Iterator[e.Effect]]] = {
    "add check": _add_check,
    "add not": _forbid_null,
    "drop default": _drop,
    "drop not": _drop,
    "rename to": _rename,
    "set default": _set_default,
    "set not": _forbid_null,
    "validate constraint": _validate,
}
