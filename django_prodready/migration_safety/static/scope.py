"""What a translator of operations has at hand: the models before and after, and the catalogue before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.catalogue import Catalogue, Constraint, Kind
from django_prodready.migration_safety.static.fields import FieldFacts
from django_prodready.migration_safety.static.models import ModelFacts, ModelKey, Models

if TYPE_CHECKING:
    from django.db.migrations.operations.base import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One operation in its place."""

    app_label: str
    old: Mapping[ModelKey, ModelFacts]  # before the operation: at least the models that it names
    models: Models  # after it
    catalogue: Catalogue  # before it; not to be changed

    def before(self, name: str) -> ModelFacts | None:
        """The model of that name before the operation, if it has a table on this alias."""
        facts = self.old.get((self.app_label, name.lower()))
        return facts if facts is not None and facts.migrates else None

    def after(self, name: str) -> ModelFacts | None:
        """The model of that name after the operation, if it has a table on this alias."""
        facts = self.models.get(self.app_label, name)
        return facts if facts is not None and facts.migrates else None

    def constraints(self, table: str, *kinds: Kind) -> tuple[Constraint, ...]:
        """The constraints that a table has; none where it is not known."""
        found = self.catalogue.get(table)
        return found.of_kind(*kinds) if found is not None else ()


Translator = Callable[[Any, Scope], Iterator[e.Effect]]


def origin(
    model: ModelFacts, operation: Operation | None = None, field: FieldFacts | None = None, **more: Any
) -> e.Origin:
    """Say which part of the project an effect comes from."""
    return e.Origin(
        app_label=model.key[0],
        model=model.name,
        field=field.name if field is not None else None,
        operation=type(operation).__name__ if operation is not None else "",
        **more,
    )
