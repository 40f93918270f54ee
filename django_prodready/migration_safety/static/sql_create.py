"""Reads CREATE and DROP of tables, indexes, views, triggers, types and functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.catalogue import Column, Constraint, Index, Kind
from django_prodready.migration_safety.static.dependents import referencing_first, taken_along
from django_prodready.migration_safety.static.locks import ACCESS_EXCLUSIVE, SHARE
from django_prodready.migration_safety.static.sql_columns import CONSTRAINTS, read_column, read_constraint
from django_prodready.migration_safety.static.sql_domains import create_domain, drop_domain, resolved
from django_prodready.migration_safety.static.sql_functions import (
    create_function,
    create_trigger,
    drop_function,
    drop_trigger,
)
from django_prodready.migration_safety.static.sql_place import Place, inserts
from django_prodready.migration_safety.static.sql_rows import query
from django_prodready.migration_safety.static.sql_select import rows_of_select
from django_prodready.migration_safety.static.sql_tokens import Reader, Token, parts_of
from django_prodready.migration_safety.static.sql_types import create_type, drop_type
from django_prodready.migration_safety.static.sql_views import (
    columns_of_query,
    create_view,
    like,
    names,
    unwrapped,
)

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
_TAKES_ALONG = ("extension", "schema")


def create(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read CREATE from behind the word. What is not named here locks no table."""
    before: set[str] = set()
    while word := reader.take_any(*_BEFORE_KIND):
        before.add(word)
    if reader.take("table"):
        yield from _create_table(reader, place)
    elif reader.take("unique", "index"):
        yield from _create_index(reader, place, is_unique=True)
    elif reader.take("index"):
        yield from _create_index(reader, place, is_unique=False)
    elif reader.take("view"):
        replaces = "replace" in before and before.isdisjoint(("temp", "temporary"))
        yield from create_view(reader, place, replaces=replaces)
    elif reader.take("materialized", "view"):
        yield from create_view(reader, place, is_filled=True)
    else:
        yield from _create_other(reader, place)


def _create_other(reader: Reader, place: Place) -> Iterator[e.Effect]:
    if reader.take("type"):
        yield from create_type(reader, place)
    elif reader.take("domain"):
        yield from create_domain(reader, place)
    elif reader.take_any("function", "procedure"):
        yield from create_function(reader, place)
    elif reader.take("trigger"):
        yield from create_trigger(reader, place)
    elif reader.peek().is_word("rule", "policy"):
        word = "to" if reader.next().text == "rule" else "on"
        reader.until(word)
        reader.next()
        yield e.LockTable(table=reader.name(), origin=place.origin, mode=ACCESS_EXCLUSIVE)


def _create_table(reader: Reader, place: Place) -> Iterator[e.Effect]:
    is_lenient = reader.take("if", "not", "exists")
    table = reader.name()
    if is_lenient and table in place.catalogue:
        return
    if reader.take("partition", "of"):
        yield from _create_partition(reader, table, place)
        return
    elements = reader.group()
    reader.until("as", "partition")
    if reader.take("partition", "by"):
        yield from _with_elements(table, elements, place, _partition_key(reader))
        return
    if reader.take("as"):
        selected = unwrapped(reader.rest())
        yield from query(Reader(selected), place)
        yield e.CreateTable(
            table=table, origin=place.origin, columns=columns_of_query(selected, place, names(elements))
        )
        yield from inserts(table, place, rows_of_select(selected, place))
        return
    yield from _with_elements(table, elements, place)


def _create_partition(reader: Reader, table: str, place: Place) -> Iterator[e.Effect]:
    parent = reader.name()
    reader.group()
    known = place.catalogue.get(parent)
    columns = tuple(known.columns.values()) if known is not None else ()
    yield e.LockTable(table=parent, origin=place.origin, mode=ACCESS_EXCLUSIVE)
    yield from place.look_into_default(parent)
    default_of = parent if reader.sees("default") else None
    yield e.CreateTable(table=table, origin=place.origin, columns=columns, default_of=default_of)


def _partition_key(reader: Reader) -> tuple[str, ...]:
    """Return the names of a list."""
    reader.next()
    return tuple(part[0].text for part in parts_of(reader.group(), symbol=",") if part)


def _with_elements(
    table: str, elements: Sequence[Token], place: Place, key: tuple[str, ...] | None = None
) -> Iterator[e.Effect]:
    columns: list[Column] = []
    constraints: list[Constraint] = []
    for part in parts_of(elements, symbol=","):
        reader = Reader(part)
        if reader.take("like"):
            columns += like(reader.name(), place)
        elif reader.peek().is_word(*CONSTRAINTS):
            made = read_constraint(reader, table, [column.name for column in columns])
            constraints += [made] if made is not None else []
        elif part:
            defined = resolved(read_column(reader, table, place.catalogue), place)
            columns.append(defined.column)
            constraints += defined.constraints
    yield e.CreateTable(
        table=table,
        origin=place.origin,
        columns=tuple(columns),
        constraints=tuple(one for one in constraints if one.kind is not Kind.FOREIGN_KEY),
        partitioned_by=key,
    )
    for one in constraints:
        if one.kind is Kind.FOREIGN_KEY:
            yield e.AddConstraint(table=table, origin=place.origin, constraint=one)


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


def drop(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read DROP from behind the word. What is not named here locks no table."""
    reader.take("materialized")
    kind = reader.next().text
    handler = _DROPS.get(kind)
    if handler is not None:
        yield from handler(reader, place)
    elif kind == "owned" or (kind in _TAKES_ALONG and _is_cascading(reader)):
        yield place.opaque(f"What DROP {kind.upper()} takes along is not known.")


def _is_cascading(reader: Reader) -> bool:
    return any(token.is_word("cascade") for token in reader.rest())


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


def _drop_on(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read DROP RULE and DROP POLICY."""
    reader.until("on")
    reader.take("on")
    yield e.LockTable(table=reader.name(), origin=place.origin, mode=ACCESS_EXCLUSIVE)


_DROPS: dict[str, Callable[[Reader, Place], Iterator[e.Effect]]] = {
    "domain": drop_domain,
    "function": drop_function,
    "index": _drop_index,
    "policy": _drop_on,
    "procedure": drop_function,
    "routine": drop_function,
    "rule": _drop_on,
    "table": _drop_tables,
    "trigger": drop_trigger,
    "type": drop_type,
    "view": _drop_tables,
}
