"""Turns an operation into effects, and lets the models and the catalogue follow it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.db.migrations import operations as o
from django.db.migrations.operations.models import ModelOperation

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import indexes, special, tables
from django_prodready.migration_safety.static.catalogue import Catalogue
from django_prodready.migration_safety.static.models import ModelFacts, ModelKey, Models
from django_prodready.migration_safety.static.scope import Scope, Translator
from django_prodready.migration_safety.static.simulate import simulate

if TYPE_CHECKING:
    from django.db.migrations.operations.base import Operation

_POSTGRES = "django.contrib.postgres.operations"


def _nothing(operation: Any, scope: Scope) -> Iterator[e.Effect]:  # noqa: ARG001 - a translator
    yield from ()


_SILENT = ("AlterConstraint", "AlterModelManagers", "AlterModelOptions", "AlterModelTableComment")
_TRANSLATORS: dict[type, Translator] = {
    **tables.TRANSLATORS,
    **indexes.TRANSLATORS,
    **special.TRANSLATORS,
    **{getattr(o, name): _nothing for name in _SILENT if hasattr(o, name)},  # one is new in Django 6.0
}
# Named, since the module cannot be imported without psycopg. They lock no table.
_BY_NAME: dict[str, Translator] = {
    **indexes.POSTGRES_TRANSLATORS,
    "CreateCollation": _nothing,
    "CreateExtension": _nothing,
    "RemoveCollation": _nothing,
}
_WITHOUT_STATE = (o.RunPython,)
_ONE_MODEL = (
    *tables.TRANSLATORS,
    *indexes.TRANSLATORS,
    o.AlterModelManagers,
    o.AlterModelOptions,
    o.AlterModelTableComment,
)


def translate(
    operation: Operation, app_label: str, models: Models, catalogue: Catalogue, position: int
) -> Iterator[e.Effect]:
    """Yield what one operation does, statement by statement; ``models`` is moved past it.

    The caller lets the catalogue follow each effect before it takes the next one.
    """
    if isinstance(operation, o.SeparateDatabaseAndState) and not _runs_its_own(
        operation, o.SeparateDatabaseAndState
    ):
        yield from _separate(operation, app_label, models, catalogue, position)
        return
    translator = _translator_of(operation)
    try:
        old = advance(operation, app_label, models)
    except Exception as error:  # noqa: BLE001 - Django raises the same when it migrates
        kind = type(error).__name__
        yield e.Fails(table="", reason=f"the models cannot follow {type(operation).__name__} ({kind})")
        return
    scope = Scope(app_label=app_label, old=old, models=models, catalogue=dict(catalogue))
    is_opaque = False
    for effect in translator(operation, scope):
        is_opaque = is_opaque or (isinstance(effect, e.Opaque) and effect.follows_state)
        yield effect
    if is_opaque and isinstance(operation, o.RunSQL):
        _assume(operation.state_operations, app_label, old, models, catalogue, position)


def _separate(
    operation: o.SeparateDatabaseAndState,
    app_label: str,
    models: Models,
    catalogue: Catalogue,
    position: int,
) -> Iterator[e.Effect]:
    """The database operations run against models of their own, which are then forgotten."""
    is_opaque = False
    if operation.database_operations:
        apart = models.clone()
        for inner in operation.database_operations:
            for effect in translate(inner, app_label, apart, catalogue, position):
                is_opaque = is_opaque or isinstance(effect, e.Opaque)
                yield effect
    for inner in operation.state_operations:
        if is_opaque:
            _assume([inner], app_label, {}, models, catalogue, position)
        else:
            advance(inner, app_label, models)


def _assume(
    operations: Iterable[Operation],
    app_label: str,
    old: Mapping[ModelKey, ModelFacts],
    models: Models,
    catalogue: Catalogue,
    position: int,
) -> None:
    """Take what could not be read to do to the database what the state operations tell the models."""
    for operation in operations:
        if not old:
            for effect in translate(operation, app_label, models, catalogue, position):
                simulate(effect, catalogue, position)
            continue
        scope = Scope(app_label=app_label, old=old, models=models, catalogue=dict(catalogue))
        for effect in _translator_of(operation)(operation, scope):
            simulate(effect, catalogue, position)


def _translator_of(operation: Operation) -> Translator:
    for kind in type(operation).__mro__:
        found = _BY_NAME.get(kind.__name__) if kind.__module__ == _POSTGRES else _TRANSLATORS.get(kind)
        if found is not None:
            return special.own(found) if _runs_its_own(operation, kind) else found
    return special.own(None)


def _runs_its_own(operation: Operation, kind: type) -> bool:
    """Whether a subclass does something else to the database than Django's class."""
    return any(
        getattr(type(operation), name, None) is not getattr(kind, name, None)
        for name in ("database_forwards", "_run_sql", "create_collation")
    )


