"""What was seen of one statement. Data only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django_prodready.migration_safety.trace.catalog import Relation

# Conflict with ROW EXCLUSIVE, which INSERT, UPDATE and DELETE take.
# https://www.postgresql.org/docs/current/explicit-locking.html
BLOCKS_WRITERS = ("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock")

# What a statement holds that changes what the catalogue says of a relation. The weakest leaves writers
# alone: CREATE INDEX CONCURRENTLY and VALIDATE CONSTRAINT take it.
_ALTERS = ("ShareUpdateExclusiveLock", *BLOCKS_WRITERS)

# What may stand in front of a statement's first word.
_BEFORE = r"(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*"

# Nothing is done around these: the transaction may be a broken one, about to be mended.
IS_SAVEPOINT = re.compile(r"\s*(?:SAVEPOINT|RELEASE|ROLLBACK\s+TO)\b", re.IGNORECASE)

# Statements that take no lock that blocks writers, unless a function of theirs does.
IS_DML = re.compile(
    rf"{_BEFORE}(?:SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|TABLE|DECLARE|FETCH|VALUES)\b",
    re.IGNORECASE | re.DOTALL,
)

# Statements that run code of the migration's own on the server.
_RUNS_CODE = re.compile(rf"{_BEFORE}(?:CALL|DO|EXECUTE)\b", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Touch:
    """What one statement did to one relation that existed before."""

    modes: frozenset[str]  # all that the transaction holds on it, afterwards
    scans: int = 0
    reads: int = 0  # rows, from the table and through its indexes
    updated: int = 0
    deleted: int = 0
    gone: int = 0  # deleted in transactions that nobody saw
    before: Relation | None = None  # with `after`, where a lock that blocks writers is held
    after: Relation | None = None  # None with `before`: dropped

    @property
    def blocks_writers(self) -> bool:
        """Whether INSERT, UPDATE and DELETE of others wait."""
        return not self.modes.isdisjoint(BLOCKS_WRITERS)

    @property
    def may_alter(self) -> bool:
        """Whether the relation may be another one afterwards, not only its rows."""
        return not self.modes.isdisjoint(_ALTERS) or self.before != self.after


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, or several in a row that only read and write rows."""

    sql: str
    operation: int | None
    transaction: int  # the same number: the same transaction
    duration_ms: float
    touches: Mapping[int, Touch]  # by oid

    @property
    def is_dml(self) -> bool:
        """Whether it only reads and writes rows, as far as its first word says."""
        return IS_DML.match(self.sql) is not None

    @property
    def runs_code(self) -> bool:
        """Whether it calls a procedure, or is a block of code."""
        return _RUNS_CODE.match(self.sql) is not None


def blocking_modes(modes: Iterable[str]) -> list[str]:
    """Give those modes that block writers, the strongest last."""
    return [mode for mode in BLOCKS_WRITERS if mode in modes]
