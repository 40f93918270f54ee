"""Follows columns and tables through a migration: one of the same name may be another one in the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.view import Act


def fate_of_table(acts: Iterable[Act], table: str) -> tuple[str | None, Act | None]:
    """Return the name that a table has in the end, and what dropped it: None where it still is there."""
    for act in acts:
        effect = act.effect
        if isinstance(effect, e.RenameTable) and effect.table == table:
            table = effect.new
        elif isinstance(effect, e.DropTable) and effect.table == table:
            return None, act
    return table, None


def fate_of_column(acts: Iterable[Act], table: str, column: str) -> tuple[str | None, Act | None]:
    """Return the name that a column has in the end, and what dropped it: None where it still is there."""
    for act in acts:
        effect = act.effect
        if isinstance(effect, e.RenameTable) and effect.table == table:
            table = effect.new
        elif isinstance(effect, e.RenameColumn) and (effect.table, effect.column) == (table, column):
            column = effect.new
        elif _drops(effect, table, column):
            return None, act
    return column, None


def _drops(effect: e.Effect, table: str, column: str) -> bool:
    if isinstance(effect, e.DropColumn):
        return (effect.table, effect.column) == (table, column)
    return isinstance(effect, e.DropTable) and effect.table == table


def maker_of_column(acts: Sequence[Act], table: str, column: str) -> Act | None:
    """Return what last gave a table a column of that name."""
    return next((act for act in reversed(acts) if _makes(act.effect, table, column)), None)


def _makes(effect: e.Effect, table: str, column: str) -> bool:
    if isinstance(effect, e.AddColumn):
        return (effect.table, effect.column.name) == (table, column)
    if isinstance(effect, e.RenameColumn):
        return (effect.table, effect.new) == (table, column)
    if isinstance(effect, e.RenameTable):
        return effect.new == table
    return isinstance(effect, e.CreateTable) and effect.table == table
