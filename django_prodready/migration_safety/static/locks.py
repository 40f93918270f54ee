"""Which locks an effect takes that keep writers waiting.

https://www.postgresql.org/docs/current/explicit-locking.html
"""

from __future__ import annotations

from collections.abc import Mapping

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.catalogue import Catalogue, Kind

ACCESS_EXCLUSIVE = "AccessExclusiveLock"
EXCLUSIVE = "ExclusiveLock"
SHARE_ROW_EXCLUSIVE = "ShareRowExclusiveLock"
SHARE = "ShareLock"

BLOCKING = (SHARE, SHARE_ROW_EXCLUSIVE, EXCLUSIVE, ACCESS_EXCLUSIVE)  # the strongest last

_NONE = (
    e.CreateTable,
    e.CreateView,
    e.RenameIndex,
    e.ValidateConstraint,
    e.ReadRows,
    e.WriteRows,
    e.Fails,
    e.Opaque,
    r.AddValue,
    r.Alone,
    r.CreateType,
    r.DropType,
    r.Immediate,
    r.Mention,
    r.RenameType,
    r.RenameValue,
    r.SetDomain,
    r.SetFunction,
    r.SetZone,
    r.Together,
    r.Transaction,
)


def locks_of(effect: e.Effect, catalogue: Catalogue) -> dict[str, str]:
    """Return the blocking locks by table; those on new tables among them."""
    if isinstance(effect, _NONE):
        return {}
    if isinstance(effect, e.LockTable):
        return {effect.table: effect.mode} if effect.mode in BLOCKING else {}
    if isinstance(effect, e.CreateIndex | e.DropIndex | e.RebuildIndex) and effect.is_concurrent:
        return {}
    if isinstance(effect, e.CreateIndex | e.RebuildIndex):
        return {effect.table: SHARE}
    if isinstance(effect, e.AddConstraint) and effect.constraint.kind is Kind.FOREIGN_KEY:
        return {table: SHARE_ROW_EXCLUSIVE for table in (effect.table, effect.constraint.to_table) if table}
    return {effect.table: ACCESS_EXCLUSIVE, **_other_tables(effect, catalogue)}


def _other_tables(effect: e.Effect, catalogue: Catalogue) -> dict[str, str]:
    """Dropping a foreign key, or what has one, locks the table that it references as well."""
    table = catalogue.get(effect.table)
    if table is None:
        return {}
    keys = table.of_kind(Kind.FOREIGN_KEY)
    if isinstance(effect, e.DropConstraint):
        keys = tuple(key for key in keys if key.name == effect.name)
    elif isinstance(effect, e.DropColumn):
        keys = tuple(key for key in keys if effect.column in key.columns)
    elif not isinstance(effect, e.DropTable):
        return {}
    return {key.to_table: ACCESS_EXCLUSIVE for key in keys if key.to_table}


def both(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    """Put the locks of two sets together: of each table the stronger one."""
    found = dict(first)
    for table, mode in second.items():
        found[table] = max(found.get(table, mode), mode, key=BLOCKING.index)
    return found
