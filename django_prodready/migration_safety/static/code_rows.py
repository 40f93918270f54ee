"""Says what the methods of managers, querysets and objects do to the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from django.db import models

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.code_filters import Filters
from django_prodready.migration_safety.static.code_refusals import refusal
from django_prodready.migration_safety.static.code_values import (
    NONE,
    UNKNOWN,
    Answer,
    Cell,
    Constant,
    Extreme,
    Items,
    Pairs,
    Row,
    Rows,
    Value,
    Varying,
    names_in,
    strings_of,
)
from django_prodready.migration_safety.static.models import ModelFacts, ModelKey, Models
from django_prodready.migration_safety.static.sql_place import (
    Place,
    inserts,
    is_indexed,
    is_key,
    reads,
    writes,
)

_SAME = frozenset(
    """
    all alias annotate complex_filter db_manager defer distinct extra get_queryset iterator only
    order_by prefetch_related reverse select_for_update select_related using
    """.split()  # noqa: SIM905 - words
)
_VALUES = ("values", "values_list", "dates", "datetimes")
_ONE = ("first", "last", "earliest", "latest")


class Orm:
    """Follows the calls of one function, and notes their effects."""

    def __init__(
        self,
        models_: Models,
        place: Place,
        effects: list[e.Effect],
        old: Mapping[ModelKey, ModelFacts] = MappingProxyType({}),
    ) -> None:
        self.models = models_
        self.old = old  # the models that the operation changes, as they were before
        self.place = place
        self.effects = effects
        self.loops = 0
        self.atomics = 0  # transactions that the code has begun
        self.patched: set[str] = set()  # attributes that the code gives a model's class
        self.doubts = 0  # conditions that are not about rows: what is behind them may never run

    @property
    def here(self) -> Place:
        """The place of the statement that is read now."""
        return self.place.inside(is_loop=self.loops > 0)

    def emit(self, effects: Iterator[e.Effect]) -> None:
        """Note effects, and let the catalogue follow."""
        self.effects.extend(self.place.follow(effects))

    def unreadable(self, what: str) -> None:
        """Note that something was not read."""
        self.emit(iter((self.place.opaque(what),)))

    def refuse(self, reason: str) -> None:
        """Note that Django raises an error, if this code runs for certain."""
        if reason and not self.doubts:
            self.emit(iter((e.Fails(table="", origin=self.place.origin, reason=reason),)))

    def _fetch(self, rows: Rows) -> None:
        """Note that rows are fetched that are to be locked until the transaction ends."""
        if rows.is_locked and not self.atomics and not self.doubts:
            statement = "select_for_update()"
            self.emit(iter((r.Together(table="", origin=self.place.origin, statement=statement),)))

    def filters(self, facts: ModelFacts, is_set: Sequence[str] = ()) -> Filters:
        """Weigh the lookups of a model."""
        return Filters(facts, self.place.catalogue.get(facts.table), is_set)

    def _mention(self, facts: ModelFacts, named: Mapping[str, Value]) -> None:
        strings = strings_of(named)
        if strings:
            self.emit(iter((r.Mention(table=facts.table, origin=self.place.origin, literals=strings),)))

    def of_rows(self, rows: Rows, name: str, given: Sequence[Value], named: Mapping[str, Value]) -> Value:
        """Follow a method of a manager or queryset."""
        if rows.is_fetched:
            return UNKNOWN  # a list's
        self.refuse(refusal(rows, name, given, named, self.models))
        if name in _SAME:
            return _annotated(rows, name, given, named)
        if name in _VALUES:
            return replace(rows, has_values=True, names=rows.names.union(named))
        if name == "none":
            return Rows(rows.facts, r.NOTHING, is_open=rows.is_open)
        if name in ("filter", "exclude"):
            return self._chosen(rows, name, given, named)
        if name in ("update", "delete", "_raw_delete"):
            return self._written(rows, name, named)
        if name in ("create", "get_or_create", "update_or_create", "bulk_create", "bulk_update"):
            return self._made(rows, name, given, named)
        return self._read(rows, name, given, named)

    def _chosen(self, rows: Rows, name: str, given: Sequence[Value], named: Mapping[str, Value]) -> Rows:
        self._mention(rows.facts, named)
        filters = self.filters(rows.facts)
        weigh = filters.all_of if name == "filter" else filters.none_of
        selection = weigh(named.items(), given)
        lookups = (*rows.lookups, (name, tuple(named.items()), tuple(given)))
        return replace(rows, selection=rows.selection & selection, lookups=lookups)

    def _written(self, rows: Rows, name: str, named: Mapping[str, Value]) -> Value:
        if name == "delete":
            self.delete(rows.facts, rows.selection)
            return UNKNOWN
        if name == "_raw_delete":  # no more than this table
            self.emit(writes("DELETE", rows.facts.table, rows.selection, self.here))
            return UNKNOWN
        self._mention(rows.facts, named)
        columns = self._columns(rows.facts, named)
        selection = self.filters(rows.facts, list(columns)).again(rows)
        self.emit(writes("UPDATE", rows.facts.table, selection, self.here, columns))
        return UNKNOWN

    def _columns(self, facts: ModelFacts, named: Mapping[str, Value]) -> dict[str, bool]:
        return {facts.column_of(name): value == NONE for name, value in named.items()}

    def _made(self, rows: Rows, name: str, given: Sequence[Value], named: Mapping[str, Value]) -> Value:
        facts = rows.facts
        self._mention(facts, named)
        if name == "bulk_update":
            self._bulk_update(facts, given, named)
            return UNKNOWN
        if name.endswith("or_create"):
            lookups = [(key, value) for key, value in named.items() if not key.endswith("defaults")]
            selection = rows.selection & self.filters(facts).all_of(lookups)
            self.emit(reads(facts.table, selection, self.here))
        if named.get("update_conflicts") == Constant(True):
            self._upsert(facts, given, named)
        many = any(isinstance(one, Items) and one.is_many for one in given)
        self.emit(inserts(facts.table, self.here, r.EVERYTHING if many else r.FEW))
        made = Row(facts, r.FEW, is_open=rows.is_open)
        return Constant([made, UNKNOWN]) if name.endswith("or_create") else made

    def _bulk_update(self, facts: ModelFacts, given: Sequence[Value], named: Mapping[str, Value]) -> None:
        objects = given[0] if given else named.get("objs", UNKNOWN)
        fields = given[1] if len(given) > 1 else named.get("fields", UNKNOWN)
        names = (
            fields.value if isinstance(fields, Constant) and isinstance(fields.value, list | tuple) else ()
        )
        columns = {facts.column_of(str(name)): False for name in names}
        self.emit(writes("UPDATE", facts.table, self._selection(objects), self.here, columns))

    def _upsert(self, facts: ModelFacts, given: Sequence[Value], named: Mapping[str, Value]) -> None:
        """Update the rows that new objects are made of, where they keep the key."""
        objects = given[0] if given else named.get("objs", UNKNOWN)
        if isinstance(objects, Items) and isinstance(objects.item, Row) and objects.item.is_new:
            keys = [objects.item.changed.get(name) for name in names_in(named.get("unique_fields"))]
            rows = [one.row for one in keys if isinstance(one, Cell) and one.row.facts.table == facts.table]
            if not rows or len(rows) != len(keys):
                return
            objects = replace(objects, item=rows[0])
        if isinstance(objects, Rows | Items):
            columns = {facts.column_of(name): False for name in names_in(named.get("update_fields"))}
            self.emit(writes("UPDATE", facts.table, self._selection(objects), self.here, columns))

    def _selection(self, objects: Value) -> r.Selection:
        """Say how many objects a list has, and of which rows."""
        if isinstance(objects, Rows):
            return objects.selection
        if not isinstance(objects, Items):
            return r.FEW if isinstance(objects, Constant) else r.BATCH if self.loops else r.EVERYTHING
        if not isinstance(objects.item, Row):
            return r.FEW if objects.item is None else r.SOME
        whole = objects.item.selection
        if objects.is_flushed or self.loops > objects.loops:
            return r.Selection(r.Share.FEW, whole.whole)
        return whole

    def _read(self, rows: Rows, name: str, given: Sequence[Value], named: Mapping[str, Value]) -> Value:
        facts, selection = rows.facts, rows.selection
        if name in ("get", "exists", "in_bulk", *_ONE):
            self._fetch(rows)
        if name == "get":
            selection &= self.filters(facts).all_of(named.items(), given)
        is_there = selection == r.EVERYTHING
        is_short = name in (*_ONE, "exists") or self._is_extreme(facts, name, [*given, *named.values()])
        if selection == r.EVERYTHING and is_short:
            selection = r.FEW
        self.emit(reads(facts.table, selection, self.here))
        if name in ("get", *_ONE):
            few = r.Selection(r.Share.FEW, min(r.Share.FEW, selection.whole))
            return Row(
                facts, few, is_there=is_there and name != "get", is_open=rows.is_open or bool(rows.names)
            )
        found = Row(facts, selection, is_open=rows.is_open or bool(rows.names))
        return Items(found, self.loops) if name == "in_bulk" else Answer()

    def _is_extreme(self, facts: ModelFacts, name: str, asked: Sequence[Value]) -> bool:
        """Whether only the greatest or least values of indexed columns are asked: one end of the index."""
        table = self.place.catalogue.get(facts.table)
        columns = [facts.column_of(one.field) for one in asked if isinstance(one, Extreme)]
        is_all = name == "aggregate" and bool(asked) and len(columns) == len(asked)
        return is_all and all(is_key(table, [one]) or is_indexed(table, one) for one in columns)

    def iterate(self, rows: Rows) -> Value:
        """Fetch rows one after the other; return what one of them is."""
        self._fetch(rows)
        self.emit(reads(rows.facts.table, rows.selection, self.here))
        if rows.has_values:
            return Varying(rows.selection.whole)
        return Row(rows.facts, rows.selection, is_open=rows.is_open or bool(rows.names))

    def of_row(self, row: Row, name: str, named: Mapping[str, Value]) -> Value:
        """Follow a method of an object."""
        chosen = row.selection
        for field in row.changed:
            chosen |= row.lacking.get(field, r.NOTHING)
        once = r.Selection(min(r.Share.FEW, chosen.share), chosen.whole)
        if name == "delete":
            self.delete(row.facts, once)
        elif name == "save" and row.is_new:
            row.is_new, row.selection = False, r.FEW
            self.emit(inserts(row.facts.table, self.here))
        elif name == "save":
            self._mention(row.facts, row.changed)
            columns = self._columns(row.facts, {**_named_fields(named), **row.changed})
            found = writes("UPDATE", row.facts.table, once, self.here, columns)
            self.emit(_certain(found) if row.is_there else found)
        elif name == "refresh_from_db":
            return row
        return UNKNOWN

    def of_pairs(self, pairs: Pairs, name: str) -> Value:
        """Follow a method of a many-to-many field."""
        if name in ("add", "set", "create"):
            self.emit(inserts(pairs.table, self.here))
        if name in ("remove", "clear", "set"):
            self.emit(writes("DELETE", pairs.table, r.FEW, self.here))
        return UNKNOWN

    def delete(self, facts: ModelFacts, rows: r.Selection) -> None:
        """Delete rows, and first those that reference them, as Django does."""
        for other in self.models.all():
            for field in other.fields.values():
                relation = field.relation
                is_along = relation is not None and relation.model == facts.key and other.key != facts.key
                remote = getattr(field.field, "remote_field", None)
                if is_along and other.migrates and getattr(remote, "on_delete", None) is models.CASCADE:
                    self.emit(writes("DELETE", other.table, rows, self.here))
        self.emit(writes("DELETE", facts.table, rows, self.here))


def _annotated(rows: Rows, name: str, given: Sequence[Value], named: Mapping[str, Value]) -> Rows:
    """What a method returns that leaves the rows as they are."""
    if name == "select_for_update":
        return replace(rows, is_locked=True)
    if name in ("alias", "annotate"):
        return replace(rows, names=rows.names.union(named), is_open=rows.is_open or bool(given))
    is_strange = name == "prefetch_related" and not all(isinstance(one, Constant) for one in given)
    return replace(rows, is_open=True) if is_strange or name == "extra" else rows


def _certain(effects: Iterator[e.Effect]) -> Iterator[e.Effect]:
    for effect in effects:
        yield replace(effect, is_certain=True) if isinstance(effect, r.Write) else effect


def _named_fields(named: Mapping[str, Value]) -> dict[str, Value]:
    return dict.fromkeys(names_in(named.get("update_fields")), UNKNOWN)
