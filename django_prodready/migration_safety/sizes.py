"""How large the target's tables are and how much they are used, by its catalogue and its statistics.

Any role may read both. Nothing is counted: rows are PostgreSQL's own estimates.
https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connections

from django_prodready.migration_safety.read_only import patient, reading
from django_prodready.reporting.redaction import Redactor

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["Sizes", "TableSize", "of_target", "read"]

# The catalogue answers in milliseconds, ten thousand tables in a second or two.
STATEMENT_TIMEOUT_S = 10
# To measure a table takes the weakest lock on it, which waits only while the table is locked whole.
LOCK_TIMEOUT_S = 2
CONNECT_TIMEOUT_S = 5

_WHERE = """
SELECT current_database()::text, current_setting('server_version'), current_schemas(false)::text[],
  extract(epoch FROM now())::float8,
  (SELECT extract(epoch FROM stats_reset)::float8 FROM pg_stat_database WHERE datname = current_database())
"""
# A table, and whatever hangs below it: a partitioned one has nothing in itself but its statistics say
# what the partitions hold.
_TABLES = """
WITH RECURSIVE tree (root, oid) AS (
  SELECT c.oid, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm') AND left(n.nspname, 3) <> 'pg_' AND n.nspname <> 'information_schema'
    AND (%s::text[] IS NULL OR c.relname = ANY(%s::text[]))
  UNION SELECT tree.root, i.inhrelid FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid
)
SELECT n.nspname || '.' || c.relname,
  CASE WHEN part.relkind IN ('r', 'm') THEN part.reltuples ELSE 0 END::float8,
  coalesce(s.n_live_tup, 0)::bigint,
  coalesce(pg_relation_size(part.oid), 0)::bigint,
  coalesce(pg_table_size(part.oid), 0)::bigint,
  coalesce(pg_indexes_size(part.oid), 0)::bigint,
  (SELECT count(*) FROM pg_index i WHERE i.indrelid = part.oid),
  coalesce(s.seq_scan, 0)::bigint, coalesce(s.idx_scan, 0)::bigint,
  (coalesce(s.n_tup_ins, 0) + coalesce(s.n_tup_upd, 0) + coalesce(s.n_tup_del, 0))::bigint
FROM tree JOIN pg_class c ON c.oid = tree.root JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class part ON part.oid = tree.oid LEFT JOIN pg_stat_all_tables s ON s.relid = part.oid
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSize:
    """One table, with its partitions."""

    rows: int | None  # an estimate; None: never analysed
    bytes: int  # with TOAST, without indexes
    heap_bytes: int  # without TOAST: what is read when all rows are
    index_bytes: int
    indexes: int  # of one partition, where there are several
    seq_scans: int = 0  # since the counters began
    idx_scans: int = 0
    writes: int = 0  # rows inserted, updated and deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """What was known of a database at one time."""

    tables: Mapping[str, TableSize] = field(default_factory=dict)  # by schema and name: "public.shop_book"
    search_path: tuple[str, ...] = ()
    database: str = ""
    server_version: str = ""  # "15.18"
    taken_at: datetime | None = None
    since: datetime | None = None  # when the counters began; None: unknown
    notes: tuple[str, ...] = ()  # why there are none, or how much they can be relied on

    def of(self, table: str) -> TableSize | None:
        """Find a table by its name, with or without its schema; None when nothing is known of it."""
        name = _plain(table)
        for full in (*(f"{schema}.{name}" for schema in self.search_path), name):
            if full in self.tables:
                return self.tables[full]
        return None

    def writes_per_s(self, size: TableSize) -> float | None:
        """How many rows are written in a second, on average; None when that cannot be told."""
        if self.taken_at is None or self.since is None:
            return None
        elapsed_s = (self.taken_at - self.since).total_seconds()
        # What was counted for minutes says nothing of a usual day.
        return size.writes / elapsed_s if elapsed_s >= 3600 else None


