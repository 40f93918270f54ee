"""The cells of generated rows: for each field of a model what an INSERT says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import CheckConstraint, F, Q, Value
from django.db.models.expressions import BaseExpression
from django.db.models.sql.subqueries import InsertQuery

from django_prodready.migration_safety.trace import values

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Model

Cell = tuple[str, tuple[object, ...]]  # SQL and its parameters
DEFAULT: Cell = ("DEFAULT", ())
NULL: Cell = ("NULL", ())


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to fill a table. Which one a table's constraints accept is found out by trying."""

    nulls: bool | None = None  # None: in half of the rows
    defaults: bool | None = None  # None: in a third of the rows
    step: int = 1  # how much greater the value of a field is than that of the field before it
    hints: bool = False  # the values that CHECK constraints name
    raw: bool = False  # by the column's type, past what the field's class makes of a value


VARIANTS = (
    Variant(),
    Variant(hints=True),
    Variant(nulls=False),
    Variant(nulls=False, hints=True),
    Variant(nulls=True),
    Variant(nulls=True, hints=True),
    Variant(nulls=False, step=-1),
    Variant(nulls=False, step=0),
    Variant(nulls=False, defaults=True),
    Variant(nulls=True, defaults=True),
    Variant(nulls=False, raw=True),
)
HIGHEST_RANK = 100  # so that numbers stay positive where they descend


def written_fields(model: type[Model]) -> list[Any]:
    """Return the fields of a model's own table that an INSERT gives a value for: not the automatic key."""
    meta = model._meta
    return [
        field
        for field in meta.local_concrete_fields
        if field is not meta.auto_field and not getattr(field, "generated", False)
    ]


class Cells:
    """Makes the cells of one model."""

    def __init__(self, model: type[Model], connection: BaseDatabaseWrapper) -> None:
        self.model = model
        self.connection = connection
        self._compiler = InsertQuery(model).get_compiler(connection=connection)
        self._hints = hints_of(model)

    def given(self, field: Any, value: object) -> Cell:
        """Return a cell of a value, made fit for the database by its field. Raises what the field raises."""
        expression: Any = Value(value, output_field=field)
        expression.for_save = True
        sql, params = expression.as_sql(self._compiler, self.connection)
        return sql, tuple(params)

    def made(self, field: Any, number: int) -> Cell:
        """Return a cell of a value that the field accepts. Raises values.NoValueError."""
        try:
            return self.given(field, values.sample(field, number, self.connection))
        except Exception:  # noqa: BLE001 - what a project's own field makes of a value that it did not expect
            return self.by_default(field) or self.raw(field, number)

    def raw(self, field: Any, number: int) -> Cell:
        """Return a cell of a value by the type of the column alone. Raises values.NoValueError."""
        return "%s", (values.by_type(field, number, self.connection),)

    def by_default(self, field: Any) -> Cell | None:
        """Return a cell of a field's default, None when it has none that works."""
        if field.has_default():  # which comes before the database's
            return self._try(field, field.get_default)
        return DEFAULT if field.has_db_default() else None

    def for_row(self, field: Any, number: int, rank: int, variant: Variant) -> Cell:
        """Return the cell of a field that is no relation. Raises values.NoValueError."""
        is_null = (number + rank) % 2 == 0 if variant.nulls is None else variant.nulls
        if field.null and is_null:
            return NULL
        is_default = (number + rank) % 3 == 2 if variant.defaults is None else variant.defaults
        if is_default and not field.unique and not _is_boolean(field):
            found = self.by_default(field)
            if found and found != NULL:
                return found
        position = number + variant.step * rank + (HIGHEST_RANK if variant.step < 0 else 0)
        hints = self._hints.get(field.name) if variant.hints else None
        found = self._try(field, hints[number % len(hints)]) if hints else None
        if found:
            return found
        if variant.raw and not type(field).__module__.startswith("django."):
            return self.raw(field, position)
        return self.made(field, position)

    def _try(self, field: Any, value: object) -> Cell | None:
        """Return a cell of a value, or of what a function returns; None where that raises."""
        try:
            return self.given(field, value() if callable(value) else value)
        except Exception:  # noqa: BLE001 - a project's own code: a default, a field
            return None


def hints_of(model: type[Model]) -> Mapping[str, Sequence[object]]:
    """Return the values that a model's CHECK constraints name, by field."""
    found: dict[str, list[object]] = {}
    for constraint in model._meta.constraints:
        if isinstance(constraint, CheckConstraint) and isinstance(constraint.condition, Q):
            _collect(constraint.condition, found)
    return found


def _collect(condition: Q, found: dict[str, list[object]]) -> None:
    for child in condition.children:
        if isinstance(child, Q):
            _collect(child, found)
        elif isinstance(child, tuple):
            name, *lookups = str(child[0]).split("__")
            plain = child[1] if isinstance(child[1], list | tuple) else [child[1]]
            if lookups != ["isnull"]:
                found.setdefault(name, []).extend(
                    value for value in plain if not isinstance(value, BaseExpression | F | None)
                )


def _is_boolean(field: Any) -> bool:
    return bool(field.get_internal_type() in ("BooleanField", "NullBooleanField"))
