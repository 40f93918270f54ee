"""Which names a historical model has: its fields, and what other models' relations give it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models as django_models

from django_prodready.migration_safety.static.fields import FieldFacts
from django_prodready.migration_safety.static.models import ModelFacts, ModelKey, Models


def is_open(facts: ModelFacts) -> bool:
    """Whether a model may have names that its own fields do not show: of parents, or of managers."""
    return facts.has_managers or facts.bases != (django_models.Model,)


def has_path(facts: ModelFacts, path: str, models: Models) -> bool:
    """Whether a lookup names fields that are there; what stands behind one without relation is not asked."""
    current: ModelFacts | None = facts
    for number, part in enumerate(path.split("__")):
        if current is None or is_open(current):
            return True
        field = _field(current, part)
        relations = dict(_reverse(current, models, is_query=True)) if field is None else {}
        if field is None and part not in relations:
            return number > 0 and part in _LOOKUPS
        key = relations[part] if field is None else _target(field, current.key, models)
        if key is None:
            return True
        current = models.get(*key)
    return True


def accessors(facts: ModelFacts, models: Models) -> set[str]:
    """Name the attributes that an object has for its fields, and for the relations of other models."""
    own = {name for one in facts.fields.values() for name in (one.name, one.field.attname, one.column or "")}
    return own | {name for name, _ in _reverse(facts, models, is_query=False)}


_LOOKUPS = frozenset(
    """
    contained_by contains exact gt gte has_key in isnull lt lte overlap range
    """.split()  # noqa: SIM905 - words
)


def _field(facts: ModelFacts, name: str) -> FieldFacts | None:
    found = facts.field(name)
    return found or next((one for one in facts.fields.values() if one.field.attname == name), None)


def _target(field: FieldFacts, near: ModelKey, models: Models) -> ModelKey | None:
    if field.relation is not None:
        return field.relation.model
    remote = getattr(field.field, "remote_field", None)
    return models.key_of(remote.model, near) if remote is not None and remote.model is not None else None


def _reverse(facts: ModelFacts, models: Models, *, is_query: bool) -> Iterator[tuple[str, ModelKey]]:
    """Yield the names that relations of other models give a model, with these."""
    for other in models.all():
        for field in other.fields.values():
            if field.field.remote_field is not None and _target(field, other.key, models) == facts.key:
                yield _name_of(field.field, other.key, is_query=is_query), other.key
    for field in _of_apps_without_migrations(facts.key, models):
        options = field.model._meta
        yield _name_of(field, (options.app_label, options.model_name), is_query=is_query), facts.key


def _name_of(field: Any, key: ModelKey, *, is_query: bool) -> str:
    remote = field.remote_field
    words = {"app_label": key[0].lower(), "class": key[1], "model_name": key[1]}
    given = (getattr(remote, "related_query_name", None) if is_query else None) or remote.related_name
    if given:
        return str(given) % words
    return key[1] if is_query or field.one_to_one else f"{key[1]}_set"


def _of_apps_without_migrations(key: ModelKey, models: Models) -> Iterator[Any]:
    for label in models.state.real_apps:
        config = apps.app_configs.get(label)
        for model in config.get_models() if config is not None else ():
            for field in model._meta.get_fields():
                target = getattr(field, "related_model", None) if field.concrete else None
                if target is not None and (target._meta.app_label, target._meta.model_name) == key:
                    yield field