def of_target(alias: str, tables: Collection[str], redactor: Redactor) -> Sizes:
    """Read the sizes of ``tables`` in the target. One that cannot be asked has none, and a note says so.

    A target that is no PostgreSQL has none either, without a note. Nothing is asked for no tables.
    """
    try:
        connection = connections[alias]
        if not tables or connection.vendor != "postgresql":
            return Sizes()
        with patient(connection, CONNECT_TIMEOUT_S):
            return read(connection, tables)
    except (Error, ImproperlyConfigured) as error:
        reason = (redactor.scrub(str(error)).strip().splitlines() or [type(error).__name__])[0].rstrip(". ")
        note = (
            f"How large the tables are is not known: the database {alias!r} cannot be asked ({reason}). "
            "--stats FILE takes the sizes from a file that prodmigrate --export-stats wrote."
        )
        return Sizes(notes=(note,))


def read(connection: BaseDatabaseWrapper, tables: Collection[str] | None = None) -> Sizes:
    """Read the sizes of ``tables``, or of all; those that are not there are left out.

    For PostgreSQL. Raises errors of django.db.
    """
    names = None if tables is None else sorted({part for table in tables for part in _parts(_plain(table))})
    limits = {"statement_timeout_s": STATEMENT_TIMEOUT_S, "lock_timeout_s": LOCK_TIMEOUT_S}
    with reading(connection, **limits), connection.cursor() as cursor:
        cursor.execute(_WHERE)
        database, version, search_path, taken_s, since_s = cursor.fetchone()
        cursor.execute(_TABLES, [names, names])
        rows = cursor.fetchall()
    return Sizes(
        tables=_by_table(rows),
        search_path=tuple(search_path),
        database=database,
        server_version=version.split()[0],
        taken_at=datetime.fromtimestamp(taken_s, UTC),
        since=None if since_s is None else datetime.fromtimestamp(since_s, UTC),
    )


def _plain(table: str) -> str:
    """Take the quotes out of the name: ``"archive"."book"``, as some write it in ``db_table``."""
    return table.replace('"."', ".").strip('"')


def _parts(name: str) -> list[str]:
    """The name, and what may be a name behind a schema: either may have dots in it."""
    pieces = name.split(".")
    return [".".join(pieces[start:]) for start in range(len(pieces))]


def _by_table(rows: Collection[tuple[Any, ...]]) -> dict[str, TableSize]:
    parts: defaultdict[str, list[TableSize]] = defaultdict(list)
    for name, reltuples, live, heap, table, index_bytes, indexes, seq, idx, writes in rows:
        parts[name].append(
            TableSize(
                rows=_rows(int(reltuples), live, heap),
                bytes=table,
                heap_bytes=heap,
                index_bytes=index_bytes,
                indexes=indexes,
                seq_scans=seq,
                idx_scans=idx,
                writes=writes,
            )
        )
    return {name: _sum(found) for name, found in sorted(parts.items())}


def _rows(reltuples: int, live: int, heap_bytes: int) -> int | None:
    """Take what ANALYZE found, else what the counters say, which a crash or a reset empties."""
    if reltuples > 0:
        return reltuples
    if live > 0:
        return live
    # Never analysed (-1, https://www.postgresql.org/docs/current/catalog-pg-class.html), or only when empty.
    return None if heap_bytes else 0


def _sum(parts: Collection[TableSize]) -> TableSize:
    rows = [part.rows for part in parts if part.rows is not None]
    return TableSize(
        rows=sum(rows) if len(rows) == len(parts) else None,
        bytes=sum(part.bytes for part in parts),
        heap_bytes=sum(part.heap_bytes for part in parts),
        index_bytes=sum(part.index_bytes for part in parts),
        indexes=max(part.indexes for part in parts),
        seq_scans=sum(part.seq_scans for part in parts),
        idx_scans=sum(part.idx_scans for part in parts),
        writes=sum(part.writes for part in parts),
    )
