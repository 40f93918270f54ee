"""What SQL and Python code do to rows, transactions and types, beside the schema. Data only."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.catalogue import Domain, Trigger


class Share(enum.IntEnum):
    """How many rows of a table a condition lets through, and what finding them takes."""

    NONE = 0
    FEW = 1  # found by a key or an index, or a limited number
    SOME = 2  # the whole table is read for them
    ALL = 3  # nearly all


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows that a statement is about."""

    share: Share  # of one execution
    whole: Share  # of all executions together, where it runs in a loop with other values each time

    def __and__(self, other: Selection) -> Selection:
        """The rows that are in both."""
        return Selection(min(self.share, other.share), min(self.whole, other.whole))

    def __or__(self, other: Selection) -> Selection:
        """The rows that are in either."""
        return Selection(max(self.share, other.share), max(self.whole, other.whole))


NOTHING = Selection(Share.NONE, Share.NONE)
FEW = Selection(Share.FEW, Share.FEW)
SOME = Selection(Share.SOME, Share.SOME)
EVERYTHING = Selection(Share.ALL, Share.ALL)
BATCH = Selection(Share.FEW, Share.ALL)  # a part, and another one each time


class Boundary(enum.Enum):
    """What happens to the transaction."""

    OPEN = "open"  # unless there is one already; a savepoint then
    CLOSE = "close"  # what OPEN began
    COMMIT = "commit"  # of the transaction that there is; another one begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction(e.Effect):
    """A transaction begins or ends. ``table`` is empty."""

    boundary: Boundary


@dataclass(frozen=True, slots=True, kw_only=True)
class Write(e.WriteRows):
    """Rows are written, with what is known of the columns."""

    columns: tuple[str, ...] = ()  # that get a value; of an UPDATE
    is_certain: bool = True  # False: there may be no such row
    is_many: bool = False  # of an INSERT: as many rows as another table has


@dataclass(frozen=True, slots=True, kw_only=True)
class Immediate(e.Effect):
    """SET CONSTRAINTS … IMMEDIATE: what was put off is checked now. ``table`` is empty."""

    names: tuple[str, ...] = ()  # empty: all
    is_over: bool = False  # SET CONSTRAINTS … DEFERRED


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameConstraint(e.Effect):
    """ALTER TABLE … RENAME CONSTRAINT."""

    name: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateType(e.Effect):
    """CREATE TYPE. ``table`` is empty."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameType(e.Effect):
    """ALTER TYPE … RENAME TO. ``table`` is empty."""

    name: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropType(e.Effect):
    """DROP TYPE. What CASCADE takes along are effects of their own, before it. ``table`` is empty."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFunction(e.Effect):
    """CREATE or DROP FUNCTION or PROCEDURE. ``table`` is empty."""

    name: str
    body: str | None  # None: gone
    is_volatile: bool = True  # neither STABLE nor IMMUTABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDomain(e.Effect):
    """CREATE, ALTER or DROP DOMAIN. ``table`` is empty."""

    name: str
    domain: Domain | None  # as it is then; None: gone, or not known
    former: str | None = None  # its name before, where it is renamed


@dataclass(frozen=True, slots=True, kw_only=True)
class AddValue(e.Effect):
    """ALTER TYPE … ADD VALUE. ``table`` is empty."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameValue(e.Effect):
    """ALTER TYPE … RENAME VALUE. ``table`` is empty."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention(e.Effect):
    """A statement that contains these strings; its table where it has one."""

    literals: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeLock(e.LockTable):
    """LOCK TABLE itself, which PostgreSQL refuses outside of a transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTrigger(e.LockTable):
    """CREATE TRIGGER."""

    trigger: Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTrigger(e.LockTable):
    """DROP TRIGGER."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Together(e.Effect):
    """Something that is refused outside of a transaction."""

    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetZone(e.Effect):
    """SET TIME ZONE. ``table`` is empty."""

    zone: str | None  # None: the one that the connection began with
    is_local: bool = False  # until the transaction ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone(e.Effect):
    """A statement that PostgreSQL refuses inside a transaction. ``table`` is empty."""

    statement: str
