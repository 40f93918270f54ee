"""Writes fields, indexes and constraints as the Python of a migration."""

from __future__ import annotations

from typing import Any

from django.db.migrations.writer import MigrationWriter


def python(value: Any) -> str | None:
    """Write a value as a migration would; None where Django cannot."""
    try:
        return str(MigrationWriter.serialize(value)[0])
    except Exception:  # noqa: BLE001 - a project's own class may raise what it likes when it is taken apart
        return None


def field(bound: Any, *, without: tuple[str, ...] = (), **options: Any) -> str | None:
    """Write a field with other options than it has."""
    try:
        _, _, args, kwargs = bound.deconstruct()
        kept = {key: value for key, value in kwargs.items() if key not in without}
        changed = type(bound)(*args, **{**kept, **options})
    except Exception:  # noqa: BLE001 - a project's own class may not take these options
        return None
    return python(changed)
