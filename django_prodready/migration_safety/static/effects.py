"""What an operation does to PostgreSQL's tables, statement by statement. Data only.

Every way of reading a migration ends here: Django's operations, SQL and Python code become effects, and the
rules judge effects alone.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any

from django_prodready.migration_safety.static.catalogue import Column, Constraint, Index


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Which part of the project an effect comes from, to speak of it by its own names."""

    app_label: str | None = None
    model: str | None = None  # "Book"
    field: str | None = None  # its name in the models, before the operation
    new_name: str | None = None  # of the field or model, where it is renamed
    before: Any = None  # the Field, where there was one
    after: Any = None  # the Field, Index or constraint that the operation brings
    operation: str = ""  # the class's name
    state: str = ""  # what the models have to be told, as Python, if the effect is had in another way


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One statement."""

    table: str
    origin: Origin = field(default_factory=Origin)
    is_deferred: bool = False  # run when the migration ends, as Django does with what depends on new tables


class Fill(enum.Enum):
    """What existing rows get in a new column."""

    NULL = "null"
    CONSTANT = "constant"  # the same value, kept in the catalogue: no row is touched
    VOLATILE = "volatile"  # a value for each row: the table is written anew
    STORED = "stored"  # likewise, computed from other columns
    NOTHING = "nothing"  # NOT NULL without any value: refused where there are rows


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTable(Effect):
    """CREATE TABLE, with all that Django writes into it."""

    columns: tuple[Column, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    partitioned_by: tuple[str, ...] | None = None  # the columns of the key; None: it has no partitions
    default_of: str | None = None  # the table whose rows it takes that no other partition does


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateView(Effect):
    """CREATE VIEW: it stands in for a table of that name, and holds on to the columns that it reads."""

    columns: tuple[Column, ...] | None = None  # that it shows; None: not known

    reads: tuple[tuple[str, str], ...] = ()  # table and column; no column where it is made of a view


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTable(Effect):
    """DROP TABLE or DROP VIEW. What CASCADE takes along are effects of their own, before it."""

    is_cascading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTable(Effect):
    """ALTER TABLE … RENAME TO."""

    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddColumn(Effect):
    """ALTER TABLE … ADD COLUMN; its constraints are effects of their own."""

    column: Column  # as it is in the end: a default that Django drops again is not in it
    fill: Fill = Fill.NULL
    default: str = ""  # the database's, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class DropColumn(Effect):
    """ALTER TABLE … DROP COLUMN. What CASCADE takes along are effects of their own, before it."""

    column: str
    is_cascading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameColumn(Effect):
    """ALTER TABLE … RENAME COLUMN."""

    column: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterType(Effect):
    """ALTER COLUMN … TYPE, which Django also sends for a comment."""

    column: str
    type: str | None  # None: not known
    collation: str | None = None
    domain: str | None = None  # its name, where the type is that of one


@dataclass(frozen=True, slots=True, kw_only=True)
class SetNotNull(Effect):
    """ALTER COLUMN … SET NOT NULL."""

    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropNotNull(Effect):
    """ALTER COLUMN … DROP NOT NULL."""

    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDefault(Effect):
    """ALTER COLUMN … SET DEFAULT or DROP DEFAULT."""

    column: str
    has_default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetIdentity(Effect):
    """ALTER COLUMN … ADD or DROP IDENTITY."""

    column: str
    is_identity: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateIndex(Effect):
    """CREATE INDEX or CREATE UNIQUE INDEX."""

    index: Index
    is_concurrent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DropIndex(Effect):
    """DROP INDEX. The table may not be known: empty."""

    name: str
    is_concurrent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameIndex(Effect):
    """ALTER INDEX … RENAME TO."""

    name: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildIndex(Effect):
    """REINDEX. Without a name, all indexes of the table."""

    name: str | None = None
    is_concurrent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddConstraint(Effect):
    """ALTER TABLE … ADD CONSTRAINT, or the part of ADD COLUMN that does the same."""

    constraint: Constraint
    using_index: bool = False  # takes over an index that exists
    rows_are_null: bool = False  # a new, empty column: PostgreSQL does not look at the rows for a foreign key


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateConstraint(Effect):
    """ALTER TABLE … VALIDATE CONSTRAINT."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropConstraint(Effect):
    """ALTER TABLE … DROP CONSTRAINT."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteTable(Effect):
    """CLUSTER, VACUUM FULL, SET UNLOGGED and others that copy the table."""

    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LockTable(Effect):
    """LOCK TABLE, or a statement that does no more than lock."""

    mode: str  # "AccessExclusiveLock"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRows(Effect):
    """A statement that reads the whole table and writes few rows, or none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteRows(Effect):
    """A statement, or a loop of them, that writes rows."""

    verb: str  # "INSERT", "UPDATE" or "DELETE"
    nearly_all: bool
    in_batches: bool = False  # each a transaction of its own
    column: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncate(Effect):
    """TRUNCATE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fails(Effect):
    """The operation raises."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opaque(Effect):
    """Something that could not be read: the verdict does not cover it. ``table`` is empty."""

    reason: str  # one sentence
    follows_state: bool = True  # the database is taken to be as the models' state says afterwards
