"""Which models a migration has to do with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_prodready.migration_safety.trace.names import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from django.apps.registry import Apps
    from django.db.migrations import Migration
    from django.db.migrations.operations.base import Operation
    from django.db.migrations.state import ProjectState
    from django.db.models import Model

    from django_prodready.migration_safety.trace.catalog import Relations
    from django_prodready.migration_safety.trace.compatibility_words import Failure

_VIEWS = ("v", "m")  # as in pg_class.relkind
_READS = ("select", "filter", "order", "join")


def models_to_probe(
    apps: Apps, migration: Migration, changed_tables: Collection[str], other: Apps | None = None
) -> tuple[type[Model], ...]:
    """Return the models of a state that a migration touches.

    A model is touched if an operation names it, or if its table, or a many-to-many table of its own, is among
    ``changed_tables``; or if it asks these for other columns than the models of the ``other`` state do.
    """
    named = {(migration.app_label, name.lower()) for name in _names(migration.operations)}
    models = set(apps.get_models())
    others = set(other.get_models()) if other else models
    asked = {columns for model in others - models for columns in _columns_of(model)}  # states share the rest
    return tuple(
        model
        for model in apps.get_models()
        if (model._meta.app_label, model._meta.model_name) in named
        or not tables_of(model).isdisjoint(changed_tables)
        or (model not in others and not asked.issuperset(_columns_of(model)))
    )


def asks_the_same(model: type[Model], before: ProjectState, after: ProjectState) -> bool:
    """Whether code with a model asks the same in two states, of which one was made of the other."""
    key = model._meta.app_label, str(model._meta.model_name)
    old, new = before.models.get(key), after.models.get(key)
    if old is None or new is None or old.bases != new.bases:
        return False
    options = (old.options.keys() | new.options.keys()) - {"indexes", "constraints"}
    # States share the fields that no operation has changed.
    return (
        all(old.options.get(name) == new.options.get(name) for name in options)
        and old.fields.keys() == new.fields.keys()
        and all(new.fields[name] is field for name, field in old.fields.items())
    )


def with_tables(models: Iterable[type[Model]], relations: Relations) -> tuple[type[Model], ...]:
    """Leave out models whose tables Django does not make, and that only production has."""
    there = {relation.name for relation in relations.values()}
    return tuple(model for model in models if model._meta.managed or plain(model._meta.db_table) in there)


def writes_to_view(failure: Failure, after: Relations) -> bool:
    """Whether it is a write to a view. New code that has a model of one mostly reads it.

    What the deployed code writes to a view, and no longer can, is told of that code.
    """
    views = {relation.name for relation in after.values() if relation.kind in _VIEWS}
    return failure.kind not in _READS and plain(failure.table) in views


def tables_of(model: type[Model]) -> frozenset[str]:
    """Return the tables that a model alone has."""
    between: list[Any] = [field.remote_field.through for field in model._meta.local_many_to_many]
    tables = {plain(through._meta.db_table) for through in between if through._meta.auto_created}
    return frozenset(tables | {plain(model._meta.db_table)})


def _columns_of(model: type[Model]) -> Iterator[tuple[str, ...]]:
    """Yield each table that a model alone has, and the columns that it asks of it."""
    between: list[Any] = [field.remote_field.through for field in model._meta.local_many_to_many]
    for asked in (model, *(through for through in between if through._meta.auto_created)):
        columns = sorted(str(field.column) for field in asked._meta.local_concrete_fields)
        yield plain(asked._meta.db_table), *columns


def _names(operations: Iterable[Operation]) -> Iterator[str]:
    """Yield the names of models in operations, also in those that operations hold."""
    for operation in operations:
        for attribute in ("model_name", "name", "old_name", "new_name"):
            name = getattr(operation, attribute, None)
            if isinstance(name, str):
                yield name
        for nested in ("database_operations", "state_operations"):
            yield from _names(getattr(operation, nested, ()))
