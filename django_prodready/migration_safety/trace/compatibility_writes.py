"""What code with a model writes: INSERT with few values, with NULLs, with extremes; UPDATE; DELETE."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.db.models.sql.subqueries import InsertQuery

from django_prodready.migration_safety.trace import rows_fill, rows_order, values
from django_prodready.migration_safety.trace.compatibility_context import CHOICE, Context, Row
from django_prodready.migration_safety.trace.compatibility_words import NOT_NULL_VIOLATION, is_breakage
from django_prodready.migration_safety.trace.rows_cells import NULL, VARIANTS, Cell
from django_prodready.migration_safety.trace.rows_server import (
    CHECK_VIOLATION,
    FOREIGN_KEY_VIOLATION,
    Refusal,
    Rows,
)
from django_prodready.migration_safety.trace.values_bounds import End, extreme
from django_prodready.migration_safety.trace.values_types import by_column_type

FEW = 3  # number of the sample in a minimal row: far from the first ones, which rows may hold already
_COLUMN_TYPE = (
    "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
    " WHERE attrelid = to_regclass(%s) AND attname = %s"
)


class Writes:
    """Asks one table to take rows."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._extra: dict[str, Cell] = {}  # columns that the model does not know, and that need a value
        self._row: Row = {}  # the smallest row that the table takes, as far as one was found
        self._needed: set[Any] = set()  # fields that have no NULL or default any more, and have failed for it
        self._has_broken = False
        self._key: tuple[object, ...] | None = None  # of the row that stands

    def ask_all(self) -> None:
        """Ask everything."""
        self.ask_insert()
        if self._row:
            self._ask_nulls()
            self._ask_extremes()
            self._ask_choices()
            if not self._has_broken:
                self._ask_bulk()
        self._ask_update()
        self.ask_delete()

    def ask_insert(self) -> None:
        """Insert a row of what must be given, with defaults and NULLs for the rest."""
        try:
            self._row = self._minimal()
        except values.NoValueError:
            return
        if not self._insert_repaired("insert", self._row):
            self._insert_otherwise()

    def ask_delete(self) -> None:
        """Delete the row that stands."""
        where, params = self._of_key()
        sql = f"DELETE FROM {self._context.table} WHERE {where}"  # noqa: S608 - quoted names
        answer = self._context.server.ask(sql, params)
        if isinstance(answer, Refusal) and is_breakage(answer.sqlstate):
            self._context.fail("delete", answer)

    def _minimal(self) -> Row:
        return {field: self._given_least(field) for field in self._context.written}

    def _given_least(self, field: Any) -> Cell:
        default = self._context.cells.by_default(field)
        # NULL by default where none may be asks every caller for a value.
        if default is not None and (field.null or default != NULL):
            return default
        return NULL if field.null else self._context.cells.made(field, FEW)

    def _insert_repaired(self, kind: str, row: Row) -> bool:
        """Insert a row; note what breaks it, mend that, and go on. Say whether the row stands."""
        context = self._context
        while True:  # each turn mends a column, and none twice
            answer = self._insert(row)
            if not isinstance(answer, Refusal):
                return True
            if not is_breakage(answer.sqlstate) or not self._mend(kind, row, answer):
                return False
            for field in context.unfit.intersection(row):
                del row[field]

    def _mend(self, kind: str, row: Row, refusal: Refusal) -> bool:
        context = self._context
        self._has_broken = True
        if refusal.sqlstate == NOT_NULL_VIOLATION and refusal.column:
            return self._give(kind, row, refusal, refusal.column)
        whatever = context.insert({})
        found = []
        if not self._is_misfit(whatever):
            found = [(field, context.insert({field: cell})) for field, cell in row.items()]
        for field, answer in found:
            if isinstance(answer, Refusal) and self._is_misfit(answer):
                context.fail(kind, answer, field)
                context.unfit.add(field)
        if context.unfit.isdisjoint(row):
            context.fail(kind, refusal)
            self._row = {}  # nothing that is written here will tell more
            return False
        return True

    def _is_misfit(self, answer: Rows | Refusal) -> bool:
        """Whether the schema refused what was given, not what was left out."""
        return (
            isinstance(answer, Refusal)
            and answer.sqlstate != NOT_NULL_VIOLATION
            and is_breakage(answer.sqlstate)
        )

    def _give(self, kind: str, row: Row, refusal: Refusal, column: str) -> bool:
        """Note that a column has to have a value, and give it one. Say whether there was one to give."""
        context = self._context
        field = context.field_of(column)
        if field in row and field not in self._needed:
            context.fail(kind, refusal, field)
            self._needed.add(field)
            row[field] = self._other(field)
            return True
        if column in self._extra:
            return False
        if field is None or field not in context.unfit:  # unknown, or left to the database as keys are
            context.fail(kind, refusal, field, column=column)
        types = context.server.rows(_COLUMN_TYPE, [context.table, column])
        value = by_column_type(types[0][0], FEW) if types else None
        if value is not None:
            self._extra[column] = ("%s", (value,))
        return value is not None

    def _insert(self, row: Row) -> Rows | Refusal:
        keys = self._context.key_fields
        returning = ", ".join(self._context.column(field) for field in keys) or "1"
        answer = self._context.insert(row, self._extra, returning)
        if not isinstance(answer, Refusal) and keys and self._key is None:
            self._key = answer[0]
        return answer

    def _insert_otherwise(self) -> None:
        """Look for a row that the business rules let in. With one, later refusals tell more."""
        context = self._context
        answer = self._insert(self._row)
        if isinstance(answer, Refusal) and answer.sqlstate == FOREIGN_KEY_VIOLATION:
            rows_fill.seed([context.model], context.server.connection, count=2)
            self._refer()
            answer = self._insert(self._row)
        for variant in VARIANTS:
            if not isinstance(answer, Refusal) or is_breakage(answer.sqlstate):
                return
            for rank, field in enumerate(self._row):
                if not field.is_relation:
                    self._row[field] = context.cells.for_row(field, FEW, rank, variant)
            answer = self._insert(self._row)

    def _refer(self) -> None:
        """Let relations refer to rows that are there."""
        context = self._context
        for field in rows_order.relations_of(context.model):
            if field in self._row and self._row[field] != NULL:
                parent = context.server.quoted(rows_order.parent_of(field)._meta.db_table)
                column = context.server.quoted(field.target_field.column)
                keys = context.server.rows(f"SELECT {column} FROM {parent} LIMIT 1")  # noqa: S608 - quoted names
                self._row[field] = ("%s", keys[0]) if keys else self._row[field]

    def _ask_nulls(self) -> None:
        row = {
            field: NULL if field.null and field not in self._needed else cell
            for field, cell in self._row.items()
        }
        if row == self._row or self._key is None or self._insert_repaired("insert_null", row):
            return
        for field in row:
            alone = self._insert({**self._row, field: NULL}) if field.null else []
            if isinstance(alone, Refusal) and alone.sqlstate == CHECK_VIOLATION:
                self._context.rule_out(field, "insert")
                self._context.rule_out(field, "insert_null")

    def _ask_extremes(self) -> None:
        for end in End:
            row = {field: self._extreme(field, end) or cell for field, cell in self._row.items()}
            if row != self._row and isinstance(self._insert(row), Refusal):
                self._ask_extreme_of_each(row, end)

    def _ask_extreme_of_each(self, row: Row, end: End) -> None:
        context = self._context
        for field, cell in row.items():
            changed = {field: cell} if self._key is None else {**self._row, field: cell}
            answer = self._insert(changed) if cell != self._row[field] else []
            if not isinstance(answer, Refusal) or answer.sqlstate == NOT_NULL_VIOLATION:
                continue
            if is_breakage(answer.sqlstate):
                context.fail("insert_boundary", answer, field, end=end.value)
            elif answer.sqlstate == CHECK_VIOLATION and self._key is not None:
                context.rule_out(field, "insert_boundary", end.value)

    def _extreme(self, field: Any, end: End) -> Cell | None:
        try:
            return self._context.cells.given(field, extreme(field, end, self._context.server.connection))
        except Exception:  # noqa: BLE001 - what a project's own field makes of a value that it did not expect
            return None

    def _ask_choices(self) -> None:
        """Write each choice. Where one filter could ask for all of them, each fits."""
        for field in self._context.refused_filters.intersection(self._row):
            for choice in values.choices_of(field):
                answer = self._context.insert({field: self._context.cells.given(field, choice)})
                if isinstance(answer, Refusal) and answer.sqlstate[:2] in ("22", "42"):
                    self._context.fail("insert_boundary", answer, field, end=CHOICE)
                    break

    def _ask_bulk(self) -> None:
        """Insert two rows as ``bulk_create`` does: their values travel as arrays, with types of their own."""
        context = self._context
        fields = list(self._row)
        try:
            made: list[Any] = [self._object(fields, FEW + 10), self._object(fields, FEW + 11)]
            query = InsertQuery(context.model)
            query.insert_values(fields, made, raw=True)
            [(sql, params)] = query.get_compiler(connection=context.server.connection).as_sql()
        except Exception:  # noqa: BLE001 - what a project's own field makes of a value that it did not expect
            return
        answer = context.server.ask(sql, params)
        if isinstance(answer, Refusal) and is_breakage(answer.sqlstate) and self._takes_each(fields, made):
            context.fail("bulk_create", answer)

    def _takes_each(self, fields: list[Any], made: list[Any]) -> bool:
        """Whether rows that are refused together would do one by one."""
        cells = self._context.cells
        alone = [
            {field: cells.given(field, getattr(each, field.attname)) for field in fields} for each in made
        ]
        return not any(self._is_misfit(self._context.insert(row)) for row in alone)

    def _object(self, fields: list[Any], number: int) -> SimpleNamespace:
        connection = self._context.server.connection
        found = {field.attname: values.sample(field, number, connection) for field in fields}
        return SimpleNamespace(**found)

    def _ask_update(self) -> None:
        context = self._context
        keys = context.key_fields
        row = {}
        for field in context.written:
            if field not in keys:
                row[field] = self._row.get(field, NULL) if field.is_relation else self._other(field)
        if not row or not self._is_refused_update(row):
            return
        refused = {field: self._is_refused_update({field: cell}) for field, cell in row.items()}
        whatever = next(iter(refused.values()))
        if whatever and len(row) > 1 and set(refused.values()) == {whatever}:
            context.fail("update", whatever)
            return
        for field, why in refused.items():
            if why:
                context.fail("update", why, field)

    def _other(self, field: Any) -> Cell:
        """Return a cell that is no default, NULL where no value is known."""
        try:
            return self._context.cells.made(field, FEW + 1)
        except values.NoValueError:
            return NULL

    def _is_refused_update(self, row: Row) -> Refusal | None:
        where, params = self._of_key()
        changes = ", ".join(f"{self._context.column(field)} = {sql}" for field, (sql, _) in row.items())
        given = [value for _, (_, cell) in row.items() for value in cell]
        sql = f"UPDATE {self._context.table} SET {changes} WHERE {where}"  # noqa: S608 - quoted names
        answer = self._context.server.ask(sql, [*given, *params])
        return answer if isinstance(answer, Refusal) and is_breakage(answer.sqlstate) else None

    def _of_key(self) -> tuple[str, tuple[object, ...]]:
        """Return the condition of the row that stands, of none if none does."""
        if self._key is None:
            return "false", ()
        terms = [f"{self._context.column(field)} = %s" for field in self._context.key_fields]
        return " AND ".join(terms), self._key
