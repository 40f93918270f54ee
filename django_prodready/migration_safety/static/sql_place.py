"""What a reader of SQL knows of the place that a statement stands in: tables, columns, loops, functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.catalogue import Catalogue, Column, Kind, Table, function_key
from django_prodready.migration_safety.static.locks import ACCESS_EXCLUSIVE
from django_prodready.migration_safety.static.simulate import simulate

MARK = "…"  # stands for a name that is known only when a statement is run
_OF_POSTGRES = ("pg_", "information_schema.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a statement stands. The catalogue is its own and follows what is read."""

    catalogue: Catalogue
    origin: e.Origin = field(default_factory=e.Origin)
    is_loop: bool = False  # it is executed again and again, with other values each time
    is_conditional: bool = False  # what exists already is not made again
    calling: tuple[str, ...] = ()  # the functions whose bodies are being read
    read_body: Callable[[str, Place], Iterator[e.Effect]] = lambda body, place: iter(())  # noqa: ARG005
    results: Mapping[str, r.Selection] = field(default_factory=dict)  # of WITH: names that are no tables

    def inside(self, *, is_loop: bool = False, is_conditional: bool = False) -> Place:
        """The place inside of a loop or a condition."""
        return replace(
            self,
            is_loop=self.is_loop or is_loop,
            is_conditional=self.is_conditional or is_conditional,
        )

    def with_result(self, name: str, rows: r.Selection) -> Place:
        """The place where a name stands for the result of a query."""
        return replace(self, results={**self.results, name: rows})

    def follow(self, effects: Iterable[e.Effect]) -> Iterator[e.Effect]:
        """Yield effects, and let the catalogue follow each."""
        for effect in effects:
            if self.is_conditional and self._is_there(effect):
                continue
            simulate(effect, self.catalogue, 0)
            yield effect

    def _is_there(self, effect: e.Effect) -> bool:
        table = self.catalogue.get(effect.table)
        if isinstance(effect, e.AddConstraint):
            return table is not None and effect.constraint.name in table.constraints
        if isinstance(effect, e.AddColumn):
            return table is not None and effect.column.name in table.columns
        if isinstance(effect, e.CreateIndex):
            return table is not None and effect.index.name in table.indexes
        return isinstance(effect, e.CreateTable) and table is not None

    def look_into_default(self, parent: str) -> Iterator[e.Effect]:
        """Read the default partition, as PostgreSQL does for each new one: it may have rows that go there."""
        for table in list(self.catalogue.values()):
            if table.default_of == parent:
                yield e.LockTable(table=table.name, origin=self.origin, mode=ACCESS_EXCLUSIVE)
                yield e.ReadRows(table=table.name, origin=self.origin)

    def is_table(self, name: str) -> bool:
        """Whether a name is that of a table of the project: not PostgreSQL's own, and no result's."""
        return bool(name) and name not in self.results and not name.startswith(_OF_POSTGRES)

    def table_of_index(self, name: str) -> str:
        """Return the table that has the index; empty where it is not known."""
        for table in self.catalogue.values():
            if name in table.indexes or name in table.constraints:
                return table.name
        return ""

    def knows(self, function: str) -> bool:
        """Whether the migrations so far have made a function of that name."""
        return function_key(function) in self.catalogue

    def call(self, name: str) -> Iterator[e.Effect]:
        """Read the body of a function that a migration has made; of others, say that it was not read."""
        known = self.catalogue.get(function_key(name))
        if known is None or known.body is None:
            yield self.opaque(f"The function {name} is called; what it does was not read.")
        elif name not in self.calling:
            yield from self.read_body(known.body, replace(self, calling=(*self.calling, name)))

    def opaque(self, reason: str) -> e.Opaque:
        """Say that something was not read."""
        return e.Opaque(table="", origin=self.origin, reason=reason)


def told(effects: Iterable[e.Effect], place: Place) -> Iterator[e.Effect]:
    """Yield what a statement with unknown parts does. That it was not read is said where they matter."""
    is_told = False
    is_open = False
    for effect in effects:
        changed = replace(effect, table="") if effect.table == MARK else effect
        is_told = True
        is_open = is_open or changed is not effect or MARK in repr(effect).replace(f"name={MARK!r}", "")
        yield changed
    if is_open or not is_told:
        yield place.opaque("A statement of SQL that is put together when it runs was not read as a whole.")


def column_of(table: Table | None, name: str) -> Column | None:
    """Return a column; None where it is not known."""
    return table.columns.get(name) if table is not None else None


def is_key(table: Table | None, columns: Iterable[str]) -> bool:
    """Whether values of these columns belong to one row."""
    if table is None:
        return set(columns) == {"id"}
    given = set(columns)
    constraints = table.of_kind(Kind.PRIMARY_KEY, Kind.UNIQUE)
    if any(one.columns and set(one.columns) <= given for one in constraints):
        return True
    return any(
        one.is_unique and not one.depends_on and set(one.columns) <= given for one in table.indexes.values()
    )


def is_indexed(table: Table | None, column: str) -> bool:
    """Whether an index begins with the column."""
    if table is None:
        return False
    return any(
        one.columns[:1] == (column,) and column not in one.depends_on for one in table.indexes.values()
    )


def is_primary_key(table: Table | None, column: str) -> bool:
    """Whether the column is the primary key: its values count the rows."""
    if table is None:
        return column == "id"
    return any(one.columns == (column,) for one in table.of_kind(Kind.PRIMARY_KEY))


def writes(
    verb: str, name: str, rows: r.Selection, place: Place, columns: Mapping[str, bool] | None = None
) -> Iterator[e.Effect]:
    """Yield what a statement that writes rows does. ``columns``: those set, and whether to NULL."""
    share = rows.whole if place.is_loop else rows.share
    if share is r.Share.NONE:
        return
    is_batch = place.is_loop and rows.share < share
    if max(rows.share, r.Share.FEW if is_batch else share) is r.Share.SOME:
        yield e.ReadRows(table=name, origin=place.origin)
    set_columns = tuple((columns or {}).items())
    yield r.Write(
        table=name,
        origin=place.origin,
        verb=verb,
        nearly_all=share is r.Share.ALL,
        in_batches=is_batch,
        column=set_columns[0][0] if len(set_columns) == 1 else None,
        columns=tuple(column for column, is_null in set_columns if not is_null),
        is_certain=share >= r.Share.SOME,
    )


def inserts(name: str, place: Place, rows: r.Selection = r.FEW) -> Iterator[e.Effect]:
    """Yield what a statement that adds rows does, one for each of ``rows`` of another table."""
    share = max(rows.share, r.Share.ALL if place.is_loop else r.Share.NONE)
    is_many = share >= r.Share.SOME
    yield r.Write(table=name, origin=place.origin, verb="INSERT", nearly_all=False, is_many=is_many)


def reads(name: str, rows: r.Selection, place: Place) -> Iterator[e.Effect]:
    """Yield what a statement that reads rows does."""
    share = rows.whole if place.is_loop else rows.share
    if share >= r.Share.SOME:
        yield e.ReadRows(table=name, origin=place.origin)
