"""Which rows a run changed, told by the versions of rows that are there.

Counters count changes, not rows, and know nothing of what another session or a procedure that commits did.
Each version of a row carries the transaction that wrote it.
https://www.postgresql.org/docs/current/ddl-system-columns.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.migration_safety.trace import catalog

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.db.backends.base.base import BaseDatabaseWrapper

# Of the rows of a table; more than this share is "nearly all" of a table whose rows are generated half
# and half.
SHARE = 0.5

_NEXT = "SELECT txid_snapshot_xmax(txid_current_snapshot()) & 4294967295"
_NEWEST = "SELECT coalesce(max(xmin::text::bigint), 0) FROM ONLY {table}"
_NEWER = "SELECT count(*) FROM ONLY {table} WHERE xmin::text::bigint >= %s"
_LARGEST = """
SELECT (SELECT count(*) FROM ONLY {table}), (SELECT count(*) FROM ONLY {table}
WHERE xmin::text::bigint >= %s GROUP BY xmin::text ORDER BY 1 DESC LIMIT 1)
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of a table's rows."""

    oid: int
    in_one_transaction: int
    gone: int


def next_transaction(connection: BaseDatabaseWrapper) -> int:
    """Return a number that all later versions of rows will reach. To be asked before anything is written."""
    return int(catalog.ask(connection, _NEXT)[0][0])


def next_savepoint(connection: BaseDatabaseWrapper, tables: Iterable[catalog.Relation]) -> int:
    """Return the same for rows in ``tables``, where the open transaction has written versions of them."""
    newest = [catalog.ask(connection, _NEWEST.format(table=table.sql))[0][0] for table in tables]
    return max(newest, default=0) + 1


def count_newer(connection: BaseDatabaseWrapper, oids: Iterable[int], since: int) -> dict[int, int]:
    """Count the rows of tables that were written in ``since`` or later; of those that are still there."""
    present = catalog.relations(connection, oids)
    return {
        oid: int(catalog.ask(connection, _NEWER.format(table=relation.sql), [since])[0][0])
        for oid, relation in present.items()
    }


def changed(
    connection: BaseDatabaseWrapper, before: catalog.Relations, rows: Mapping[int, int], since: int
) -> Iterator[Changed]:
    """Yield what became of the ``rows`` of tables whose file is the one that it was."""
    after = catalog.relations(connection, rows)
    for oid, count in rows.items():
        if oid not in after or after[oid].filenode != before[oid].filenode:
            continue
        ((total, largest),) = catalog.ask(connection, _LARGEST.format(table=after[oid].sql), [since])
        new = max(0, total - count)
        yield Changed(oid, max(0, (largest or 0) - new), max(0, count - total))
