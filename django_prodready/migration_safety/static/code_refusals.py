"""Says which calls Django refuses whatever the rows: on slices, and with names that a model does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import models as django_models

from django_prodready.migration_safety.static.code_values import (
    Condition,
    Constant,
    Reference,
    Rows,
    Value,
    names_in,
)
from django_prodready.migration_safety.static.history import accessors, has_path
from django_prodready.migration_safety.static.models import ModelFacts, Models

_NOT_ON_SLICES = (
    "delete",
    "distinct",
    "earliest",
    "in_bulk",
    "last",
    "latest",
    "order_by",
    "reverse",
    "update",
)
_FILTERS = ("exclude", "filter", "get")  # without conditions they are none
_LOOKUPS = ("exclude", "filter", "get", "get_or_create", "update_or_create")
_SETS = ("create", "update")
_NAMES = ("defer", "only", "order_by", "select_related", "values", "values_list")
_NO_LOOKUPS = ("defaults", "create_defaults")


def refusal(rows: Rows, name: str, given: Sequence[Value], named: Mapping[str, Value], models: Models) -> str:
    """Say why a call of a queryset's method raises; empty where it does not."""
    if rows.is_sliced and (name in _NOT_ON_SLICES or (name in _FILTERS and (given or named))):
        return f"Django refuses {name}() on a slice of a queryset"
    if rows.has_values and name == "delete":
        return "Django refuses delete() behind values()"
    for path in _paths(name, given, named) if not rows.is_open else ():
        if path.partition("__")[0] not in rows.names and not has_path(rows.facts, path, models):
            return missing(rows.facts, path)
    return ""


def missing(facts: ModelFacts, name: str) -> str:
    """Say that a model has no such field."""
    return f"{facts.name} has no {name} at this point of its history"


def _paths(name: str, given: Sequence[Value], named: Mapping[str, Value]) -> Iterator[str]:
    """Name the fields that a call mentions."""
    if name in _LOOKUPS:
        yield from (key for key in named if key not in _NO_LOOKUPS)
    if name in _SETS:
        yield from named
    if name in _NAMES:
        texts = (one.value for one in given if isinstance(one, Constant))
        yield from (one.lstrip("-+") for one in texts if isinstance(one, str) and one != "?")
    if name == "bulk_update":
        yield from names_in(given[1] if len(given) > 1 else named.get("fields"))
    for value in (*given, *named.values()):
        yield from _inside(value)


def _inside(value: Value) -> Iterator[str]:
    if isinstance(value, Reference):
        yield from value.names
    elif isinstance(value, Condition):
        yield from (key for key, _ in value.lookups)
        for inner in (*value.parts, *(one for _, one in value.lookups)):
            yield from _inside(inner)


def is_attribute(facts: ModelFacts, name: str, models: Models) -> bool:
    """Whether an object of a historical model has an attribute: methods of the project's class it has not."""
    if name.startswith(("_", "get_")) or hasattr(django_models.Model, name):
        return True
    return name in ("DoesNotExist", "MultipleObjectsReturned") or name in accessors(facts, models)


def catches(handlers: Sequence[Any]) -> bool:
    """Whether one of these may catch what Django raises for a refused call."""
    return any(_name_of(handler.type) not in _OF_ROWS for handler in handlers)


def _name_of(node: Any) -> str:
    return str(getattr(node, "attr", None) or getattr(node, "id", ""))


_OF_ROWS = (
    "DoesNotExist",
    "IntegrityError",
    "MultipleObjectsReturned",
    "ObjectDoesNotExist",
    "ValidationError",
)
