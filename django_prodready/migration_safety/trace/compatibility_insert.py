"""The smallest row that a table takes of code with a model, and what is broken on the way to it."""

from __future__ import annotations

import itertools
from typing import Any

from django_prodready.migration_safety.trace import rows_fill, rows_order, values
from django_prodready.migration_safety.trace.compatibility_context import Context, Row
from django_prodready.migration_safety.trace.compatibility_words import NOT_NULL_VIOLATION, is_breakage
from django_prodready.migration_safety.trace.rows_cells import NULL, VARIANTS, Cell
from django_prodready.migration_safety.trace.rows_server import FOREIGN_KEY_VIOLATION, Refusal, Rows
from django_prodready.migration_safety.trace.values_types import by_column_type

FEW = 3  # number of the sample in a minimal row: far from the first ones, which rows may hold already
_COLUMN_TYPE = (
    "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
    " WHERE attrelid = to_regclass(%s) AND attname = %s"
)


class SmallestRow:
    """A row of what must be given, with defaults and NULLs for the rest."""

    def __init__(self, context: Context) -> None:
        self.cells: Row = {}  # as far as they were found
        self.extra: dict[str, Cell] = {}  # columns that the model does not know, and that need a value
        self.needed: set[Any] = set()  # fields that have no NULL or default any more, and have failed for it
        self.has_broken = False
        self.key: tuple[object, ...] | None = None  # of the row that stands
        self._context = context

    def insert(self) -> None:
        """Insert it."""
        try:
            self.cells = self._minimal()
        except values.NoValueError:
            return
        if not self.insert_repaired("insert", self.cells):
            self._insert_otherwise()

    def insert_repaired(self, kind: str, row: Row) -> bool:
        """Insert a row; note what breaks it, mend that, and go on. Say whether the row stands."""
        context = self._context
        while True:  # each turn mends a column, and none twice
            answer = self.insert_like(row)
            if not isinstance(answer, Refusal):
                return True
            if not is_breakage(answer.sqlstate) or not self._mend(kind, row, answer):
                return False
            for field in context.unfit.intersection(row):
                del row[field]

    def _mend(self, kind: str, row: Row, refusal: Refusal) -> bool:
        context = self._context
        self.has_broken = True
        if refusal.sqlstate == NOT_NULL_VIOLATION and refusal.column:
            return self._give(kind, row, refusal, refusal.column)
        whatever = context.insert({})
        found = []
        if not is_misfit(whatever):
            found = [(field, context.insert({field: cell})) for field, cell in row.items()]
        for field, answer in found:
            if isinstance(answer, Refusal) and is_misfit(answer):
                context.fail(kind, answer, field)
                context.unfit.add(field)
        if context.unfit.isdisjoint(row):
            context.fail(kind, refusal)
            self.cells = {}  # nothing that is written here will tell more
            return False
        return True

    def _give(self, kind: str, row: Row, refusal: Refusal, column: str) -> bool:
        """Note that a column has to have a value, and give it one. Say whether there was one to give."""
        context = self._context
        field = context.field_of(column)
        if field in row and field not in self.needed:
            context.fail(kind, refusal, field)
            self.needed.add(field)
            row[field] = self.other(field)
            return True
        if column in self.extra:
            return False
        if field is None or field not in context.unfit:  # unknown, or left to the database as keys are
            context.fail(kind, refusal, field, column=column)
        types = context.server.rows(_COLUMN_TYPE, [context.table, column])
        value = by_column_type(types[0][0], FEW) if types else None
        if value is not None:
            self.extra[column] = ("%s", (value,))
        return value is not None

    def insert_like(self, row: Row) -> Rows | Refusal:
        """Insert another row; the first that stands is the one to know by its key."""
        keys = self._context.key_fields
        returning = ", ".join(self._context.column(field) for field in keys) or "1"
        answer = self._context.insert(row, self.extra, returning)
        if not isinstance(answer, Refusal) and keys and self.key is None:
            self.key = answer[0]
        return answer

    def _insert_otherwise(self) -> None:
        """Look for a row that the business rules let in. With one, later refusals tell more."""
        context = self._context
        answer = self._insert_referring()
        empty = [field for field, cell in self.cells.items() if field.is_relation and cell == NULL]
        # A rule may want a relation that may be NULL.
        for varied, variant in itertools.product(([], empty) if empty else ([],), VARIANTS):
            if not isinstance(answer, Refusal) or is_breakage(answer.sqlstate):
                return
            for rank, field in enumerate(self.cells):
                if not field.is_relation or field in varied:
                    self.cells[field] = context.cells.for_row(field, FEW, rank, variant)
            answer = self._insert_referring()

    def _insert_referring(self) -> Rows | Refusal:
        """Insert the row, if need be with relations to rows that are there."""
        answer = self.insert_like(self.cells)
        if isinstance(answer, Refusal) and answer.sqlstate == FOREIGN_KEY_VIOLATION:
            context = self._context
            rows_fill.seed([context.model], context.server.connection, count=2)
            context.server.changed()
            self._refer()
            answer = self.insert_like(self.cells)
        return answer

    def _refer(self) -> None:
        """Let relations refer to rows that are there."""
        context = self._context
        for field in rows_order.relations_of(context.model):
            if field in self.cells and self.cells[field] != NULL:
                parent = context.server.quoted(rows_order.parent_of(field)._meta.db_table)
                column = context.server.quoted(field.target_field.column)
                keys = context.server.rows(f"SELECT {column} FROM {parent} LIMIT 1")  # noqa: S608 - quoted names
                self.cells[field] = ("%s", keys[0]) if keys else self.cells[field]

    def _minimal(self) -> Row:
        return {field: self._given_least(field) for field in self._context.written}

    def _given_least(self, field: Any) -> Cell:
        default = self._context.cells.by_default(field)
        # NULL by default where none may be asks every caller for a value.
        if default is not None and (field.null or default != NULL):
            return default
        return NULL if field.null else self._context.cells.made(field, FEW)

    def other(self, field: Any) -> Cell:
        """Return a cell that is no default, NULL where no value is known."""
        try:
            return self._context.cells.made(field, FEW + 1)
        except values.NoValueError:
            return NULL


def is_misfit(answer: Rows | Refusal | None) -> bool:
    """Whether the schema refused what was given, not what was left out."""
    return (
        isinstance(answer, Refusal) and answer.sqlstate != NOT_NULL_VIOLATION and is_breakage(answer.sqlstate)
    )