def advance(operation: Operation, app_label: str, models: Models) -> Mapping[ModelKey, ModelFacts]:
    """Move the models past an operation, and return those that it may change as they were before."""
    if isinstance(operation, _WITHOUT_STATE):
        return {}
    if isinstance(operation, o.RunSQL):
        old: dict[ModelKey, ModelFacts] = {}
        for inner in operation.state_operations:
            for key, facts in advance(inner, app_label, models).items():
                old.setdefault(key, facts)
        return old
    if isinstance(operation, _ONE_MODEL) and _tells_state_as_django(operation):
        return _advance_one(operation, app_label, models)
    return _advance_any(operation, app_label, models)


def _tells_state_as_django(operation: Operation) -> bool:
    """Whether a subclass leaves it to Django what the models are told."""
    function: Any = type(operation).state_forwards
    return str(getattr(function, "__module__", "")).startswith("django.")


def _advance_one(operation: Operation, app_label: str, models: Models) -> Mapping[ModelKey, ModelFacts]:
    keys = _named(operation, app_label)
    old = {key: facts for key in keys if (facts := models.get(*key)) is not None}
    stale: set[ModelKey] = set(keys)
    if _reaches_others(operation, old):
        old = models.snapshot()
        stale = models.referencing(keys)
    operation.state_forwards(app_label, models.state)
    models.forget(stale)
    return old


def _named(operation: Any, app_label: str) -> list[ModelKey]:
    if isinstance(operation, o.RenameModel):
        return [(app_label, operation.old_name.lower()), (app_label, operation.new_name.lower())]
    name = operation.name if isinstance(operation, ModelOperation) else operation.model_name
    return [(app_label, name.lower())]


def _reaches_others(operation: Any, old: Mapping[ModelKey, ModelFacts]) -> bool:
    """Whether columns of other models depend on what is changed: what foreign keys point to."""
    if isinstance(operation, o.RenameModel | o.AlterModelTable):
        return True
    if not isinstance(operation, o.AlterField | o.RenameField):
        return False
    name = operation.name if isinstance(operation, o.AlterField) else operation.old_name
    fields = [model.fields[name] for model in old.values() if name in model.fields]
    becomes_key = isinstance(operation, o.AlterField) and operation.field.primary_key
    return becomes_key or any(facts.unique or facts.is_many_to_many for facts in fields)


def _advance_any(operation: Operation, app_label: str, models: Models) -> Mapping[ModelKey, ModelFacts]:
    """Move past an operation that may change any model: compare them all."""
    old = models.snapshot()
    before = _contents(models)
    operation.state_forwards(app_label, models.state)
    after = _contents(models)
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    if changed:
        models.forget(changed)
        models.forget({facts.key for facts in old.values() if facts.references(changed)})
    return old


def _contents(models: Models) -> dict[ModelKey, list[tuple[str, Any]]]:
    """List the parts of each model. Fields are equal only to themselves, options by value."""
    return {
        key: [*state.fields.items(), *state.options.items()] for key, state in models.state.models.items()
    }
