"""What the reader of Python code knows of a value: data only. A value is never computed by running code."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.fields import FieldFacts
from django_prodready.migration_safety.static.models import ModelFacts


class Value:
    """Something that nothing is known of."""


@dataclass(frozen=True)
class Constant(Value):
    """A plain value, or a list of them."""

    value: Any


@dataclass(frozen=True)
class Varying(Value):
    """Another value in each round of a loop."""

    share: r.Share = r.Share.ALL  # of the rows that all values together belong to


@dataclass(frozen=True)
class Unreadable(Value):
    """Something that may change the database in a way that is not known."""


@dataclass(frozen=True)
class Real(Value):
    """An object of a module: class, function, module."""

    target: Any


@dataclass(frozen=True)
class Apps(Value):
    """The registry of historical models."""

    is_open: bool = False  # of the models before an operation, or after it: it may have others
    is_before: bool = False


@dataclass(frozen=True)
class State(Value):
    """The state of the models before or after an operation."""

    is_before: bool = False


@dataclass(frozen=True)
class Own(Value):
    """The operation that is read."""

    operation: Any


@dataclass(frozen=True)
class Inherited(Value):
    """What an operation's class inherits: ``super()``."""

    own: Own | None = None
    after: Any = None  # the class that says ``super()``

    def find(self, name: str) -> Any:
        """Find a method of the classes behind it; None where there is none."""
        classes = type(self.own.operation).__mro__ if self.own is not None else ()
        behind = classes[classes.index(self.after) + 1 :] if self.after in classes else ()
        return next((vars(one)[name] for one in behind if name in vars(one)), None)


@dataclass(frozen=True)
class Editor(Value):
    """The schema editor."""


@dataclass(frozen=True)
class Connection(Value):
    """The connection to the database."""


@dataclass(eq=False)
class Cursor(Value):
    """A cursor; its last query."""

    share: r.Share = r.Share.FEW


@dataclass(frozen=True)
class Answer(Value):
    """What a query answers: a number, or whether there are rows."""


@dataclass(frozen=True)
class Reference(Value):
    """F(…), or an expression with it: fields of the rows."""

    names: tuple[str, ...]


@dataclass(eq=False)
class Part(Value):
    """A field of a model's class, or a copy of one."""

    field: FieldFacts
    changed: dict[str, Value] = dataclasses.field(default_factory=dict)

    def copied(self) -> Part:
        """A copy of it, which may be changed."""
        return Part(self.field, dict(self.changed))


@dataclass(frozen=True)
class Made(Value):
    """A constraint that the code makes."""

    kind: type
    name: str


@dataclass(frozen=True)
class Atomic(Value):
    """What opens a transaction where it is entered."""


@dataclass(frozen=True)
class Model(Value):
    """A model's class."""

    facts: ModelFacts
    is_open: bool = False  # it may have names that the history does not show


@dataclass(frozen=True)
class Rows(Value):
    """A manager, a queryset, or what was fetched by it."""

    facts: ModelFacts
    selection: r.Selection = r.EVERYTHING
    has_values: bool = False  # of columns, instead of rows
    lookups: tuple[tuple[str, tuple[tuple[str, Value], ...], tuple[Value, ...]], ...] = ()  # filter, exclude
    is_sliced: bool = False
    is_locked: bool = False  # select_for_update()
    is_fetched: bool = False  # in a list
    is_open: bool = False  # it may have names that the history does not show
    names: frozenset[str] = frozenset()  # of annotations

    def sliced(self, *, is_repeated: bool = True) -> Rows:
        """A part of them; another one in each round of a loop, where it is repeated."""
        few = min(self.selection.share, r.Share.FEW)
        limited = r.Selection(few, self.selection.whole if is_repeated else few)
        return replace(self, selection=limited, is_sliced=True)


@dataclass(eq=False)
class Row(Value):
    """A row as an object."""

    facts: ModelFacts
    selection: r.Selection
    is_new: bool = False
    is_there: bool = False  # for certain, where the table has rows
    is_open: bool = False  # it may have names that the history does not show
    changed: dict[str, Value] = field(default_factory=dict)
    lacking: dict[str, r.Selection] = field(default_factory=dict)  # fields without value, among which rows


@dataclass(frozen=True)
class Cell(Value):
    """A value of a row."""

    row: Row
    name: str  # of the field


@dataclass(frozen=True)
class Pairs(Value):
    """A many-to-many field of a row."""

    table: str


@dataclass(eq=False)
class Items(Value):
    """A list, a set or a generator that the code fills."""

    item: Value | None = None
    loops: int = 0  # how many loops it was made in
    is_many: bool = False  # one item for each of nearly all rows of a table
    is_flushed: bool = False  # it is emptied again and again: what is left in the end is few


@dataclass(frozen=True)
class Local(Value):
    """A function that is defined inside of the code."""

    node: ast.FunctionDef | ast.Lambda
    local: Mapping[str, Value]
    names: Mapping[str, Any]  # of the module


@dataclass(frozen=True)
class Bound(Value):
    """A method."""

    owner: Value
    name: str


@dataclass(frozen=True)
class Condition(Value):
    """Q(…): conditions joined."""

    connector: str  # "and", "or", "not"
    lookups: tuple[tuple[str, Value], ...] = ()
    parts: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Extreme(Value):
    """Max or Min of a field."""

    field: str


@dataclass(frozen=True)
class Now(Value):
    """The time of the migration."""


UNKNOWN = Value()
NONE = Constant(None)
_OF_DATABASE = (Apps, Editor, Connection, Cursor, Model, Rows, Row, Pairs, Unreadable)


def is_about_rows(value: Value) -> bool:
    """Whether what a value is depends on the rows there are, and not on the code."""
    return isinstance(value, Answer) or covers(value) is not None or is_of_database(value)


def is_of_database(value: Value) -> bool:
    """Whether code that gets the value can change the database with it."""
    if isinstance(value, Items):
        return value.item is not None and is_of_database(value.item)
    return isinstance(value, _OF_DATABASE)


def covers(value: Value) -> r.Share | None:
    """Which share of the rows all values together belong to, where they vary; None where they do not."""
    if isinstance(value, Varying):
        return value.share
    if isinstance(value, Cell):
        return value.row.selection.whole
    if isinstance(value, Row):
        return None if value.is_new else value.selection.whole
    if isinstance(value, Rows):
        return value.selection.whole if value.is_sliced else None
    if isinstance(value, Items):
        return covers(value.item) if value.item is not None else None
    if isinstance(value, Constant) and isinstance(value.value, list):
        shares = [covers(one) for one in value.value if isinstance(one, Value)]
        return max((share for share in shares if share is not None), default=None)
    return None


def names_in(value: Value | None) -> tuple[str, ...]:
    """Return the strings of a list that is written out."""
    inner = value.value if isinstance(value, Constant) else None
    return tuple(one for one in inner if isinstance(one, str)) if isinstance(inner, list | tuple) else ()


def strings_of(values: Mapping[str, Value]) -> frozenset[str]:
    """Return the strings among plain values."""
    found: set[str] = set()
    for value in values.values():
        inner = value.value if isinstance(value, Constant) else None
        found.update(
            one for one in (inner if isinstance(inner, list | tuple) else [inner]) if isinstance(one, str)
        )
    return frozenset(found)
