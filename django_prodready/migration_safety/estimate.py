"""How long a finding's work keeps writers waiting, by the size of its table. Rough; no verdict depends on it.

The rates are those of PostgreSQL 15 with everything in memory, measured on tables of 1 and 10 million rows
of 104 bytes with a primary key. They hold within a factor of three or so on common hardware; a table that
has to come from a disk takes several times longer.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from django_prodready.migration_safety.model import Category, Finding, Judgement
from django_prodready.migration_safety.sizes import Sizes, TableSize

__all__ = ["COSTS", "Cost", "estimated", "sized", "tables_of"]

_ROW_BYTES = 104  # of the measured tables; taken where the number of rows is not known
_SMALL_BYTES = 1_000_000  # worked through in milliseconds, whatever is done


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a kind of work takes."""

    does: str  # as in "1,200,000 rows are read"
    rows_per_s: float
    bytes_per_s: float  # where rows are wide, this is what takes longer
    is_whole: bool = False  # whether what is stored beside the table, in TOAST, is worked through too
    # Rows a second for each index but the first, which rows_per_s has in it; None: indexes are left alone.
    indexed_rows_per_s: float | None = None


# One million rows: 0.049 s. As much for SET NOT NULL, a CHECK, and a plain count.
_READ = Cost(does="are read", rows_per_s=20e6, bytes_per_s=2e9)
# One million rows: 0.098 s; ten: 0.80 s.
_LOOKED_UP = Cost(does="are looked up in the other table", rows_per_s=10e6, bytes_per_s=2e9)
# One million rows: 0.39 s, for numbers; texts take twice that.
_INDEXED = Cost(does="are sorted into an index", rows_per_s=2.6e6, bytes_per_s=2e9)
# How many times as long as a B-tree of numbers an index of another kind takes. What it holds makes a great
# difference: a GIN index of short arrays takes 1.3 times as long, of JSON 9, of documents 15, of trigrams 25;
# GiST 2 for points, 7 for numbers, 14 for ranges, 17 for trigrams; SP-GiST 5, and many times that for ranges.
_TIMES_B_TREE = {"brin": 1 / 3, "gin": 10.0, "gist": 10.0, "hash": 2.0, "spgist": 5.0}
# Every row is looked up in the index once more, to see what it excludes: 100 times a B-tree of numbers.
_EXCLUDED = Cost(does="are compared with each other", rows_per_s=25e3, bytes_per_s=2e9)
# One million rows: 0.68 s; ten: 7.9 s, with a primary key. Each further index is built as above.
_REWRITTEN = Cost(
    does="are written anew",
    rows_per_s=1.3e6,
    bytes_per_s=200e6,
    is_whole=True,
    indexed_rows_per_s=_INDEXED.rows_per_s,
)
# To make up a value for each row, such as a UUID, takes as long again.
_FILLED = dataclasses.replace(_REWRITTEN, rows_per_s=0.6e6)
# One million rows: 2.3 s; ten: 22 s. Each further index gets a new entry for each row, in no order.
_UPDATED = Cost(does="are updated", rows_per_s=450e3, bytes_per_s=100e6, indexed_rows_per_s=300e3)

COSTS = {
    "check-validation": _READ,
    "column-type-rewrite": _REWRITTEN,
    "exclusion-constraint": _EXCLUDED,
    "foreign-key-validation": _LOOKED_UP,
    "index-build": _INDEXED,
    "index-rebuild": _INDEXED,
    "not-null-scan": _READ,
    "scan-under-lock": _READ,
    "stored-generated-column": _REWRITTEN,
    "table-rewrite": _REWRITTEN,
    "unique-constraint": _INDEXED,
    "volatile-default": _FILLED,
    "write-under-lock": _UPDATED,
}


def tables_of(judgements: Iterable[Judgement]) -> frozenset[str]:
    """Name the tables whose size is of interest."""
    return frozenset(table for one in judgements for finding in one.findings for table in finding.tables)


def sized(judgement: Judgement, sizes: Sizes) -> Judgement:
    """Fill in how large the tables of the findings are, and how long writers wait. The verdict stays."""
    findings = tuple(_sized(finding, sizes) for finding in judgement.findings)
    return dataclasses.replace(judgement, findings=findings)


def estimated(finding: Finding, size: TableSize) -> tuple[float, str]:
    """Say how many seconds a blocking finding's work takes on a table, and why in words.

    A number of two digits; that of a small table is 0.
    """
    cost = _cost(finding)
    amount = size.bytes if cost.is_whole else size.heap_bytes
    if size.bytes < _SMALL_BYTES:
        return 0.0, f"a table of less than {_number(_SMALL_BYTES / 1e6)} MB"
    rows = amount / _ROW_BYTES if size.rows is None else size.rows
    seconds = max(rows / cost.rows_per_s, amount / cost.bytes_per_s)
    indexes = ""
    if cost.indexed_rows_per_s and size.indexes > 1:
        seconds += (size.indexes - 1) * rows / cost.indexed_rows_per_s
        indexes = f", with {size.indexes} indexes,"
    rate = _rate(rows / seconds if seconds else 0)
    return _two_digits(seconds), f"{_what(size, amount)} {cost.does}{indexes} at about {rate} rows a second"


def _cost(finding: Finding) -> Cost:
    if finding.rule == "column-type-rewrite" and not finding.rewrite:
        return _READ  # each row is only looked at
    cost = COSTS[finding.rule]
    times = _TIMES_B_TREE.get(finding.method or "")
    if times is None:
        return cost
    does = f"{cost.does} of the kind {finding.method}"
    return dataclasses.replace(cost, does=does, rows_per_s=cost.rows_per_s / times)


def _sized(finding: Finding, sizes: Sizes) -> Finding:
    found = [sizes.of(table) for table in finding.tables]
    known = [size for size in found if size is not None]
    if not known or len(known) < len(found):
        return finding
    rows = [size.rows for size in known if size.rows is not None]
    finding = dataclasses.replace(
        finding,
        rows=sum(rows) if len(rows) == len(known) else None,
        bytes=sum(size.bytes for size in known),
    )
    if finding.category is not Category.BLOCKING:
        return finding
    parts = [estimated(finding, size) for size in known]
    writes_per_s = sum(sizes.writes_per_s(size) or 0 for size in known)
    reasons = [reason for _, reason in parts]
    if writes_per_s >= 1:
        reasons.append(f"about {_number(writes_per_s)} rows are written in a second")
    return dataclasses.replace(
        finding,
        estimated_block_s=_two_digits(sum(seconds for seconds, _ in parts)),
        estimate_reason="; ".join(reasons),
    )


def _what(size: TableSize, amount: int) -> str:
    if not size.rows:
        return f"{_number(amount / 1e6)} MB"
    return f"{size.rows:,} rows of {_number(amount / size.rows)} bytes"


def _rate(rows_per_s: float) -> str:
    return f"{_number(rows_per_s / 1e6)} million" if rows_per_s >= 1e6 else _number(rows_per_s)


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")


def _number(value: float) -> str:
    return f"{_two_digits(value):,.15g}"
