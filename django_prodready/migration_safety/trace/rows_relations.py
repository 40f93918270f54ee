"""Bring rows into relations: into the tables of models by their fields, into others by their columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from django_prodready.migration_safety.trace import catalog, rows, rows_bare
from django_prodready.migration_safety.trace.names import plain

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.apps.registry import Apps
    from django.db.backends.base.base import BaseDatabaseWrapper

_TABLES = ("r", "p")


@dataclass(frozen=True, slots=True)
class More:
    """How many rows some relations are to have."""

    of: frozenset[int]
    count: int


def fill(
    existing: catalog.Relations,
    wanted: Collection[int],
    apps: Apps,
    connection: BaseDatabaseWrapper,
    more: More | None = None,
) -> tuple[dict[int, int], list[str]]:
    """Bring a few rows into each table that is wanted, and those it needs; ``more`` into some.

    Return how many each of them has then, and what was refused. Raises rows.TooLongError.
    """
    relations = [existing[oid] for oid in wanted if existing[oid].kind in _TABLES]
    tables = {relation.name for relation in relations}
    models = [
        model for model in apps.get_models(include_auto_created=True) if plain(model._meta.db_table) in tables
    ]
    modelled = {plain(model._meta.db_table) for model in models}
    bare = [relation for relation in relations if relation.name not in modelled]
    with transaction.atomic(connection.alias):
        rows_bare.fill(bare, connection)
        seeded = rows.seed(models, connection, apps=apps)
        if more is not None:
            few = {existing[oid].name for oid in more.of}
            many = [model for model in models if plain(model._meta.db_table) in few]
            rows.multiply(many, connection, more.count, apps)
    filled = tables.union(map(plain, seeded.rows))
    having = [one for one in existing.values() if one.kind in _TABLES and one.name in filled]
    if having:
        # What was rolled back in these tables makes them look empty to the planner.
        catalog.tell(connection, f"ANALYZE {', '.join(relation.sql for relation in having)}")
    counts = catalog.count_rows(connection, having)
    refused = [f"{table}: {reason}" for table, reason in seeded.unfilled.items() if plain(table) in tables]
    return counts, refused
