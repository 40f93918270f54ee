"""Says of the lookups of a queryset how many rows they let through."""

from __future__ import annotations

from collections.abc import Iterable

from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.catalogue import Table
from django_prodready.migration_safety.static.code_values import (
    Condition,
    Constant,
    Items,
    Now,
    Rows,
    Value,
    covers,
)
from django_prodready.migration_safety.static.models import ModelFacts
from django_prodready.migration_safety.static.sql_place import (
    column_of,
    is_indexed,
    is_key,
    is_primary_key,
)
from django_prodready.migration_safety.static.sql_where import FEW_KEYS

Lookup = tuple[str, Value]
_LOOKUPS = frozenset(
    """
    contains date day endswith exact gt gte hour icontains iendswith iexact in iregex isnull
    istartswith lt lte minute month quarter range regex second startswith time week week_day year
    """.split()  # noqa: SIM905 - words
)


class Filters:
    """Weighs the lookups of one model."""

    def __init__(self, facts: ModelFacts, table: Table | None, is_set: Iterable[str] = ()) -> None:
        self._facts = facts
        self._table = table
        self._is_set = frozenset(is_set)

    def all_of(self, lookups: Iterable[Lookup], parts: Iterable[Value] = ()) -> r.Selection:
        """Weigh lookups that all have to hold."""
        found = r.EVERYTHING
        given = list(lookups)
        for name, value in given:
            found &= self._one(name, value)
        for part in parts:
            found &= self._condition(part)
        columns = {self._column(name)[0] for name, value in given if self._is_plain(name)}
        if len(columns) > 1 and is_key(self._table, columns):
            found &= r.BATCH
        return found

    def none_of(self, lookups: Iterable[Lookup], parts: Iterable[Value] = ()) -> r.Selection:
        """Weigh what ``exclude`` leaves: nearly all, where plain values are left out."""
        given = list(lookups)
        found = [self._inverse_of_one(name, value) for name, value in given]
        found += [self._inverse_of(part) for part in parts]
        if len(found) != 1:
            return r.SOME if r.SOME in found else r.EVERYTHING
        return found[0]

    def again(self, rows: Rows) -> r.Selection:
        """Weigh the lookups of a queryset knowing what is written: rows that lack a value get it."""
        found = r.EVERYTHING if rows.lookups else rows.selection
        for name, lookups, parts in rows.lookups:
            found &= self.all_of(lookups, parts) if name == "filter" else self.none_of(lookups, parts)
        if rows.is_sliced:
            found = r.Selection(
                min(found.share, rows.selection.share), max(found.whole, rows.selection.whole)
            )
        return found if found.whole > rows.selection.whole else rows.selection

    def _is_plain(self, name: str) -> bool:
        return self._column(name)[1] == "exact"

    def _condition(self, value: Value) -> r.Selection:
        if not isinstance(value, Condition):
            return r.SOME
        if value.connector == "not":
            return self._inverse_of(value.parts[0])
        if value.connector == "and":
            return self.all_of(value.lookups, value.parts)
        found = r.NOTHING
        for part in value.parts:
            found |= self._condition(part)
        return found

    def _inverse_of(self, value: Value) -> r.Selection:
        if not isinstance(value, Condition):
            return r.SOME
        if value.connector == "not":
            return self._condition(value.parts[0])
        if value.connector == "and":
            return self.none_of(value.lookups, value.parts)
        found = r.EVERYTHING
        for part in value.parts:
            found &= self._inverse_of(part)
        return found

    def _inverse(self, rows: r.Selection) -> r.Selection:
        share = {r.Share.SOME: r.Share.SOME, r.Share.ALL: r.Share.NONE}.get(rows.share, r.Share.ALL)
        return r.Selection(share, share)

    def _inverse_of_one(self, name: str, value: Value) -> r.Selection:
        column, lookup = self._column(name)
        if lookup == "isnull" and isinstance(value, Constant):
            return self._is_null(column, is_null=not value.value)
        if lookup == "exact" and value == Constant(None):
            return self._is_null(column, is_null=False)
        if lookup in ("exact", "in", "iexact") and isinstance(value, Constant):
            return r.EVERYTHING
        return self._inverse(self._one(name, value))

    def _column(self, name: str) -> tuple[str, str]:
        """Split a lookup into the column and what is asked of it; of another table's column: no column."""
        parts = name.split("__")
        lookup = parts.pop() if parts[-1] in _LOOKUPS and len(parts) > 1 else "exact"
        facts = self._facts.field(parts[0])
        if facts is None or facts.column is None:
            return "", lookup
        is_own = len(parts) == 1 or (facts.relation is not None and parts[1:] in (["id"], ["pk"]))
        return (facts.column, lookup) if is_own else ("", "?")

    def _one(self, name: str, value: Value) -> r.Selection:
        column, lookup = self._column(name)
        if not column:
            return r.SOME
        if lookup == "isnull" and isinstance(value, Constant):
            return self._is_null(column, is_null=bool(value.value))
        if lookup == "exact" and value == Constant(None):
            return self._is_null(column, is_null=True)
        if lookup in ("exact", "in"):
            return self._equal(column, value)
        if lookup in ("gt", "gte", "lt", "lte"):
            return self._ordered(column, lookup, value)
        if lookup == "range" and is_primary_key(self._table, column):
            return r.BATCH
        return r.SOME

    def _is_null(self, column: str, *, is_null: bool) -> r.Selection:
        known = column_of(self._table, column)
        if known is not None and not known.is_nullable:
            return r.NOTHING if is_null else r.EVERYTHING
        is_blank = known is not None and known.is_blank
        if not is_null:
            return r.NOTHING if is_blank else r.EVERYTHING
        return r.EVERYTHING if is_blank or column in self._is_set else r.SOME

    def _equal(self, column: str, value: Value) -> r.Selection:
        is_found = is_key(self._table, [column]) or is_indexed(self._table, column)
        share = r.Share.FEW if is_found else r.Share.SOME
        if isinstance(value, Rows):
            return self._in_rows(column, value)
        varying = covers(value)
        if varying is not None:
            return r.Selection(share, varying)
        known = column_of(self._table, column)
        if isinstance(value, Constant) and known is not None and known.is_blank:
            return r.NOTHING
        if isinstance(value, Constant | Items) or not is_found:
            return r.Selection(share, share)
        return r.Selection(share, r.Share.ALL)

    def _in_rows(self, column: str, value: Rows) -> r.Selection:
        if value.facts.table == self._facts.table and is_key(self._table, [column]):
            return self.again(value)
        if value.selection.share <= r.Share.FEW:
            return r.Selection(r.Share.SOME, value.selection.whole)
        return r.SOME

    def _ordered(self, column: str, lookup: str, value: Value) -> r.Selection:
        is_primary = is_primary_key(self._table, column)
        number = value.value if isinstance(value, Constant) else None
        if lookup in ("gt", "gte"):
            if number in ((0, 1) if is_primary else (0,)):
                return r.EVERYTHING
            return r.Selection(r.Share.SOME, r.Share.ALL) if is_primary and number is None else r.SOME
        if isinstance(value, Now):
            return r.EVERYTHING
        if not is_primary:
            return r.SOME
        if isinstance(number, int):
            return r.FEW if number <= FEW_KEYS else r.SOME
        return r.BATCH
