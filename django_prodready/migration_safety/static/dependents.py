"""What stands on a table or a column: PostgreSQL takes it along, or refuses to let go.

https://www.postgresql.org/docs/current/ddl-depend.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.catalogue import Catalogue, Table


def dependents_of(effect: e.Effect, catalogue: Catalogue) -> tuple[str, ...]:
    """Say, as clauses, what refuses a change of type, or a DROP without CASCADE."""
    if isinstance(effect, e.DropColumn | e.DropTable) and effect.is_cascading:
        return ()
    if isinstance(effect, e.AlterType | e.DropColumn):
        place = f"{effect.table}.{effect.column}"
        views = [f"the view {one.name}" for one in _views_on(catalogue, effect.table, effect.column)]
        columns = computed_from(catalogue.get(effect.table), effect.column)
        held = (*views, *(f"the column {name}" for name in columns))
        return tuple(f"{one} is made of {place}" for one in held)
    if isinstance(effect, e.DropTable):
        views = [f"the view {one.name} is made of" for one in _views_on(catalogue, effect.table)]
        keys = [f"the foreign key {name} points to" for name in _keys_to(effect.table, catalogue.values())]
        return tuple(f"{one} {effect.table}" for one in (*views, *keys))
    return ()


def taken_along(catalogue: Catalogue, table: str, column: str | None = None) -> list[str]:
    """Name the views that CASCADE drops with a table, or a column of it: those on others first."""
    found: list[str] = []
    for view in _views_on(catalogue, table, column):
        found += [name for name in (*taken_along(catalogue, view.name), view.name) if name not in found]
    return found


def referencing_first(catalogue: Catalogue, names: Iterable[str]) -> list[str]:
    """Sort tables that are dropped together, so that none is left with a foreign key to one that is gone."""
    left = list(dict.fromkeys(names))
    found: list[str] = []
    while left:
        tables = [catalogue[name] for name in left if name in catalogue]
        free = (name for name in left if not any(_keys_to(name, tables)))
        found.append(next(free, left[0]))
        left.remove(found[-1])
    return found


def _keys_to(name: str, tables: Iterable[Table]) -> Iterator[str]:
    for table in tables:
        if table.name != name:
            yield from (one.name for one in table.constraints.values() if one.to_table == name)


def computed_from(table: Table | None, column: str) -> list[str]:
    """Name the generated columns that are made of a column."""
    columns = table.columns.values() if table is not None else ()
    return [one.name for one in columns if column in one.computed_from]


def _views_on(catalogue: Catalogue, table: str, column: str | None = None) -> Iterator[Table]:
    for one in catalogue.values():
        if any(read == table and column in (None, name) for read, name in one.reads):
            yield one
