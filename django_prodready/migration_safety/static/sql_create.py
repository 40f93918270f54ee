"""Reads CREATE and DROP of tables, indexes, views, triggers, types and functions."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.catalogue import Column, Constraint, Index, Kind
from django_prodready.migration_safety.static.dependents import referencing_first, taken_along
from django_prodready.migration_safety.static.locks import ACCESS_EXCLUSIVE, SHARE, SHARE_ROW_EXCLUSIVE
from django_prodready.migration_safety.static.sql_columns import CONSTRAINTS, read_column, read_constraint
from django_prodready.migration_safety.static.sql_domains import create_domain, drop_domain, resolved
from django_prodready.migration_safety.static.sql_place import Place, inserts
from django_prodready.migration_safety.static.sql_rows import query
from django_prodready.migration_safety.static.sql_select import Source, parse_select, rows_of_select
from django_prodready.migration_safety.static.sql_tokens import Reader, Token, TokenKind, parts_of

_BEFORE_KIND = (
    "or",
    "replace",
    "global",
    "local",
    "temp",
    "temporary",
    "unlogged",
    "recursive",
    "constraint",
)
_TAKES_ALONG = ("type", "extension", "schema", "owned")


def create(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read CREATE from behind the word. What is not named here locks no table."""
    while reader.take_any(*_BEFORE_KIND):
        pass
    if reader.take("table"):
        yield from _create_table(reader, place)
    elif reader.take("unique", "index"):
        yield from _create_index(reader, place, is_unique=True)
    elif reader.take("index"):
        yield from _create_index(reader, place, is_unique=False)
    elif reader.take("view"):
        yield from _create_view(reader, place)
    elif reader.take("materialized", "view"):
        yield from _create_view(reader, place, is_filled=True)
    else:
        yield from _create_other(reader, place)


def _create_other(reader: Reader, place: Place) -> Iterator[e.Effect]:
    if reader.take("type"):
        yield r.CreateType(table="", origin=place.origin, name=reader.name())
    elif reader.take("domain"):
        yield from create_domain(reader, place)
    elif reader.take_any("function", "procedure"):
        _remember(reader, place)
    elif reader.peek().is_word("trigger", "rule", "policy"):
        yield from _create_on(reader, place)


def _create_on(reader: Reader, place: Place) -> Iterator[e.Effect]:
    kind = reader.next().text
    words = ("to",) if kind == "rule" else ("on",)
    reader.until(*words)
    reader.next()
    mode = SHARE_ROW_EXCLUSIVE if kind == "trigger" else ACCESS_EXCLUSIVE
    yield e.LockTable(table=reader.name(), origin=place.origin, mode=mode)


def _remember(reader: Reader, place: Place) -> None:
    """Keep the body of a function: it may be called in the same operation."""
    name = reader.name()
    tokens = reader.rest()
    bodies = [
        after.text
        for token, after in itertools.pairwise(tokens)
        if token.is_word("as") and after.kind is TokenKind.STRING
    ]
    if bodies:
        place.functions[name] = bodies[0]


def _create_table(reader: Reader, place: Place) -> Iterator[e.Effect]:
    is_lenient = reader.take("if", "not", "exists")
    table = reader.name()
    if is_lenient and table in place.catalogue:
        return
    if reader.take("partition", "of"):
        parent = reader.name()
        known = place.catalogue.get(parent)
        columns = tuple(known.columns.values()) if known is not None else ()
        yield e.CreateTable(table=table, origin=place.origin, columns=columns)
        yield e.LockTable(table=parent, origin=place.origin, mode=ACCESS_EXCLUSIVE)
        return
    elements = reader.group()
    reader.until("as")
    if reader.take("as"):
        selected = _unwrapped(reader.rest())
        yield from query(Reader(selected), place)
        yield e.CreateTable(
            table=table, origin=place.origin, columns=_selected(selected, place, _names(elements))
        )
        yield from inserts(table, place, rows_of_select(selected, place))
        return
    yield from _with_elements(table, elements, place)


def _unwrapped(tokens: list[Token]) -> list[Token]:
    reader = Reader(tokens)
    return reader.group() or tokens


