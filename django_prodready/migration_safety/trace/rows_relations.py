"""Bring rows into relations: into the tables of models by their fields, into others by their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from django_prodready.migration_safety.trace import catalog, rows, rows_bare
from django_prodready.migration_safety.trace.names import plain

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.apps.registry import Apps
    from django.db.backends.base.base import BaseDatabaseWrapper

_TABLES = ("r", "p")


def fill(
    existing: catalog.Relations,
    wanted: Collection[int],
    apps: Apps,
    connection: BaseDatabaseWrapper,
    count: int | None = None,
) -> tuple[dict[int, int], list[str]]:
    """Bring a few rows into each table that is wanted, or ``count``, and a few into those it needs.

    Return how many each of them has then, and what was refused.
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
        seeded = rows.multiply(models, connection, count) if count else rows.seed(models, connection)
    filled = tables.union(map(plain, seeded.rows))
    having = [one for one in existing.values() if one.kind in _TABLES and one.name in filled]
    if having:
        # What was rolled back in these tables makes them look empty to the planner.
        catalog.tell(connection, f"ANALYZE {', '.join(relation.sql for relation in having)}")
    counts = catalog.count_rows(connection, having)
    refused = [
        f"{table}: {reason}"
        for table, reason in seeded.unfilled.items()
        if plain(table) in tables and not seeded.rows.get(table)
    ]
    return counts, refused
