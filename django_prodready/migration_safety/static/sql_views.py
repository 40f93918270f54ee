"""Reads CREATE VIEW, and says which columns a query has.

https://www.postgresql.org/docs/current/sql-createview.html
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.catalogue import Column, Table
from django_prodready.migration_safety.static.sql_place import Place
from django_prodready.migration_safety.static.sql_rows import query
from django_prodready.migration_safety.static.sql_select import Source, parse_select
from django_prodready.migration_safety.static.sql_tokens import Reader, Token, parts_of


def create_view(
    reader: Reader, place: Place, *, replaces: bool = False, is_filled: bool = False
) -> Iterator[e.Effect]:
    """Read CREATE VIEW, which ``replaces`` one, from behind these words; a materialized one ``is_filled``."""
    is_lenient = reader.take("if", "not", "exists")
    name = reader.name()
    if is_lenient and name in place.catalogue:
        return
    given = names(reader.group())
    reader.until("as")
    reader.take("as")
    selected = reader.rest()
    if is_filled and [token.text for token in selected[-3:]] != ["with", "no", "data"]:
        yield from query(Reader(unwrapped(selected)), place)
    columns = _shown(selected, place, given)
    lost = _not_kept(place.catalogue.get(name), columns) if replaces else ""
    if lost:
        reason = f"CREATE OR REPLACE has to leave the column {lost} of the view {name} where it is"
        yield e.Fails(table="", origin=place.origin, reason=reason)
        return
    yield e.CreateView(
        table=name, origin=place.origin, columns=columns, reads=tuple(_read_by(selected, place))
    )


def _not_kept(former: Table | None, columns: tuple[Column, ...] | None) -> str:
    """Name the first column of a view that is not in its place in what is to replace it; or nothing."""
    if former is None or not former.is_view or not former.is_complete or columns is None:
        return ""
    now = [column.name for column in columns]
    pairs = itertools.zip_longest(former.columns, now[: len(former.columns)])
    return next((old for old, new in pairs if old != new), "")


def _shown(tokens: Sequence[Token], place: Place, given: tuple[str, ...]) -> tuple[Column, ...] | None:
    """Name the columns of a view; None where they cannot be told."""
    if given:
        return tuple(Column(name=name, type=None) for name in given)
    select = parse_select(unwrapped(list(tokens)), place)
    known = [place.catalogue.get(source.table) for source in select.sources]
    for part in parts_of(select.columns, symbol=","):
        is_star = [token.text for token in part] == ["*"]
        is_named = bool(part) and part[-1].is_name and _is_output_name(part)
        if not is_named and not (is_star and all(one is not None and one.is_complete for one in known)):
            return None
    shown = columns_of_query(tokens, place, ())
    return tuple(Column(name=column.name, type=None) for column in shown) or None


def _is_output_name(part: Sequence[Token]) -> bool:
    """Whether what ends with a name is called so: a column alone, or something with an alias."""
    before = part[-2] if len(part) > 1 else None
    return before is None or before.is_symbol(".", ")") or before.is_name


def _read_by(tokens: Sequence[Token], place: Place) -> Iterator[tuple[str, str]]:
    """Yield the columns that a view is made of: those named, and all where it selects a star."""
    select = parse_select(unwrapped(list(tokens)), place)
    is_all = any(part and part[-1].is_symbol("*") for part in parts_of(select.columns, symbol=","))
    named = {token.text for token in tokens if token.is_name}
    for source in select.sources:
        known = place.catalogue.get(source.table)
        if known is not None and known.is_view:
            yield source.table, ""
        for column in like(source.table, place):
            if is_all or column.name in named:
                yield source.table, column.name


def columns_of_query(tokens: Sequence[Token], place: Place, given: tuple[str, ...]) -> tuple[Column, ...]:
    """Name the columns of a query; the columns of its tables where they cannot be told."""
    if given:
        return tuple(Column(name=name, type=None) for name in given)
    select = parse_select(unwrapped(list(tokens)), place)
    found: list[Column] = []
    for part in parts_of(select.columns, symbol=","):
        if part and part[-1].is_symbol("*"):
            found += _of_sources(select.sources, place)
        elif part and part[-1].is_name:
            found.append(Column(name=part[-1].text, type=_type_of(part[-1].text, select.sources, place)))
    return tuple({column.name: column for column in found}.values())


def _of_sources(sources: Sequence[Source], place: Place) -> Iterator[Column]:
    for source in sources:
        yield from like(source.table, place)


def _type_of(name: str, sources: Sequence[Source], place: Place) -> str | None:
    return next((column.type for column in _of_sources(sources, place) if column.name == name), None)


def unwrapped(tokens: list[Token]) -> list[Token]:
    """Take a query out of its parentheses."""
    reader = Reader(tokens)
    return reader.group() or tokens


def names(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the names of a list."""
    return tuple(part[0].text for part in parts_of(tokens, symbol=",") if part)


def like(name: str, place: Place) -> list[Column]:
    """Return the columns of a table; none where it is not known."""
    known = place.catalogue.get(name)
    return list(known.columns.values()) if known is not None else []
