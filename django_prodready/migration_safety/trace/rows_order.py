"""In which order tables are filled: those that others refer to come first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.apps.registry import Apps
    from django.db.models import Model


def has_rows_of_its_own(model: type[Model]) -> bool:
    """Whether rows can be put into a model's table by Django's leave."""
    meta = model._meta
    return bool(meta.managed and not meta.proxy and not meta.swapped and not meta.abstract)


def relations_of(model: type[Model]) -> Iterator[Any]:
    """Yield the fields of a model's own table that refer to another row, parent links too."""
    for field in model._meta.local_concrete_fields:
        if field.is_relation and field.remote_field and hasattr(field, "target_field"):
            yield field


def parent_of(field: Any) -> type[Model]:
    """Return the model whose table a relation's constraint names."""
    parent: type[Model] = field.target_field.model._meta.concrete_model
    return parent


def parents_in(apps: Apps | None) -> Callable[[Any], type[Model]]:
    """Return a function that gives the parent of a relation as it is in ``apps``.

    Where a model changes, Django makes only those anew that refer to it. What refers to these in turn goes on
    referring to the models that they were, which know nothing of columns added since.
    """
    found = apps.get_models(include_auto_created=True) if apps else ()
    known = {model._meta.label_lower: model for model in found}
    return lambda field: known.get(parent_of(field)._meta.label_lower, parent_of(field))


def in_order(models: Iterable[type[Model]], apps: Apps | None = None) -> tuple[type[Model], ...]:
    """Return the models, their many-to-many tables, and all that they need, parents first.

    All that an asked model refers to is among them, and of such a parent what it cannot do without. Parents
    are models of ``apps``, if given.
    """
    asked: list[Any] = [model for model in models if has_rows_of_its_own(model)]
    for model in tuple(asked):
        asked += [
            field.remote_field.through
            for field in model._meta.local_many_to_many
            if field.remote_field.through._meta.auto_created
        ]
    order = _Order(frozenset(asked), parents_in(apps))
    for model in asked:
        order.visit(model)
    return tuple(order.found)


class _Order:
    def __init__(self, asked: frozenset[type[Model]], parent: Callable[[Any], type[Model]]) -> None:
        self.found: list[type[Model]] = []
        self._asked = asked
        self._parent = parent
        self._begun: set[type[Model]] = set()
        self._required: dict[type[Model], frozenset[type[Model]]] = {}

    def visit(self, model: type[Model]) -> None:
        """Put a model behind all that it refers to."""
        if model in self._begun or not has_rows_of_its_own(model):
            return
        self._begun.add(model)
        relations = sorted(relations_of(model), key=lambda field: bool(field.null))
        for field in relations:
            parent = self._parent(field)
            if not field.null or (model in self._asked and self._may_precede(parent)):
                self.visit(parent)
        self.found.append(model)

    def _may_precede(self, parent: type[Model]) -> bool:
        """Whether nothing that the parent cannot do without still waits for its turn."""
        waiting = self._begun.difference(self.found)
        return waiting.isdisjoint(self._needs(parent))

    def _needs(self, model: type[Model]) -> frozenset[type[Model]]:
        if model not in self._required:
            needed: set[type[Model]] = {model}
            open_models = [model]
            while open_models:
                parents = {self._parent(field) for field in relations_of(open_models.pop()) if not field.null}
                open_models += parents - needed
                needed |= parents
            self._required[model] = frozenset(needed)
        return self._required[model]
