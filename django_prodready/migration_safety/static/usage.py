"""Which tables a release may still use: those of its models, and what the database joins to them."""

from __future__ import annotations

from collections.abc import Iterable

from django_prodready.migration_safety.static.catalogue import Catalogue, Table
from django_prodready.migration_safety.static.models import ModelFacts


def tables_of(models: Iterable[ModelFacts]) -> frozenset[str]:
    """Name the tables of models, those of many-to-many fields among them."""
    found: set[str] = set()
    for model in models:
        found |= {model.table, *(pair.table for pair in model.pairs.values())}
    return frozenset(found)


def is_forgotten(table: Table, used: frozenset[str], catalogue: Catalogue) -> bool:
    """Whether a table was made for a model that is gone, and no view or function names it."""
    if not table.is_modelled or table.name in used:
        return False
    return not any(
        table.name in (one.body or "") or any(read == table.name for read, _ in one.reads)
        for one in catalogue.values()
    )
