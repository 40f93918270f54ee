"""The secrets that are known beyond their names: those that a class of settings declares as such."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings

from django_prodready.audit.facts.effective import all_values
from django_prodready.audit.facts.load_failure import partial_settings
from django_prodready.management.prodsettings.fingerprint import KEY_VARIABLE
from django_prodready.management.prodsettings.plain_values import Plain, plain
from django_prodready.reporting.redaction import Redactor
from django_prodready.reporting.secret_values import secrets_in
from django_prodready.settings.declared import Computed
from django_prodready.settings.environment.field import Field
from django_prodready.settings.environment.problems import UnresolvedError
from django_prodready.settings.environment.reading import Reading
from django_prodready.settings.records import Record, latest
from django_prodready.settings.settling import declared_in, fields_of

__all__ = ["is_declared_secret", "redactor"]


def redactor(load_failure: BaseException | None = None, *, also: Iterable[str] = ()) -> Redactor:
    """Make a redactor for the secrets of environment, class and settings, as far as these were loaded."""
    values = all_values(settings) if settings.configured else {}
    if load_failure is not None:
        values = {**partial_settings(load_failure), **values}
    record = latest()
    known = {*secrets_in(values, os.environ), *_by_metadata(record, values)}
    return Redactor(filter(None, {*known, *also, os.environ.get(KEY_VARIABLE, "")}))


def is_declared_secret(record: Record | None, name: str, value: object) -> bool:
    """Whether all of the setting is a secret because it comes from a field that is one.

    A transform reads many fields for many settings: what it set is looked through for secrets instead.
    """
    origin = record.origins.get(name) if record else None
    if record is None or origin is None or not origin.is_secret:
        return False
    attribute = declared_in(record.cls).get(name)
    if isinstance(attribute, Field):
        return attribute.is_secret
    if isinstance(attribute, Computed):
        # By type(): isinstance() would evaluate a lazy value.
        return not issubclass(type(value), Mapping | list | tuple | set | frozenset)
    return not origin.mixins  # a field of the module itself


def _by_metadata(record: Record | None, values: Mapping[str, Any]) -> Iterator[str]:
    if record is None:
        return
    reading = Reading(os.environ, may_build=record.is_build)
    for field in fields_of(record.cls):
        if field.is_secret:
            yield from _of_field(field, reading)
    for name, value in values.items():
        if is_declared_secret(record, name, value):
            yield from _secrets_of(name, plain(value))


def _of_field(field: Field, reading: Reading) -> Iterator[str]:
    """Yield what the field holds, and its text as it stands when that is refused."""
    try:
        value = reading.value_of(field)
    except UnresolvedError:
        value = os.environ.get(field.variable, "")
    yield from _secrets_of(field.variable, plain(value))


def _secrets_of(name: str, tree: Plain) -> Iterator[str]:
    """Yield each text of ``tree``; of URLs and dictionaries only the secret parts."""
    if isinstance(tree, str) and "://" not in tree:
        yield tree
    elif isinstance(tree, list):
        for item in tree:
            yield from _secrets_of(name, item)
    else:
        yield from secrets_in({name: tree}, {})
