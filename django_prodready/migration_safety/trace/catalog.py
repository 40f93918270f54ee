"""What PostgreSQL's catalogue says of the relations of a database. Queries and frozen data; no judgement.

Everything is asked through the driver's own cursor, so that a trace does not watch itself.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper

_FROM = """
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f')
AND left(n.nspname, 3) <> 'pg_' AND n.nspname <> 'information_schema'
"""
_OIDS = f"SELECT c.oid::bigint {_FROM}"
# Of constants only.
_RELATIONS = f"""
SELECT c.oid::bigint, c.relkind::text, pg_relation_filenode(c.oid)::bigint,
  CASE WHEN pg_table_is_visible(c.oid) THEN c.relname::text ELSE n.nspname || '.' || c.relname END,
  quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relispartition,
  (SELECT json_agg(json_build_array(a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
      a.attgenerated, a.attidentity, pg_get_expr(d.adbin, d.adrelid), a.attcollation::bigint))
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text,
  (SELECT json_agg(json_build_array(k.oid::bigint, k.conname, k.contype, k.convalidated, k.confrelid::bigint,
      k.conkey, k.conindid::bigint))
    FROM pg_constraint k WHERE k.conrelid = c.oid)::text,
  (SELECT json_agg(json_build_array(i.indexrelid::bigint, x.relname, pg_relation_filenode(x.oid)::bigint,
      i.indisunique, i.indisvalid, i.indkey::int2[]))
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid)::text,
  (SELECT json_agg(t.oid::bigint ORDER BY t.oid) FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT
  t.tgisinternal)::text
{_FROM}
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Column:
    """A column."""

    name: str
    type: str  # with length and precision: "character varying(20)"
    not_null: bool
    generated: str  # "s" for a stored one, "v" for a virtual one
    identity: str
    default: str | None  # as an expression
    collation: int  # oid


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint of a table."""

    name: str
    kind: str  # c check, f foreign key, p primary key, u unique, x exclusion, n not null, t trigger
    validated: bool
    other: int  # oid of the table that a foreign key points to
    columns: tuple[int, ...]
    index: int  # oid of the index that holds it


@dataclass(frozen=True, slots=True)
class Index:
    """An index of a table."""

    name: str
    filenode: int | None
    unique: bool
    valid: bool
    columns: tuple[int, ...]  # 0 for an expression


@dataclass(frozen=True, slots=True)
class Relation:
    """A table, view or materialised view, as the catalogue had it at one moment."""

    oid: int
    name: str  # with its schema where that is not on the search path
    sql: str  # its name as SQL has it, with its schema and quotes
    is_partition: bool
    kind: str  # as in pg_class.relkind
    filenode: int | None  # another one after the table was written anew
    columns: Mapping[int, Column] = field(default_factory=dict)
    constraints: Mapping[int, Constraint] = field(default_factory=dict)
    indexes: Mapping[int, Index] = field(default_factory=dict)
    triggers: tuple[int, ...] = ()

    def names_of(self, columns: Iterable[int]) -> tuple[str, ...]:
        """Give the names of columns by number; those of expressions and dropped columns are left out."""
        return tuple(self.columns[number].name for number in columns if number in self.columns)


Relations = dict[int, Relation]


def relations(connection: BaseDatabaseWrapper, oids: Iterable[int] | None = None) -> Relations:
    """Read relations by oid, or all outside of PostgreSQL's own schemas. What is gone is left out."""
    if oids is None:
        rows = ask(connection, _RELATIONS)
    else:
        rows = ask(connection, _RELATIONS + " AND c.oid = ANY(%s::oid[])", [sorted(oids)])
    return {row[0]: _relation(*row) for row in rows}


def refreshed(connection: BaseDatabaseWrapper, known: Relations, changed: Iterable[int]) -> Relations:
    """Read what is not known, and what changed, again; leave out what is gone."""
    present = {row[0] for row in ask(connection, _OIDS)}
    stale = present.difference(known).union(present.intersection(changed))
    kept = {oid: relation for oid, relation in known.items() if oid in present and oid not in stale}
    return kept | (relations(connection, stale) if stale else {})


def count_rows(connection: BaseDatabaseWrapper, counted: Iterable[Relation]) -> dict[int, int]:
    """Count the rows of relations; return them by oid."""
    queries = [f"SELECT {one.oid}, count(*) FROM ONLY {one.sql}" for one in counted]  # noqa: S608 - quoted names
    return {row[0]: row[1] for row in ask(connection, " UNION ALL ".join(queries))} if queries else {}


def ask(connection: BaseDatabaseWrapper, sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Run a query of ours below Django, where no wrapper sees it."""
    connection.ensure_connection()
    kind = getattr(cast("Any", connection).Database, "Cursor", None)  # psycopg 2 has none that prepares
    if kind is None:
        with connection.connection.cursor() as cursor:
            cursor.execute(sql, params or None)
            return list(cursor.fetchall())
    with kind(connection.connection) as cursor:
        # Most of the time that the server needs for these, it would spend on planning.
        return list(cursor.execute(sql, params or None, prepare=True))


def tell(connection: BaseDatabaseWrapper, sql: str) -> None:
    """Run a statement of ours that answers nothing, below Django."""
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute(sql)


@contextmanager
def having(connection: BaseDatabaseWrapper, *settings: str) -> Iterator[None]:
    """Have settings of the server, ``name = value`` each, for the length of the block."""
    tell(connection, "; ".join(f"SET {setting}" for setting in settings))
    try:
        yield
    finally:
        if connection.connection is not None and connection.is_usable():
            tell(connection, "; ".join(f"RESET {setting.split()[0]}" for setting in settings))


def _relation(
    oid: int,
    kind: str,
    filenode: int | None,
    name: str,
    sql: str,
    is_partition: bool,
    columns: str,
    constraints: str,
    indexes: str,
    triggers: str,
) -> Relation:
    return Relation(
        oid=oid,
        name=name,
        sql=sql,
        is_partition=is_partition,
        kind=kind,
        filenode=filenode,
        columns={number: Column(*rest) for number, *rest in json.loads(columns or "[]")},
        constraints={
            number: Constraint(name, kind, validated, other, tuple(keys or ()), index)
            for number, name, kind, validated, other, keys, index in json.loads(constraints or "[]")
        },
        indexes={
            number: Index(name, file, unique, valid, tuple(keys))
            for number, name, file, unique, valid, keys in json.loads(indexes or "[]")
        },
        triggers=tuple(json.loads(triggers or "[]")),
    )
