"""Reads the statements of SQL that are neither about rows nor CREATE, DROP or ALTER TABLE."""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.locks import ACCESS_EXCLUSIVE
from django_prodready.migration_safety.static.sql_alter import alter_table
from django_prodready.migration_safety.static.sql_domains import alter_domain
from django_prodready.migration_safety.static.sql_functions import alter_function
from django_prodready.migration_safety.static.sql_place import Place
from django_prodready.migration_safety.static.sql_tokens import Reader, parts_of
from django_prodready.migration_safety.static.sql_types import alter_type

_MODES = {
    "access exclusive": ACCESS_EXCLUSIVE,
    "exclusive": "ExclusiveLock",
    "share row exclusive": "ShareRowExclusiveLock",
    "share": "ShareLock",
}


def alter(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read ALTER from behind the word. What is not named here locks no table."""
    if reader.take("table") or reader.take("foreign", "table"):
        yield from alter_table(reader, place)
    elif reader.take("index"):
        yield from _alter_index(reader, place)
    elif reader.take("type"):
        yield from alter_type(reader, place)
    elif reader.take("view") or reader.take("materialized", "view"):
        yield from _alter_view(reader, place)
    elif reader.take("domain"):
        yield from alter_domain(reader, place)
    elif reader.take("function"):
        yield from alter_function(reader, place)
    elif reader.take("system"):
        yield r.Alone(table="", origin=place.origin, statement="ALTER SYSTEM")


def _alter_view(reader: Reader, place: Place) -> Iterator[e.Effect]:
    reader.take("if", "exists")
    name = reader.name()
    if reader.take("rename", "to"):
        yield e.RenameTable(table=name, origin=place.origin, new=reader.name())
    elif reader.take("rename"):
        reader.take("column")
        column = reader.name()
        reader.take("to")
        yield e.RenameColumn(table=name, origin=place.origin, column=column, new=reader.name())


def _alter_index(reader: Reader, place: Place) -> Iterator[e.Effect]:
    reader.take("if", "exists")
    name = reader.name().rpartition(".")[2]
    table = place.table_of_index(name)
    if reader.take("rename", "to"):
        yield e.RenameIndex(table=table, origin=place.origin, name=name, new=reader.name())
    elif reader.take("set", "tablespace"):
        yield e.RebuildIndex(table=table, origin=place.origin, name=name)


def reindex(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read REINDEX from behind the word."""
    options = reader.group()
    kind = reader.next().text
    is_concurrent = reader.take("concurrently") or any(token.is_word("concurrently") for token in options)
    name = reader.name()
    if kind == "index":
        short = name.rpartition(".")[2]
        table = place.table_of_index(short)
        yield e.RebuildIndex(table=table, origin=place.origin, name=short, is_concurrent=is_concurrent)
    elif kind == "table":
        yield e.RebuildIndex(table=name, origin=place.origin, is_concurrent=is_concurrent)
    else:
        yield r.Alone(table="", origin=place.origin, statement=f"REINDEX {kind.upper()}")
        yield e.RebuildIndex(table="", origin=place.origin, is_concurrent=is_concurrent)


def cluster(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read CLUSTER from behind the word."""
    reader.group()
    reader.take("verbose")
    if reader.is_done:
        yield r.Alone(table="", origin=place.origin, statement="CLUSTER")
    yield e.RewriteTable(table=reader.name(), origin=place.origin, statement="CLUSTER")


def vacuum(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read VACUUM from behind the word."""
    yield r.Alone(table="", origin=place.origin, statement="VACUUM")
    is_full = any(token.is_word("full") for token in reader.group())
    while word := reader.take_any("full", "freeze", "verbose", "analyze"):
        is_full = is_full or word == "full"
    for part in parts_of(reader.rest(), symbol=",") if is_full else ():
        yield e.RewriteTable(table=Reader(part).name(), origin=place.origin, statement="VACUUM FULL")


def refresh(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read REFRESH MATERIALIZED VIEW from behind the first word: CONCURRENTLY keeps readers going."""
    reader.take("materialized", "view")
    is_concurrent = reader.take("concurrently")
    name = reader.name()
    if reader.take("with", "no", "data"):
        yield e.LockTable(table=name, origin=place.origin, mode=ACCESS_EXCLUSIVE)
    elif not is_concurrent:
        yield e.RewriteTable(table=name, origin=place.origin, statement="REFRESH MATERIALIZED VIEW")


def lock(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read LOCK from behind the word."""
    reader.take("table")
    tables = reader.until("in", "nowait")
    mode = ACCESS_EXCLUSIVE
    if reader.take("in"):
        words = " ".join(token.text for token in reader.until("mode"))
        mode = _MODES.get(words, words)
    for part in parts_of(tables, symbol=","):
        inner = Reader(part)
        inner.take("only")
        yield r.TakeLock(table=inner.name(), origin=place.origin, mode=mode)


def set_(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read SET from behind the word: constraints and the time zone matter."""
    if reader.take("constraints"):
        yield from _set_constraints(reader, place)
        return
    scope = reader.take_any("local", "session")
    if reader.take("time", "zone") or reader.take("timezone"):
        reader.take_symbol("=")
        reader.take("to")
        tokens = reader.rest()
        is_default = bool(tokens) and tokens[0].is_word("default", "local")
        zone = None if is_default else "".join(token.text for token in tokens)
        yield r.SetZone(table="", origin=place.origin, zone=zone, is_local=scope == "local")


def _set_constraints(reader: Reader, place: Place) -> Iterator[e.Effect]:
    tokens = reader.rest()
    names = [Reader(part).name() for part in parts_of(tokens[:-1], symbol=",")]
    is_over = not tokens or not tokens[-1].is_word("immediate")
    is_all = names == ["all"]
    yield r.Immediate(table="", origin=place.origin, names=() if is_all else tuple(names), is_over=is_over)


def reset(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read RESET from behind the word: only the time zone matters."""
    if reader.take_any("timezone", "all") or reader.take("time", "zone"):
        yield r.SetZone(table="", origin=place.origin, zone=None)


def begin(_: Reader, place: Place) -> Iterator[e.Effect]:
    """Read BEGIN and START TRANSACTION."""
    yield r.Transaction(table="", origin=place.origin, boundary=r.Boundary.OPEN)


def commit(_: Reader, place: Place) -> Iterator[e.Effect]:
    """Read COMMIT and END."""
    yield r.Transaction(table="", origin=place.origin, boundary=r.Boundary.COMMIT)
