"""Reads SELECT, WITH and the FROM of other statements: which tables are read, and how much of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static import volatility
from django_prodready.migration_safety.static.sql_place import Place, is_indexed, is_primary_key, reads
from django_prodready.migration_safety.static.sql_tokens import Reader, Token, TokenKind, parts_of
from django_prodready.migration_safety.static.sql_where import Target, rows_where

CLAUSES = (
    "where",
    "group",
    "having",
    "order",
    "limit",
    "offset",
    "fetch",
    "for",
    "returning",
    "union",
    "intersect",
    "except",
    "window",
)
_NO_ALIAS = (
    "on",
    "using",
    "set",
    "join",
    "left",
    "right",
    "inner",
    "full",
    "cross",
    "natural",
    "when",
    *CLAUSES,
)
_HARMLESS = (
    "pg_",
    "set_config",
    "setval",
    "nextval",
    "currval",
    "lastval",
    "format",
    "count",
    "exists",
    "any",
)


@dataclass(frozen=True, slots=True)
class Source:
    """What stands in a FROM: a table, or a result."""

    table: str  # empty: a result
    alias: str
    rows: r.Selection = r.EVERYTHING  # of a result


def sources_of(tokens: Sequence[Token], place: Place) -> Iterator[Source]:
    """Yield what a FROM names, joins included."""
    for item in _items(tokens):
        reader = Reader(item)
        reader.take("lateral")
        reader.take("only")
        inner = reader.group()
        if inner and not inner[0].is_word("select", "with", "values"):
            yield from sources_of(inner, place)
            continue
        name = "" if inner else reader.name()
        is_call = reader.peek().is_symbol("(")
        if is_call:
            reader.group()
        reader.take_symbol("*")
        reader.take("as")
        alias = reader.name() if reader.peek().is_name and not reader.peek().is_word(*_NO_ALIAS) else name
        if inner:
            yield Source("", alias, rows_of_select(inner, place))
        elif is_call or not place.is_table(name):
            yield Source("", alias, place.results.get(name, r.SOME))
        else:
            yield Source(name, alias)


def _items(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    for part in parts_of(tokens, symbol=","):
        for joined in parts_of(part, word="join"):
            yield Reader(joined).until("on", "using", *_NO_ALIAS[3:9])


def conditions_of(tokens: Sequence[Token]) -> list[Token]:
    """Join the conditions that a FROM has behind ON."""
    found: list[Token] = []
    for joined in parts_of(tokens, word="join")[1:]:
        reader = Reader(joined)
        reader.until("on")
        if reader.take("on"):
            found += [Token(TokenKind.WORD, "and")] * bool(found) + reader.until(
                "left", "right", "full", "inner"
            )
    return found


def target_of(source: Source, others: Sequence[Source], place: Place) -> Target:
    """Describe one table of a statement for the conditions that choose its rows."""
    results = {}
    for other in others:
        if not other.table:
            results[other.alias] = other.rows
        else:
            results[other.alias] = r.SOME if other.table == source.table else r.EVERYTHING
    return Target(
        table=place.catalogue.get(source.table),
        names=frozenset({source.table, source.alias}),
        results=results,
        subquery=lambda tokens: rows_of_select(tokens, place),
    )


@dataclass(frozen=True, slots=True)
class Select:
    """A SELECT, taken apart."""

    columns: list[Token]
    sources: tuple[Source, ...]
    where: list[Token]
    is_limited: bool
    is_grouped: bool


def parse_select(tokens: Sequence[Token], place: Place) -> Select:
    """Take one SELECT apart; what comes after UNION is left out."""
    reader = Reader(tokens)
    reader.take("select")
    columns = reader.until("from", *CLAUSES)
    tables: list[Token] = []
    if reader.take("from"):
        tables = reader.until(*CLAUSES)
    where = reader.until(*CLAUSES[1:]) if reader.take("where") else []
    rest = reader.rest()
    on = conditions_of(tables)
    both = [*where, Token(TokenKind.WORD, "and"), *on] if where and on else [*where, *on]
    return Select(
        columns=columns,
        sources=tuple(sources_of(tables, place)) if tables else (),
        where=both,
        is_limited=any(token.is_word("limit", "fetch") for token in rest),
        is_grouped=any(token.is_word("group", "having") for token in rest),
    )


def rows_of_select(tokens: Sequence[Token], place: Place) -> r.Selection:
    """Say how many rows of its tables a query yields."""
    if tokens and tokens[0].is_word("values"):
        return r.FEW
    select = parse_select(tokens, place)
    if not select.sources:
        return r.FEW
    first, *others = select.sources
    if select.is_grouped:
        rows = r.SOME
    elif not first.table:
        rows = first.rows
    else:
        rows = rows_where(select.where, target_of(first, others, place))
    return r.Selection(min(rows.share, r.Share.FEW), rows.whole) if select.is_limited else rows


def reads_of_select(tokens: Sequence[Token], place: Place) -> Iterator[e.Effect]:
    """Yield the tables that a query reads, those of the queries inside of it too."""
    for one in _united(tokens):
        if one and one[0].is_word("select"):
            yield from _reads_of_one(parse_select(one, place), place)
        yield from _reads_inside(one, place)


def _united(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    found = [list(tokens)]
    for word in ("union", "intersect", "except"):
        found = [part for one in found for part in parts_of(one, word=word)]
    for one in found:
        yield one[1:] if one and one[0].is_word("all", "distinct") else one


def _reads_inside(tokens: Sequence[Token], place: Place) -> Iterator[e.Effect]:
    reader = Reader(tokens)
    while not reader.is_done:
        if reader.peek().is_symbol("("):
            yield from reads_of_select(reader.group(), place)
        else:
            reader.next()


def _reads_of_one(select: Select, place: Place) -> Iterator[e.Effect]:
    for number, source in enumerate(select.sources):
        if not source.table:
            continue
        others = [*select.sources[:number], *select.sources[number + 1 :]]
        rows = rows_where(select.where, target_of(source, others, place))
        if rows == r.EVERYTHING and not select.is_grouped and _needs_few(select, source, place):
            rows = r.FEW
        yield from reads(source.table, rows, place)


def _needs_few(select: Select, source: Source, place: Place) -> bool:
    """Whether a query without condition ends early: LIMIT, or the greatest value in an index."""
    if select.is_limited:
        return True
    table = place.catalogue.get(source.table)
    calls = [
        (token.text, inside.text if after.is_symbol("(") else "")
        for token, after, inside in zip(select.columns, select.columns[1:], select.columns[2:], strict=False)
    ]
    wanted = [column for function, column in calls if function in ("max", "min") and column]
    counted = any(function in ("count", "sum", "avg", "array_agg", "string_agg") for function, _ in calls)
    return (
        bool(wanted)
        and not counted
        and all(is_primary_key(table, one) or is_indexed(table, one) for one in wanted)
    )


def called_in(tokens: Sequence[Token], place: Place) -> Iterator[str]:
    """Name the functions of the project that a query calls: with a FROM only those that migrations made."""
    has_table = any(token.is_word("from") for token in tokens)
    for token, after in itertools.pairwise(tokens):
        if has_table and not place.knows(token.text):
            continue
        is_call = token.is_name and after.is_symbol("(") and not token.text.startswith(_HARMLESS)
        if is_call and volatility.of_sql(f"{token.text}()") is volatility.Volatility.UNKNOWN:
            yield token.text


def take_with(reader: Reader, place: Place) -> tuple[list[list[Token]], Place]:
    """Take what stands between WITH and the statement itself: its queries, and the place that knows them."""
    queries: list[list[Token]] = []
    reader.take("with")
    reader.take("recursive")
    while reader.peek().is_name:
        name = reader.name()
        reader.group()
        reader.take("as")
        reader.take("not")
        reader.take("materialized")
        query = reader.group()
        is_query = bool(query) and query[0].is_word("select", "values")
        queries.append(query)
        place = place.with_result(name, rows_of_select(query, place) if is_query else r.SOME)
        if not reader.take_symbol(","):
            break
    return queries, place
