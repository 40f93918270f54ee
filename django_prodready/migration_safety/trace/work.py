"""What one statement did that takes long on a large table, concluded from what was seen. No verdict."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django_prodready.migration_safety.model import Lock
from django_prodready.migration_safety.trace.statements import BLOCKS_WRITERS, blocking_modes
from django_prodready.migration_safety.trace.versions import SHARE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django_prodready.migration_safety.trace.catalog import Relation, Relations
    from django_prodready.migration_safety.trace.statements import Statement, Touch

Part = TypeVar("Part")
# One statement, which runs no code of anybody's.
_ALTERS = re.compile(r"\s*(?:CREATE\s+INDEX|ALTER\s+TABLE)\b[^;]*;?\s*", re.IGNORECASE)
_MATERIALISED_VIEW = "m"  # as in pg_class.relkind
_ALTERS_DOMAIN = re.compile(r"\s*ALTER\s+DOMAIN\b", re.IGNORECASE)  # reads all columns of it
_TRUNCATES = re.compile(r"\bTRUNCATE\b", re.IGNORECASE)


class Kind(enum.Enum):
    """What was done to a relation."""

    REWRITE = "rewrite"  # into a new file
    INDEX_BUILD = "index build"
    INDEX_REBUILD = "index rebuild"
    SCAN = "scan"
    WRITE = "write"
    EMPTIED = "emptied"  # TRUNCATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something that one statement did to one relation that existed before."""

    kind: Kind
    oid: int
    before: Relation
    after: Relation | None  # None: not looked at because nothing blocks
    statement: Statement
    locks: tuple[Lock, ...]  # that block writers, on any existing relation, held meanwhile
    index: int | None = None  # oid of what was built


def work_of(
    statement: Statement,
    existing: Relations,
    rows: Mapping[int, int],
    changed: Mapping[tuple[int, int], int],
) -> Iterator[Work]:
    """Yield what a statement did.

    ``rows``: how many each relation had; one that is missing had none. ``changed``: how many of them a
    transaction changed, by its number and the relation, where that was counted.
    """
    locks = blocking_locks(statement, existing)
    for oid, touch in statement.touches.items():
        before = touch.before or existing[oid]
        for kind, index in _kinds(statement, oid, rows.get(oid, 0), changed):
            yield Work(
                kind=kind,
                oid=oid,
                before=before,
                after=touch.after,
                statement=statement,
                locks=locks,
                index=index,
            )


def rows_may_tell_more(statement: Statement) -> bool:
    """Whether a statement may do, or fail at, something else where there are rows."""
    if statement.is_dml or (statement.runs_code and statement.touches):
        return True
    alters = _ALTERS.fullmatch(statement.sql) is not None
    return any(
        touch.scans and not (alters and _is_same_over_rows(touch)) for touch in statement.touches.values()
    )


def _is_same_over_rows(touch: Touch) -> bool:
    """Whether a table gets nothing but indexes, foreign keys, and columns that may be empty, and are."""
    before, after = touch.before, touch.after
    if before is None or after is None or before.filenode != after.filenode:
        return False
    if any(after.columns.get(number) != column for number, column in before.columns.items()):
        return False
    columns = _new(before.columns, after.columns)
    return (
        not any(column.not_null or column.default or column.generated for column in columns)
        and all(constraint.kind == "f" for constraint in _new(before.constraints, after.constraints))
        and not any(index.unique for index in _new(before.indexes, after.indexes))
    )


def _new(before: Mapping[int, Part], after: Mapping[int, Part]) -> list[Part]:
    return [part for number, part in after.items() if number not in before]


def blocking_locks(statement: Statement, existing: Relations) -> tuple[Lock, ...]:
    """Give the strongest lock on each existing relation whose writers wait."""
    found = []
    for oid, touch in sorted(statement.touches.items()):
        modes = blocking_modes(touch.modes)
        # Nobody writes a materialised view. What its readers wait for counts.
        if modes and (existing[oid].kind != _MATERIALISED_VIEW or modes[-1] == BLOCKS_WRITERS[-1]):
            found.append(Lock(existing[oid].name, modes[-1]))
    return tuple(found)


def _kinds(
    statement: Statement, oid: int, rows: int, changed: Mapping[tuple[int, int], int]
) -> Iterator[tuple[Kind, int | None]]:
    touch = statement.touches[oid]
    written = touch.updated + touch.deleted
    if rows and min(written, changed.get((statement.transaction, oid), written)) > rows * SHARE:
        yield Kind.WRITE, None
    if touch.before is not None and touch.after is not None:
        if touch.before.filenode != touch.after.filenode:
            yield (Kind.EMPTIED if _is_emptied(statement, touch, rows) else Kind.REWRITE), None
            return
        built = list(_indexes(touch.before, touch.after))
        if built:
            yield from built
            return
    if _reads_all(statement, oid, rows):
        yield Kind.SCAN, None


def _is_emptied(statement: Statement, touch: Touch, rows: int) -> bool:
    """Whether the new file is new because nothing is in it: whoever rewrites reads all rows first."""
    return touch.reads < rows if rows else _TRUNCATES.search(statement.sql) is not None


def _indexes(before: Relation, after: Relation) -> Iterator[tuple[Kind, int]]:
    """The indexes whose file is new.

    A change of type that needs no new file makes a new index over the old one.
    """
    files = {index.filenode for index in before.indexes.values()}
    names = {index.name for index in before.indexes.values()}
    for oid, index in after.indexes.items():
        # None: a partitioned table's; those of its partitions are built.
        if index.filenode is None or index.filenode in files:
            continue
        yield (Kind.INDEX_REBUILD if index.name in names else Kind.INDEX_BUILD), oid


def _reads_all(statement: Statement, oid: int, rows: int) -> bool:
    touch = statement.touches[oid]
    if _validates_foreign_key(touch):
        return True
    if rows:
        return touch.reads >= rows and not _is_referenced(statement, oid)
    # What a statement that alters a table reads without rows, it reads whole with them; others may stop
    # early.
    if not touch.scans or statement.is_dml:
        return False
    return touch.before != touch.after or _ALTERS_DOMAIN.match(statement.sql) is not None


def _validates_foreign_key(touch: Touch) -> bool:
    """Whether columns that were there are now known to refer to rows that are.

    The server reads them by an index where it likes one: no scan of the table is counted then, and no row
    without a value. Where it knows without reading, the column is new, or the columns were known to refer.
    """
    before, after = touch.before, touch.after
    if before is None or after is None or before.kind != "r":
        return False
    known = {each.columns for each in before.constraints.values() if each.kind == "f" and each.validated}
    return any(
        each.kind == "f"
        and each.validated
        and each.columns not in known
        and before.columns.keys() >= {*each.columns}
        for each in after.constraints.values()
    )


def _is_referenced(statement: Statement, oid: int) -> bool:
    """Whether a foreign key to this relation is what the statement adds to another: that one is told of."""
    return any(
        constraint.kind == "f" and constraint.other == oid and number not in touch.before.constraints
        for other, touch in statement.touches.items()
        if other != oid and touch.before is not None and touch.after is not None
        for number, constraint in touch.after.constraints.items()
    )
