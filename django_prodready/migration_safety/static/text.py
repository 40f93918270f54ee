"""Writes fields, indexes and constraints as the Python of a migration."""

from __future__ import annotations

import re
from typing import Any

from django.db import models
from django.db.migrations.writer import MigrationWriter

# ``models`` has them all, and a migration imports it: not what a string begins with, nor a longer path.
_MODELS = re.compile(r"(?<![\w.'\"])django\.db\.models\.(?:deletion\.)?")


def python(value: Any) -> str | None:
    """Write a value as one would in a migration; None where there is none, and where Django cannot."""
    if value is None:
        return None
    try:
        return _MODELS.sub("models.", str(MigrationWriter.serialize(value)[0]))
    except Exception:  # noqa: BLE001 - a project's own class may raise what it likes when it is taken apart
        return None


_BARE = {
    models.OneToOneField: models.ForeignKey,
    models.PositiveBigIntegerField: models.BigIntegerField,
    models.PositiveIntegerField: models.IntegerField,
    models.PositiveSmallIntegerField: models.SmallIntegerField,
}


def bare(bound: Any, *, is_constrained: bool = False, **options: Any) -> str | None:
    """Write a field without what is built or checked for it: an index, UNIQUE, a CHECK, a foreign key.

    ``is_constrained`` keeps the foreign key.
    """
    if bound.primary_key:
        return None
    without = {"db_index": False} if isinstance(bound, models.ForeignKey | models.SlugField) else {}
    if isinstance(bound, models.ForeignKey) and not is_constrained:
        without["db_constraint"] = False
    kind = _BARE.get(type(bound), type(bound))
    return field(bound, without=("unique", "db_index"), kind=kind, **without, **options)


def field(
    bound: Any, *, without: tuple[str, ...] = (), kind: type[Any] | None = None, **options: Any
) -> str | None:
    """Write a field with other options than it has, or as one of another kind."""
    try:
        _, _, args, kwargs = bound.deconstruct()
        kept = {key: value for key, value in kwargs.items() if key not in without}
        changed = (kind or type(bound))(*args, **{**kept, **options})
    except Exception:  # noqa: BLE001 - a project's own class may not take these options
        return None
    return python(changed)
