"""Reads ALTER COLUMN of ALTER TABLE: its type, its default, NOT NULL.

https://www.postgresql.org/docs/current/sql-altertable.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.catalogue import Column, Domain
from django_prodready.migration_safety.static.locks import ACCESS_EXCLUSIVE
from django_prodready.migration_safety.static.sql_columns import text_of_type
from django_prodready.migration_safety.static.sql_domains import domain_of
from django_prodready.migration_safety.static.sql_place import Place, column_of
from django_prodready.migration_safety.static.sql_tokens import Reader, Token
from django_prodready.migration_safety.static.type_changes import Work, work_for


def alter_column(reader: Reader, table: str, place: Place) -> Iterator[e.Effect]:
    """Read ALTER COLUMN, or CONSTRAINT, from behind ALTER."""
    if reader.sees("constraint"):
        yield e.LockTable(table=table, origin=place.origin, mode=ACCESS_EXCLUSIVE)
        return
    reader.take("column")
    column = reader.name()
    reader.take("set", "data")
    if reader.take("type"):
        yield from _type(reader, table, column, place)
    elif reader.take("set", "not", "null"):
        yield e.SetNotNull(table=table, origin=place.origin, column=column)
    elif reader.take("drop", "not", "null"):
        yield e.DropNotNull(table=table, origin=place.origin, column=column)
    else:
        yield from _alter_default(reader, table, column, place)


def _alter_default(reader: Reader, table: str, column: str, place: Place) -> Iterator[e.Effect]:
    if reader.sees("set", "default") or reader.sees("drop", "default"):
        has_default = reader.next().text == "set" and not reader.peek(1).is_word("null")
        yield e.SetDefault(table=table, origin=place.origin, column=column, has_default=has_default)
    elif reader.take("add", "generated") or reader.take("drop", "identity"):
        is_identity = any(token.is_word("always", "default") for token in reader.rest())
        yield e.SetIdentity(table=table, origin=place.origin, column=column, is_identity=is_identity)
    elif reader.take("set", "expression"):
        yield e.RewriteTable(table=table, origin=place.origin, statement="SET EXPRESSION")
    elif not reader.take("set", "statistics"):
        yield e.LockTable(table=table, origin=place.origin, mode=ACCESS_EXCLUSIVE)


def _type(reader: Reader, table: str, column: str, place: Place) -> Iterator[e.Effect]:
    new = text_of_type(reader.until("using", "collate"))
    known = column_of(place.catalogue.get(table), column)
    collation = reader.name() if reader.take("collate") else (known.collation if known is not None else None)
    reader.take("using")
    using = reader.rest()
    domain = domain_of(new, place)
    base = domain.type if domain is not None else new
    is_free = work_for(known.type if known is not None else None, base) in (Work.NOTHING, Work.INDEXES)
    yield e.AlterType(
        table=table,
        origin=place.origin,
        column=column,
        type=base,
        collation=collation,
        domain=new if domain is not None else None,
    )
    if is_free and (not _is_cast(using, column) or _is_of_domain(known, domain, base)):
        yield e.RewriteTable(table=table, origin=place.origin, statement="ALTER COLUMN … TYPE")


def _is_of_domain(known: Column | None, new: Domain | None, base: str) -> bool:
    """Whether a domain has the rows written anew: what it checks, or another type than it is made of."""
    return (new is not None and new.is_checked) or (
        known is not None and known.domain is not None and known.type != base
    )


def _is_cast(using: Sequence[Token], column: str) -> bool:
    """Whether USING only names the column, with a type at most."""
    if not using:
        return True
    reader = Reader(using)
    inner = reader.group()
    if inner and reader.is_done:
        return _is_cast(inner, column)
    if reader.take("cast"):
        return reader.group()[:1] == [Token(using[0].kind, column)]
    name = Reader(inner or [reader.next()]).name()
    return name == column and (reader.is_done or reader.peek().is_symbol("::"))
