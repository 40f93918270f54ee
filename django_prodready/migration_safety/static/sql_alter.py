"""Reads ALTER TABLE, all its forms.

https://www.postgresql.org/docs/current/sql-altertable.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.catalogue import (
    Constraint,
    Index,
    Kind,
    Table,
)
from django_prodready.migration_safety.static.dependents import computed_from, taken_along
from django_prodready.migration_safety.static.locks import ACCESS_EXCLUSIVE, SHARE_ROW_EXCLUSIVE
from django_prodready.migration_safety.static.sql_alter_column import alter_column
from django_prodready.migration_safety.static.sql_columns import (
    CONSTRAINTS,
    Definition,
    read_column,
    read_constraint,
)
from django_prodready.migration_safety.static.sql_domains import domain_of, resolved
from django_prodready.migration_safety.static.sql_place import Place, column_of
from django_prodready.migration_safety.static.sql_tokens import Reader, parts_of

_Action = Callable[[Reader, str, Place], Iterator[e.Effect]]


def alter_table(reader: Reader, place: Place) -> Iterator[e.Effect]:
    """Read ALTER TABLE from behind these words."""
    reader.take("if", "exists")
    reader.take("only")
    is_whole = reader.sees("all", "in")
    table = reader.name()
    reader.take_symbol("*")
    if is_whole or not table:
        yield place.opaque("An ALTER TABLE of a whole tablespace was not read.")
        return
    actions = parts_of(reader.rest(), symbol=",")
    if len(actions) > 1:
        yield r.Transaction(table="", boundary=r.Boundary.OPEN)
    for action in actions:
        yield from _action(Reader(action), table, place)
    if len(actions) > 1:
        yield r.Transaction(table="", boundary=r.Boundary.CLOSE)


def _action(reader: Reader, table: str, place: Place) -> Iterator[e.Effect]:
    handler = _ACTIONS.get(reader.peek().text)
    if handler is not None:
        reader.next()
        yield from handler(reader, table, place)
    else:
        yield e.LockTable(table=table, origin=place.origin, mode=ACCESS_EXCLUSIVE)


def _columns(place: Place, table: str) -> list[str]:
    known = place.catalogue.get(table)
    return list(known.columns) if known is not None else []


def _add(reader: Reader, table: str, place: Place) -> Iterator[e.Effect]:
    if reader.peek().is_word(*CONSTRAINTS):
        yield from _add_constraint(reader, table, place)
        return
    reader.take("column")
    is_lenient = reader.take("if", "not", "exists")
    known = place.catalogue.get(table)
    if is_lenient and column_of(known, reader.peek().text) is not None:
        return
    made = resolved(read_column(reader, table, place.catalogue), place)
    yield from added(made, table, place)
    domain = domain_of(made.column.domain, place)
    is_rewritten = made.fill in (e.Fill.VOLATILE, e.Fill.STORED)
    if domain is not None and domain.is_checked and not is_rewritten:
        statement = f"ADD COLUMN of the domain {made.column.domain}"
        yield e.RewriteTable(table=table, origin=place.origin, statement=statement)


def added(made: Definition, table: str, place: Place) -> Iterator[e.Effect]:
    """Yield what ADD COLUMN does: the column and its constraints."""
    yield e.AddColumn(
        table=table, origin=place.origin, column=made.column, fill=made.fill, default=made.default
    )
    for one in made.constraints:
        is_empty = made.fill is e.Fill.NULL and one.kind is Kind.FOREIGN_KEY
        yield e.AddConstraint(table=table, origin=place.origin, constraint=one, rows_are_null=is_empty)


def _add_constraint(reader: Reader, table: str, place: Place) -> Iterator[e.Effect]:
    taken_over = _using_index(reader)
    if taken_over is not None:
        yield from _take_over(*taken_over, table, place)
        return
    made = read_constraint(reader, table, _columns(place, table))
    if made is not None:
        yield e.AddConstraint(table=table, origin=place.origin, constraint=made)


def _using_index(reader: Reader) -> tuple[str, Kind, str] | None:
    """Read ``CONSTRAINT name UNIQUE USING INDEX index``; leave all else."""
    ahead = 2 if reader.peek().is_word("constraint") else 0
    kind = Kind.UNIQUE if reader.peek(ahead).is_word("unique") else Kind.PRIMARY_KEY
    using = ahead + (1 if kind is Kind.UNIQUE else 2)
    if not (reader.peek(using).is_word("using") and reader.peek(using + 1).is_word("index")):
        return None
    index = reader.peek(using + 2).text
    return (reader.peek(1).text if ahead else index), kind, index


def _take_over(name: str, kind: Kind, index: str, table: str, place: Place) -> Iterator[e.Effect]:
    known = place.catalogue.get(table)
    existing = known.indexes.get(index, Index(name=index, columns=())) if known is not None else None
    columns = existing.columns if existing is not None else ()
    if existing is not None and name != index:
        yield e.RenameIndex(table=table, origin=place.origin, name=index, new=name)
    for column in columns if kind is Kind.PRIMARY_KEY else ():
        found = column_of(known, column)
        if found is not None and found.is_nullable:
            yield e.SetNotNull(table=table, origin=place.origin, column=column)
    made = Constraint(name=name, kind=kind, columns=columns)
    yield e.AddConstraint(table=table, origin=place.origin, constraint=made, using_index=True)


def _drop(reader: Reader, table: str, place: Place) -> Iterator[e.Effect]:
    known = place.catalogue.get(table)
    if reader.take("constraint"):
        is_lenient = reader.take("if", "exists")
        name = reader.name()
        if not (is_lenient and known is not None and name not in known.constraints):
            yield e.DropConstraint(table=table, origin=place.origin, name=name)
        return
    reader.take("column")
    is_lenient = reader.take("if", "exists")
    name = reader.name()
    if is_lenient and known is not None and known.is_complete and name not in known.columns:
        return
    is_cascading = reader.take("cascade")
    if is_cascading:
        yield from _taken_along(table, name, place)
    yield e.DropColumn(table=table, origin=place.origin, column=name, is_cascading=is_cascading)


def _taken_along(table: str, column: str, place: Place) -> Iterator[e.Effect]:
    for view in taken_along(place.catalogue, table, column):
        yield e.DropTable(table=view, origin=place.origin, is_cascading=True)
    for other in computed_from(place.catalogue.get(table), column):
        yield e.DropColumn(table=table, origin=place.origin, column=other, is_cascading=True)


def _validate(reader: Reader, table: str, place: Place) -> Iterator[e.Effect]:
    reader.take("constraint")
    yield e.ValidateConstraint(table=table, origin=place.origin, name=reader.name())


def _rename(reader: Reader, table: str, place: Place) -> Iterator[e.Effect]:
    if reader.take("to"):
        yield e.RenameTable(table=table, origin=place.origin, new=reader.name())
        return
    if reader.take("constraint"):
        yield from _rename_constraint(reader, table, place)
        return
    reader.take("column")
    column = reader.name()
    reader.take("to")
    yield e.RenameColumn(table=table, origin=place.origin, column=column, new=reader.name())


def _rename_constraint(reader: Reader, table: str, place: Place) -> Iterator[e.Effect]:
    old = reader.name()
    reader.take("to")
    yield r.RenameConstraint(table=table, origin=place.origin, name=old, new=reader.name())


def _set(reader: Reader, table: str, place: Place) -> Iterator[e.Effect]:
    if reader.take("schema"):
        schema = reader.name()
        new = table.rpartition(".")[2]
        new = new if schema == "public" else f"{schema}.{new}"
        yield e.RenameTable(table=table, origin=place.origin, new=new)
    elif reader.peek().is_word("logged", "unlogged", "tablespace", "access"):
        statement = {"tablespace": "SET TABLESPACE", "access": "SET ACCESS METHOD"}
        word = reader.next().text
        yield e.RewriteTable(
            table=table, origin=place.origin, statement=statement.get(word, f"SET {word.upper()}")
        )
    elif reader.take("with", "oids"):
        yield e.RewriteTable(table=table, origin=place.origin, statement="SET WITH OIDS")


def _toggle(reader: Reader, table: str, place: Place) -> Iterator[e.Effect]:
    reader.take_any("always", "replica")
    mode = SHARE_ROW_EXCLUSIVE if reader.sees("trigger") else ACCESS_EXCLUSIVE
    yield e.LockTable(table=table, origin=place.origin, mode=mode)


def _attach(reader: Reader, table: str, place: Place) -> Iterator[e.Effect]:
    """The rows of the partition are read under ACCESS EXCLUSIVE, unless a CHECK proves that they fit."""
    reader.take("partition")
    partition = reader.name()
    yield e.LockTable(table=partition, origin=place.origin, mode=ACCESS_EXCLUSIVE)
    known: Table | None = place.catalogue.get(partition)
    checks = known.of_kind(Kind.CHECK) if known is not None else ()
    if partition != table and not any(one.is_valid for one in checks):
        yield e.ReadRows(table=partition, origin=place.origin)
    yield from place.look_into_default(table)


def _detach(reader: Reader, table: str, place: Place) -> Iterator[e.Effect]:
    reader.take("partition")
    partition = reader.name()
    if reader.sees("concurrently"):
        yield r.Alone(table="", origin=place.origin, statement="DETACH PARTITION CONCURRENTLY")
        return
    for name in (table, partition):
        yield e.LockTable(table=name, origin=place.origin, mode=ACCESS_EXCLUSIVE)


def _nothing(*_: object) -> Iterator[e.Effect]:
    """Read what takes SHARE UPDATE EXCLUSIVE at most."""
    yield from ()


_ACTIONS: dict[str, _Action] = {
    "add": _add,
    "alter": alter_column,
    "attach": _attach,
    "cluster": _nothing,
    "detach": _detach,
    "disable": _toggle,
    "drop": _drop,
    "enable": _toggle,
    "rename": _rename,
    "reset": _nothing,
    "set": _set,
    "validate": _validate,
}
