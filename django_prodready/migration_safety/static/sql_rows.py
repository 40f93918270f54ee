"""Reads the statements that write rows: INSERT, UPDATE, DELETE, MERGE, TRUNCATE, and queries around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.sql_place import Place, inserts, reads, writes
from django_prodready.migration_safety.static.sql_select import (
    CLAUSES,
    Source,
    called_in,
    reads_of_select,
    rows_of_select,
    sources_of,
    take_with,
    target_of,
)
from django_prodready.migration_safety.static.sql_tokens import Reader, Token, parts_of
from django_prodready.migration_safety.static.sql_where import rows_where

_ENDS = ("where", "returning")


def query(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read SELECT, VALUES, TABLE, or WITH in front of any statement."""
    if not reader.sees("with"):
        yield from _select(reader.rest(), place)
        return
    queries, inner = take_with(reader, place)
    for one in queries:
        yield from _statement(Reader(one), inner)
    yield from _statement(reader, inner)


def _statement(reader: Reader, place: Place) -> Iterator[e.Effect]:
    handler = {"insert": insert, "update": update, "delete": delete, "merge": merge}.get(reader.peek().text)
    if handler is not None:
        yield from handler(reader, place)
    else:
        yield from _select(reader.rest(), place)


def _select(tokens: Sequence[Token], place: Place) -> Iterator[e.Effect]:
    yield from reads_of_select(tokens, place)
    is_loop = any(source.table for source in _sources_in(tokens, place))
    for name in called_in(tokens, place) if Reader(tokens).sees("select") else ():
        yield from place.inside(is_loop=is_loop).call(name)


def update(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read UPDATE."""
    reader.take("update")
    source = _target(reader, "set")
    reader.take("set")
    columns = _assigned(reader.until("from", *_ENDS))
    tables = reader.until(*_ENDS) if reader.take("from") else []
    yield from _change("UPDATE", source, tables, reader, place, columns)


def delete(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read DELETE."""
    reader.take("delete")
    reader.take("from")
    source = _target(reader, "using", *_ENDS)
    tables = reader.until(*_ENDS) if reader.take("using") else []
    yield from _change("DELETE", source, tables, reader, place, {})


def _target(reader: Reader, *ends: str) -> Source:
    reader.take("only")
    name = reader.name()
    reader.take_symbol("*")
    reader.take("as")
    alias = reader.name() if reader.peek().is_name and not reader.peek().is_word(*ends) else name
    return Source(name, alias)


def _assigned(tokens: Sequence[Token]) -> dict[str, bool]:
    """Name the columns that SET gives a value, and whether it is NULL."""
    found = {}
    for part in parts_of(tokens, symbol=","):
        reader = Reader(part)
        names = [one[0].text for one in parts_of(reader.group(), symbol=",") if one] or [reader.name()]
        reader.take_symbol("=")
        is_null = reader.sees("null")
        found.update({name.rpartition(".")[2]: is_null for name in names if name})
    return found


def _change(
    verb: str,
    source: Source,
    tables: Sequence[Token],
    reader: Reader,
    place: Place,
    columns: dict[str, bool],
) -> Iterator[e.Effect]:
    if not place.is_table(source.table):
        return
    others = tuple(sources_of(tables, place)) if tables else ()
    where = reader.until("returning") if reader.take("where") else []
    target = replace(target_of(source, others, place), is_set=frozenset(columns))
    rows = r.BATCH if _is_cursor(where) else rows_where(where, target)
    for other in others:
        if other.table and other.table != source.table and rows.share > r.Share.FEW:
            yield from reads(other.table, r.EVERYTHING, place)
    yield from writes(verb, source.table, rows, place, columns)


def _is_cursor(where: Sequence[Token]) -> bool:
    return len(where) > 1 and where[0].is_word("current") and where[1].is_word("of")


def insert(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read INSERT: what it reads counts, and what ON CONFLICT writes."""
    reader.take("insert")
    reader.take("into")
    name = reader.name()
    if reader.take("as"):
        reader.name()
    if not reader.peek(1).is_word("select", "with", "values"):
        reader.group()
    reader.take_any("default")
    values = reader.until("on", "returning")
    values = _unwrapped(values)
    if not place.is_table(name):
        return
    is_query = bool(values) and values[0].is_word("select", "with", "table")
    if is_query:
        yield from query(Reader(values), place)
    yield from inserts(name, place, rows_of_select(values, place) if is_query else r.FEW)
    if is_query and reader.take("on", "conflict") and _updates(reader.rest()):
        rows = rows_of_select(values, place)
        if any(source.table == name for source in _sources_in(values, place)):
            yield from writes("UPDATE", name, rows, place)


def _unwrapped(tokens: list[Token]) -> list[Token]:
    reader = Reader(tokens)
    inner = reader.group()
    return inner if inner and reader.is_done else tokens


def _updates(tokens: Sequence[Token]) -> bool:
    reader = Reader(tokens)
    reader.until("do")
    return reader.take("do", "update")


def _sources_in(tokens: Sequence[Token], place: Place) -> Iterator[Source]:
    reader = Reader(tokens)
    reader.until("from")
    if reader.take("from"):
        yield from sources_of(reader.until(*CLAUSES), place)


def merge(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read MERGE: nearly all rows are written where a whole table is merged in."""
    reader.take("merge")
    reader.take("into")
    source = _target(reader, "using")
    reader.take("using")
    others = tuple(sources_of(reader.until("on"), place))
    actions = [token.text for token in reader.rest() if token.is_word("update", "delete", "insert")]
    for other in others:
        if other.table:
            yield from reads(other.table, r.EVERYTHING, place)
    rows = r.EVERYTHING if any(one.table for one in others) else r.FEW
    rows = others[0].rows if others and not others[0].table else rows
    for verb in dict.fromkeys(actions):
        known = {"update": rows, "delete": min(rows, r.SOME, key=_share)}.get(verb, r.FEW)
        yield from writes(verb.upper(), source.table, known, place)


def _share(rows: r.Selection) -> int:
    return rows.share


def truncate(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read TRUNCATE."""
    reader.take("truncate")
    reader.take("table")
    for part in parts_of(reader.until("restart", "continue", "cascade", "restrict"), symbol=","):
        inner = Reader(part)
        inner.take("only")
        yield e.Truncate(table=inner.name(), origin=place.origin)


def copy(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read COPY … FROM and COPY … TO."""
    reader.take("copy")
    name = reader.name()
    reader.group()
    if name and reader.sees("from"):
        yield from inserts(name, place)
    elif name:
        yield from reads(name, r.EVERYTHING, place)
