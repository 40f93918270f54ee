"""What code with a model writes: INSERT with few values, with NULLs, with extremes; UPDATE; DELETE."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.db.models.sql.subqueries import InsertQuery

from django_prodready.migration_safety.trace import values
from django_prodready.migration_safety.trace.compatibility_context import CHOICE, Context, Row
from django_prodready.migration_safety.trace.compatibility_insert import FEW, SmallestRow, is_misfit
from django_prodready.migration_safety.trace.compatibility_words import NOT_NULL_VIOLATION, is_breakage
from django_prodready.migration_safety.trace.rows_cells import NULL, Cell
from django_prodready.migration_safety.trace.rows_server import CHECK_VIOLATION, Refusal, Sql
from django_prodready.migration_safety.trace.values_bounds import End, extreme

_NULLS, _BULK, _UPDATE, _DELETE = "nulls", "bulk", "update", "delete"


class Writes:
    """Asks one table to take rows."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._smallest = SmallestRow(context)

    def ask_all(self) -> None:
        """Ask everything."""
        self.ask_insert()
        refused = self._refused(with_nulls=True)
        if _NULLS in refused:
            self._ask_nulls()
            refused = self._refused()
        for end in End:
            if end in refused:
                self._ask_extreme_of_each(end)
        self._ask_choices()
        if _BULK in refused:
            self._note_bulk(refused[_BULK])
        if _UPDATE in refused:
            self._note_update(refused[_UPDATE])
        if _DELETE in refused:
            self._note_delete(refused[_DELETE])

    def ask_insert(self) -> None:
        """Insert a row of what must be given, with defaults and NULLs for the rest."""
        self._smallest.insert()

    def ask_delete(self) -> None:
        """Delete the row that stands."""
        (refused,) = self._context.server.ask_each([self._delete()])
        if refused:
            self._note_delete(refused)

    def _refused(self, *, with_nulls: bool = False) -> dict[str | End, Refusal]:
        """Ask for one thing of each kind; return why those that are refused are so."""
        smallest = self._smallest
        rows: dict[str | End, Row] = {end: self._with_extremes(end) for end in End}
        if with_nulls and smallest.key is not None:
            rows[_NULLS] = self._with_nulls()
        asked = {kind: self._insert(row) for kind, row in rows.items() if row != smallest.cells}
        bulk = self._bulk()
        if bulk:
            asked[_BULK] = bulk
        changes = self._changes()
        if changes:
            asked[_UPDATE] = self._update(changes)
        asked[_DELETE] = self._delete()
        answers = self._context.server.ask_each(list(asked.values()))
        return {kind: answer for kind, answer in zip(asked, answers, strict=True) if answer}

    # Statements

    def _insert(self, row: Row) -> Sql:
        return self._context.inserted(row, self._smallest.extra)

    def _with_nulls(self) -> Row:
        smallest = self._smallest
        return {
            field: NULL if field.null and field not in smallest.needed else cell
            for field, cell in smallest.cells.items()
        }

    def _with_extremes(self, end: End) -> Row:
        return {field: self._extreme(field, end) or cell for field, cell in self._smallest.cells.items()}

    def _extreme(self, field: Any, end: End) -> Cell | None:
        try:
            return self._context.cells.given(field, extreme(field, end, self._context.server.connection))
        except Exception:  # noqa: BLE001 - what a project's own field makes of a value that it did not expect
            return None

    def _bulk(self) -> Sql | None:
        """Insert two rows as ``bulk_create`` does: their values travel as arrays, with types of their own."""
        smallest, context = self._smallest, self._context
        if not smallest.cells or smallest.has_broken:
            return None
        try:
            query = InsertQuery(context.model)
            query.insert_values(list(smallest.cells), self._objects(), raw=True)
            [(sql, params)] = query.get_compiler(connection=context.server.connection).as_sql()
        except Exception:  # noqa: BLE001 - what a project's own field makes of a value that it did not expect
            return None
        return sql, params

    def _objects(self) -> list[Any]:
        connection = self._context.server.connection
        return [
            SimpleNamespace(
                **{field.attname: values.sample(field, number, connection) for field in self._smallest.cells}
            )
            for number in (FEW + 10, FEW + 11)
        ]

    def _changes(self) -> Row:
        """Give every field that is no key another value."""
        smallest, context = self._smallest, self._context
        keys = context.key_fields
        return {
            field: smallest.cells.get(field, NULL) if field.is_relation else smallest.other(field)
            for field in context.written
            if field not in keys
        }

    def _update(self, row: Row) -> Sql:
        where, params = self._of_key()
        changes = ", ".join(f"{self._context.column(field)} = {sql}" for field, (sql, _) in row.items())
        given = [value for _, (_, cell) in row.items() for value in cell]
        return f"UPDATE {self._context.table} SET {changes} WHERE {where}", [*given, *params]  # noqa: S608

    def _delete(self) -> Sql:
        where, params = self._of_key()
        return f"DELETE FROM {self._context.table} WHERE {where}", params  # noqa: S608 - quoted names

    def _of_key(self) -> tuple[str, tuple[object, ...]]:
        """Return the condition of the row that stands, of none if none does."""
        key = self._smallest.key
        if key is None:
            return "false", ()
        terms = [f"{self._context.column(field)} = %s" for field in self._context.key_fields]
        return " AND ".join(terms), key

    # What a refusal means

    def _ask_nulls(self) -> None:
        """Mend the row of NULLs, or find which of them a rule refuses."""
        smallest = self._smallest
        row = self._with_nulls()
        if smallest.insert_repaired("insert_null", row):
            return
        fields = [field for field in row if field.null]
        alone = [self._insert({**smallest.cells, field: NULL}) for field in fields]
        for field, refusal in zip(fields, self._context.server.ask_each(alone), strict=True):
            if refusal and refusal.sqlstate == CHECK_VIOLATION:
                self._context.rule_out(field, "insert")
                self._context.rule_out(field, "insert_null")

    def _ask_extreme_of_each(self, end: End) -> None:
        context, smallest = self._context, self._smallest
        cells = {
            field: cell for field, cell in self._with_extremes(end).items() if cell != smallest.cells[field]
        }
        around = {} if smallest.key is None else smallest.cells
        alone = [self._insert({**around, field: cell}) for field, cell in cells.items()]
        for field, refusal in zip(cells, context.server.ask_each(alone), strict=True):
            if refusal is None or refusal.sqlstate == NOT_NULL_VIOLATION:
                continue
            if is_breakage(refusal.sqlstate):
                context.fail("insert_boundary", refusal, field, end=end.value)
            elif refusal.sqlstate == CHECK_VIOLATION and smallest.key is not None:
                context.rule_out(field, "insert_boundary", end.value)

    def _ask_choices(self) -> None:
        """Write each choice. Where one filter could ask for all of them, each fits."""
        context = self._context
        for field in context.refused_filters.intersection(self._smallest.cells):
            choices = values.choices_of(field)
            alone = [context.inserted({field: context.cells.given(field, choice)}) for choice in choices]
            for refusal in context.server.ask_each(alone):
                if refusal and refusal.sqlstate[:2] in ("22", "42"):
                    context.fail("insert_boundary", refusal, field, end=CHOICE)
                    break

    def _note_bulk(self, refusal: Refusal) -> None:
        """Note that rows are refused together which would do one by one."""
        context, cells = self._context, self._context.cells
        if self._smallest.has_broken or not is_breakage(refusal.sqlstate):
            return
        alone = [
            context.inserted(
                {field: cells.given(field, getattr(each, field.attname)) for field in self._smallest.cells}
            )
            for each in self._objects()
        ]
        if not any(map(is_misfit, context.server.ask_each(alone))):
            context.fail("bulk_create", refusal)

    def _note_update(self, refusal: Refusal) -> None:
        """Note which fields an UPDATE can no longer set."""
        if not is_breakage(refusal.sqlstate):
            return
        context, changes = self._context, self._changes()
        alone = [self._update({field: cell}) for field, cell in changes.items()]
        answers = [
            answer if answer and is_breakage(answer.sqlstate) else None
            for answer in context.server.ask_each(alone)
        ]
        if answers[0] and len(answers) > 1 and set(answers) == {answers[0]}:
            context.fail("update", answers[0])
            return
        for field, why in zip(changes, answers, strict=True):
            if why:
                context.fail("update", why, field)

    def _note_delete(self, refusal: Refusal) -> None:
        if is_breakage(refusal.sqlstate):
            self._context.fail("delete", refusal)
