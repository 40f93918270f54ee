"""The tables of the database as the migrations so far have left them. Values are replaced, never changed."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class Kind(enum.Enum):
    """What a constraint demands."""

    CHECK = "check"
    UNIQUE = "unique"
    PRIMARY_KEY = "primary key"
    FOREIGN_KEY = "foreign key"
    EXCLUSION = "exclusion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column."""

    name: str
    type: str | None  # "varchar(20)"; None: not known
    is_nullable: bool = True
    has_default: bool = False  # in the database, an identity or a sequence included
    is_generated: bool = False
    computed_from: tuple[str, ...] = ()  # the columns that a generated one mentions
    collation: str | None = None
    is_blank: bool = False  # NULL in the rows there were when it was added; nothing has filled them since
    domain: str | None = None  # its name, where the type is that of one


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index without constraint."""

    name: str
    columns: tuple[str, ...]  # of its key, those in expressions included
    is_unique: bool = False
    depends_on: tuple[str, ...] = ()  # columns in expressions and conditions: it cannot be kept then
    method: str = "btree"
    opclass: str = ""  # where it is not the usual one


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A constraint. ``name`` is unique in its table."""

    name: str
    kind: Kind
    columns: tuple[str, ...]  # that it mentions
    is_valid: bool = True
    is_deferred: bool = True  # of a foreign key: checked when the transaction ends, as Django's are
    not_null: tuple[str, ...] = ()  # the columns that it proves to be never NULL
    to_table: str | None = None  # of a foreign key
    to_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A type with rules of its own."""

    type: str  # that it is made of
    is_checked: bool = False  # has a CHECK, or refuses NULL: its values are looked at, row by row
    is_nullable: bool = True
    default: str | None = None  # as SQL


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A trigger of a table."""

    name: str
    function: str
    is_before_insert: bool = False  # and for each row: it may give columns a value


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table, a view, a type, or a function: none has the name of another, with () behind a function's."""

    name: str
    born: int  # the position in the plan of the migration that created it
    columns: Mapping[str, Column] = field(default_factory=dict)
    indexes: Mapping[str, Index] = field(default_factory=dict)
    constraints: Mapping[str, Constraint] = field(default_factory=dict)
    is_complete: bool = True  # False: has columns that are not known here
    is_view: bool = False
    reads: tuple[tuple[str, str], ...] = ()  # the tables and columns that a view is made of
    domain: Domain | None = None
    body: str | None = None  # of a function
    is_volatile: bool = True  # of a function: it may write, and answer otherwise for each row
    triggers: Mapping[str, Trigger] = field(default_factory=dict)
    partitioned_by: tuple[str, ...] | None = None  # the columns of the key; None: it has no partitions
    default_of: str | None = None  # the table whose rows it takes that no other partition does
    is_modelled: bool = False  # it was made for a model

    def of_kind(self, *kinds: Kind) -> tuple[Constraint, ...]:
        """Return the constraints of these kinds."""
        return tuple(one for one in self.constraints.values() if one.kind in kinds)

    def proves_not_null(self, column: str) -> bool:
        """Whether a validated constraint says that the column is never NULL."""
        return any(column in one.not_null and one.is_valid for one in self.constraints.values())

    def refuses_null(self, column: str) -> bool:
        """Whether a NULL cannot be written: a CHECK that is not validated holds for new rows all the same."""
        known = self.columns.get(column)
        is_nullable = known is None or known.is_nullable
        return not is_nullable or any(column in one.not_null for one in self.constraints.values())


Catalogue = dict[str, Table]  # by name


def function_key(name: str) -> str:
    """Return the name under which the catalogue keeps a function."""
    return f"{name}()"