def _names(tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple(part[0].text for part in parts_of(tokens, symbol=",") if part)


def _with_elements(table: str, elements: Sequence[Token], place: Place) -> Iterator[e.Effect]:
    columns: list[Column] = []
    constraints: list[Constraint] = []
    for part in parts_of(elements, symbol=","):
        reader = Reader(part)
        if reader.take("like"):
            columns += _like(reader.name(), place)
        elif reader.peek().is_word(*CONSTRAINTS):
            made = read_constraint(reader, table, [column.name for column in columns])
            constraints += [made] if made is not None else []
        elif part:
            defined = resolved(read_column(reader, table), place)
            columns.append(defined.column)
            constraints += defined.constraints
    yield e.CreateTable(
        table=table,
        origin=place.origin,
        columns=tuple(columns),
        constraints=tuple(one for one in constraints if one.kind is not Kind.FOREIGN_KEY),
    )
    for one in constraints:
        if one.kind is Kind.FOREIGN_KEY:
            yield e.AddConstraint(table=table, origin=place.origin, constraint=one)


def _like(name: str, place: Place) -> list[Column]:
    known = place.catalogue.get(name)
    return list(known.columns.values()) if known is not None else []


def _create_index(reader: Reader, place: Place, *, is_unique: bool) -> Iterator[e.Effect]:
    is_concurrent = reader.take("concurrently")
    is_lenient = reader.take("if", "not", "exists")
    name = "" if reader.sees("on") else reader.name()
    reader.take("on")
    is_parent = reader.take("only")
    table = reader.name()
    method = reader.name() if reader.take("using") else "btree"
    key = reader.group()
    rest = reader.rest()
    plain = [part[0].text for part in parts_of(key, symbol=",") if _is_plain(part)]
    known = place.catalogue.get(table)
    columns = list(known.columns) if known is not None else plain
    depends = [
        token.text
        for token in (
            *(token for part in parts_of(key, symbol=",") if not _is_plain(part) for token in part),
            *rest,
        )
        if token.is_name and token.text in columns
    ]
    name = name or f"{table}_{'_'.join(plain) or 'expr'}_idx"
    if is_lenient and (place.table_of_index(name) or (known is not None and name in known.indexes)):
        return
    if is_parent:  # of partitions: an index without content
        yield e.LockTable(table=table, origin=place.origin, mode=SHARE)
        return
    index = Index(
        name=name,
        columns=(*plain, *dict.fromkeys(depends)) if not plain else tuple(plain),
        is_unique=is_unique,
        depends_on=tuple(dict.fromkeys(depends)),
        method=method,
    )
    yield e.CreateIndex(table=table, origin=place.origin, index=index, is_concurrent=is_concurrent)


def _is_plain(part: Sequence[Token]) -> bool:
    return bool(part) and part[0].is_name and not any(token.is_symbol("(") for token in part)


def _create_view(reader: Reader, place: Place, *, is_filled: bool = False) -> Iterator[e.Effect]:
    is_lenient = reader.take("if", "not", "exists")
    name = reader.name()
    if is_lenient and name in place.catalogue:
        return
    reader.until("as")
    reader.take("as")
    selected = reader.rest()
    if is_filled and [token.text for token in selected[-3:]] != ["with", "no", "data"]:
        yield from query(Reader(_unwrapped(selected)), place)
    yield e.CreateView(table=name, origin=place.origin, reads=tuple(_read_by(selected, place)))


def _read_by(tokens: Sequence[Token], place: Place) -> Iterator[tuple[str, str]]:
    """Yield the columns that a view is made of: those named, and all where it selects a star."""
    select = parse_select(_unwrapped(list(tokens)), place)
    is_all = any(part and part[-1].is_symbol("*") for part in parts_of(select.columns, symbol=","))
    named = {token.text for token in tokens if token.is_name}
    for source in select.sources:
        known = place.catalogue.get(source.table)
        if known is not None and known.is_view:
            yield source.table, ""
        for column in _like(source.table, place):
            if is_all or column.name in named:
                yield source.table, column.name


def _selected(tokens: Sequence[Token], place: Place, given: tuple[str, ...]) -> tuple[Column, ...]:
    """Name the columns of a query; the columns of its tables where they cannot be told."""
    if given:
        return tuple(Column(name=name, type=None) for name in given)
    select = parse_select(_unwrapped(list(tokens)), place)
    found: list[Column] = []
    for part in parts_of(select.columns, symbol=","):
        if part and part[-1].is_symbol("*"):
            found += _of_sources(select.sources, place)
        elif part and part[-1].is_name:
            found.append(Column(name=part[-1].text, type=_type_of(part[-1].text, select.sources, place)))
    return tuple({column.name: column for column in found}.values())


def _of_sources(sources: Sequence[Source], place: Place) -> Iterator[Column]:
    for source in sources:
        yield from _like(source.table, place)


def _type_of(name: str, sources: Sequence[Source], place: Place) -> str | None:
    return next((column.type for column in _of_sources(sources, place) if column.name == name), None)


def drop(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read DROP from behind the word. What is not named here locks no table."""
    if reader.take("index"):
        yield from _drop_index(reader, place)
    elif reader.take("table") or reader.take("view") or reader.take("materialized", "view"):
        yield from _drop_tables(reader, place)
    elif reader.take("domain"):
        yield from drop_domain(reader, place)
    elif reader.take_any("trigger", "rule", "policy"):
        reader.until("on")
        reader.take("on")
        yield e.LockTable(table=reader.name(), origin=place.origin, mode=ACCESS_EXCLUSIVE)
    elif reader.peek().is_word(*_TAKES_ALONG):
        kind = reader.next().text.upper()
        if any(token.is_word("cascade") for token in reader.rest()) or kind == "OWNED":
            yield place.opaque(f"What DROP {kind} takes along is not known.")


def _drop_tables(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Views that stand on one of them may be among them, wherever they are named."""
    reader.take("if", "exists")
    names = [Reader(part).name() for part in parts_of(reader.until("cascade", "restrict"), symbol=",")]
    is_cascading = reader.take("cascade")
    along = [view for name in names for view in taken_along(place.catalogue, name)]
    named = [view for view in along if is_cascading or view in names]
    for name in dict.fromkeys((*named, *referencing_first(place.catalogue, names))):
        yield e.DropTable(table=name, origin=place.origin, is_cascading=is_cascading)


def _drop_index(reader: Reader, place: Place) -> Iterator[e.Effect]:
    is_concurrent = reader.take("concurrently")
    is_lenient = reader.take("if", "exists")
    for part in parts_of(reader.until("cascade", "restrict"), symbol=","):
        name = Reader(part).name().rpartition(".")[2]
        table = place.table_of_index(name)
        if table or not is_lenient or is_concurrent:
            yield e.DropIndex(table=table, origin=place.origin, name=name, is_concurrent=is_concurrent)
