"""Bring a few generated rows into each table, in a variant that its constraints accept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING, Any

from django_prodready.migration_safety.trace import rows_order
from django_prodready.migration_safety.trace.rows_cells import (
    DEFAULT,
    NULL,
    VARIANTS,
    Cell,
    Cells,
    Variant,
    written_fields,
)
from django_prodready.migration_safety.trace.rows_server import Refusal, Server, opened
from django_prodready.migration_safety.trace.values import NoValueError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.apps.registry import Apps
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Model

ROWS = 24  # enough for every third, half and choice to occur, few enough to cost a millisecond
ROWS_BETWEEN = 6  # of a many-to-many table
MOST_PARENTS = 1_000  # that rows refer to
FIRST_OWN_KEY = 1_000_000  # far from what a sequence gives
GIVE_UP_AFTER = 3  # rows that no variant brings in
_HOPELESS = ("42703", "42P01", "42501", "42809")  # no column, table, permission; a wrong kind of relation
_NOT_WITH_DEFERRABLE = "55000"  # ON CONFLICT beside a deferrable unique constraint
SETTLE = ("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED")
UNIQUE_VIOLATION = "23505"
_REASONS = {
    "23502": "Column{name} must have a value, and the model gives it none.",
    "23503": "Foreign key constraint{name} refuses each generated row.",
    "23505": "Each generated row is a duplicate of one that is there.",
    "23514": "CHECK constraint{name} refuses each generated row.",
    "42501": "The role may not write it.",
    "42703": "It does not have the columns of the model.",
    "P0001": "A trigger refuses each generated row.",
}

Row = dict[Any, Cell]  # by field


@dataclass(frozen=True, slots=True)
class Seeded:
    """What stands in the tables now."""

    rows: Mapping[str, int] = dataclass_field(default_factory=dict)  # by table, rows from before too
    unfilled: Mapping[str, str] = dataclass_field(default_factory=dict)  # by table: why no row was brought in


class _RefusedError(Exception):
    """No row of a model was brought in. The message says why, without values."""


def seed(
    models: Iterable[type[Model]],
    connection: BaseDatabaseWrapper,
    count: int = ROWS,
    apps: Apps | None = None,
) -> Seeded:
    """Insert up to ``count`` rows through each model, and rows of the parents that they need.

    Parents are models of ``apps``, if given.

    Runs within the caller's transaction, and leaves no deferred trigger pending. Models without a table of
    their own to fill (proxies, unmanaged, swapped, not yet created) are passed over.
    """
    rows: dict[str, int] = {}
    unfilled: dict[str, str] = {}
    order = rows_order.in_order(models, apps)
    with opened(connection) as server:
        existing = server.existing(model._meta.db_table for model in order)
        for model in order:
            table = model._meta.db_table
            if table not in existing:
                continue
            wanted = min(count, ROWS_BETWEEN) if model._meta.auto_created else count
            rows[table] = count_rows(server, table)
            try:
                rows[table] += _Filler(model, server, first=rows[table]).fill(wanted)
            except _RefusedError as refused:
                unfilled[table] = str(refused)
        settle(server)
    return Seeded(rows, unfilled)


def count_rows(server: Server, table: str) -> int:
    """Return how many rows a table has, 0 when it may not be read."""
    counted = server.rows(f"SELECT count(*) FROM {server.quoted(table)}")  # noqa: S608 - a quoted name
    return int(counted[0][0]) if counted else 0


def settle(server: Server) -> Refusal | None:
    """Run the deferred triggers now, and defer constraints again as they were declared.

    A table with deferred triggers pending cannot be altered.
    https://www.postgresql.org/docs/current/sql-set-constraints.html
    """
    refused = server.ask(SETTLE[0], (), SETTLE[1])
    if isinstance(refused, Refusal):
        return refused
    immediate = server.rows(
        "SELECT DISTINCT quote_ident(n.nspname) || '.' || quote_ident(c.conname) FROM pg_constraint c"
        " JOIN pg_namespace n ON n.oid = c.connamespace WHERE c.condeferrable AND NOT c.condeferred"
    )
    if immediate:
        server.ask(f"SET CONSTRAINTS {', '.join(name for (name,) in immediate)} IMMEDIATE")
    return None


def reason(refusal: Refusal) -> str:
    """Return why rows were refused, in a sentence about their table."""
    name = refusal.constraint or refusal.column
    form = _REASONS.get(refusal.sqlstate, "PostgreSQL refuses each generated row (SQLSTATE {state}).")
    return form.format(name=f" {name}" if name else "", state=refusal.sqlstate or "unknown")


class _Filler:
    """Brings rows into one table."""

    def __init__(self, model: type[Model], server: Server, first: int) -> None:
        self._model = model
        self._server = server
        self._cells = Cells(model, server.connection)
        self._table = model._meta.db_table
        self._fields = written_fields(model)
        self._relations = set(rows_order.relations_of(model))
        self._first = first  # number of the first row
        own = [each for each in self._relations if rows_order.parent_of(each) is model and not each.null]
        self._own_relations = own  # that can only be a row's own key
        if model._meta.auto_field and (own or not self._fields):
            self._fields = [model._meta.auto_field, *self._fields]
        self._parents = {each: self._keys(each) for each in self._relations if each not in own}

    def fill(self, count: int) -> int:
        """Insert ``count`` rows, or as many as constraints let in; return how many.

        Raises _RefusedError for none.
        """
        first = self._first
        refusals = []
        for variant in VARIANTS:
            answer = self._insert([self._row(number, variant) for number in range(first, first + count)])
            if not isinstance(answer, Refusal):
                return answer
            refusals.append(answer)
            if answer.sqlstate in _HOPELESS:
                break
        else:
            inserted = self._one_by_one(first, count)
            if inserted:
                return inserted
        raise _RefusedError(reason(refusals[0]))

    def _one_by_one(self, first: int, count: int) -> int:
        """Insert each row in the variant that its constraints accept; return how many there are."""
        inserted = 0
        variants = list(VARIANTS)
        for number in range(first, first + count):
            for variant in tuple(variants):
                if not isinstance(self._insert([self._row(number, variant)]), Refusal):
                    inserted += 1
                    variants.remove(variant)
                    variants.insert(0, variant)
                    break
            if not inserted and number - first + 1 >= GIVE_UP_AFTER:
                break
        return inserted

    def _row(self, number: int, variant: Variant) -> Row | None:
        """Return a row, None where it needs a parent that is not there. Raises _RefusedError."""
        row: Row = {}
        for rank, field in enumerate(self._fields):
            if field in self._parents:
                cell = self._parent(field, number, rank, variant)
                if cell is None:
                    return None
                row[field] = cell
            elif field is self._model._meta.auto_field:
                row[field] = ("%s", (FIRST_OWN_KEY + number,)) if self._own_relations else DEFAULT
            elif field not in self._own_relations:
                row[field] = self._plain(field, number, rank, variant)
        for field in self._own_relations:
            row[field] = row[field.target_field]
        return row

    def _plain(self, field: Any, number: int, rank: int, variant: Variant) -> Cell:
        try:
            return self._cells.for_row(field, number, rank, variant)
        except NoValueError as error:
            if field.null:
                return NULL
            raise _RefusedError(f"Column {field.column} could not be given a value: {error}.") from error

    def _parent(self, field: Any, number: int, rank: int, variant: Variant) -> Cell | None:
        keys = self._parents[field]
        is_null = (number + rank) % 2 == 0 if variant.nulls is None else variant.nulls
        if field.null and (is_null or not keys):
            return NULL
        if not keys:
            if field.db_constraint:
                parent = rows_order.parent_of(field)._meta.db_table
                raise _RefusedError(f"There is no row of {parent} for column {field.column} to refer to.")
            return self._plain(field, number, rank, variant)
        if not field.unique:
            return "%s", (keys[number % len(keys)],)
        position = number - self._first
        return ("%s", (keys[position],)) if position < len(keys) else None

    def _keys(self, field: Any) -> list[object]:
        """Return what a relation may refer to; for one that must be unique, what no row refers to yet."""
        parent, quoted = rows_order.parent_of(field), self._server.quoted
        column, table = quoted(field.target_field.column), quoted(parent._meta.db_table)
        unused = ""
        if field.unique:
            mine = f"SELECT {quoted(field.column)} FROM {quoted(self._table)}"  # noqa: S608 - quoted names
            unused = f" WHERE {column} NOT IN ({mine} WHERE {quoted(field.column)} IS NOT NULL)"
        found = self._server.rows(f"SELECT {column} FROM {table}{unused} LIMIT {MOST_PARENTS}")  # noqa: S608
        return [key for (key,) in found if key is not None]

    def _insert(self, rows: Sequence[Row | None]) -> int | Refusal:
        """Insert rows and run what is deferred; return how many stand. None that does is a refusal too."""
        present = [row for row in rows if row is not None]
        if not present:
            return Refusal(UNIQUE_VIOLATION)
        quoted = self._server.quoted
        columns = ", ".join(quoted(field.column) for field in self._fields)
        lines = ", ".join(f"({', '.join(row[field][0] for field in self._fields)})" for row in present)
        params = [value for row in present for field in self._fields for value in row[field][1]]
        sql = f"INSERT INTO {quoted(self._table)} ({columns}) VALUES {lines}"  # noqa: S608 - quoted names
        answer = self._server.ask(f"{sql} ON CONFLICT DO NOTHING RETURNING 1", params, *SETTLE)
        if isinstance(answer, Refusal) and answer.sqlstate == _NOT_WITH_DEFERRABLE:
            answer = self._server.ask(f"{sql} RETURNING 1", params, *SETTLE)
        if isinstance(answer, Refusal):
            return answer
        return len(answer) or Refusal(UNIQUE_VIOLATION)
