"""Which model stands behind a table, and which field behind a column, in one state of the models."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model


@dataclass(frozen=True, slots=True)
class Owner:
    """The model of a table."""

    app_label: str
    model: str
    fields: dict[str, str] = field(default_factory=dict)  # name by column


def plain(db_table: str) -> str:
    """Give the name of a table as the catalogue has it: models may write ``schema"."table``."""
    return db_table.replace('"', "")


class Names:
    """Tables and columns of a set of historical models. The first model of a table is its owner."""

    def __init__(self, models: Iterable[type[Model]]) -> None:
        self._models = models

    @cached_property
    def _owners(self) -> dict[str, Owner]:
        owners: dict[str, Owner] = {}
        for model in self._models:
            options = model._meta
            if options.proxy or options.swapped:
                continue
            owner = owners.setdefault(
                plain(options.db_table), Owner(options.app_label, options.object_name or "")
            )
            for local in options.local_concrete_fields:
                owner.fields.setdefault(str(local.column), local.name)  # a concrete field has one
        return owners

    def owner(self, table: str | None) -> Owner | None:
        """Return the model of a table; None where none is known."""
        return self._owners.get(table or "")

    def uses(self, table: str, column: str | None = None) -> bool:
        """Whether a model reads and writes a table, or a column of it."""
        owner = self._owners.get(table)
        return owner is not None and (column is None or column in owner.fields)
