"""The file fields of the project's models: how they name what they store."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField

from django_prodready.audit.facts.code_text import source_of

__all__ = ["default_upload_fields", "name_all_uniquely"]

# What makes a name that no other upload has, or a folder of the row's own.
_UNIQUE = re.compile(
    r"uuid|ulid|nanoid|token|random|secret|digest|hash|unique|time\.time|timestamp|\bpk\b|\bid\b",
    re.IGNORECASE,
)


def default_upload_fields() -> Iterator[FileField]:
    """Yield the models' file fields that store in ``STORAGES["default"]``; none before models are loaded."""
    for model in apps.get_models() if apps.models_ready else ():
        for field in model._meta.local_fields:
            if isinstance(field, FileField) and field.storage is default_storage:
                yield field


def name_all_uniquely(fields: Iterable[FileField]) -> bool:
    """Whether there are fields, and each gives its files names that no upload can repeat."""
    makers = [_name_maker(field) for field in fields]
    return bool(makers) and all(_UNIQUE.search(_source(maker)) for maker in makers)


def _name_maker(field: FileField) -> Any:
    """What makes the name of a file: the field's own class, else ``upload_to``."""
    own = type(field).generate_filename
    return field.upload_to if own is FileField.generate_filename else own


def _source(maker: Any) -> str:
    if not callable(maker):
        return ""
    return source_of(maker) or source_of(type(maker))  # an object with __call__ has a class with source
