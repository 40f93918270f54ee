"""What stands on a table or a column: PostgreSQL takes it along, or refuses to let go.

https://www.postgresql.org/docs/current/ddl-depend.html
"""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.catalogue import Catalogue, Table


def dependents_of(effect: e.Effect, catalogue: Catalogue) -> tuple[str, ...]:
    """Say, in words, what refuses a change of type, or a DROP without CASCADE."""
    if isinstance(effect, e.DropColumn | e.DropTable) and effect.is_cascading:
        return ()
    if isinstance(effect, e.AlterType | e.DropColumn):
        table = catalogue.get(effect.table)
        views = [f"the view {one.name}" for one in _views_on(catalogue, effect.table, effect.column)]
        return (*views, *(f"the column {name}" for name in computed_from(table, effect.column)))
    if isinstance(effect, e.DropTable):
        return tuple(f"the view {one.name}" for one in _views_on(catalogue, effect.table))
    return ()


def taken_along(catalogue: Catalogue, table: str, column: str | None = None) -> list[str]:
    """Name the views that CASCADE drops with a table, or a column of it: those on others first."""
    found: list[str] = []
    for view in _views_on(catalogue, table, column):
        found += [name for name in (*taken_along(catalogue, view.name), view.name) if name not in found]
    return found


def computed_from(table: Table | None, column: str) -> list[str]:
    """Name the generated columns that are made of a column."""
    columns = table.columns.values() if table is not None else ()
    return [one.name for one in columns if column in one.computed_from]


def _views_on(catalogue: Catalogue, table: str, column: str | None = None) -> Iterator[Table]:
    for one in catalogue.values():
        if any(read == table and column in (None, name) for read, name in one.reads):
            yield one
