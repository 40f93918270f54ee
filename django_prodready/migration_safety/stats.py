"""The file of ``--export-stats`` and ``--stats``: the sizes of the target's tables, for use without it.

JSON with one line for each table, sorted, so that a file kept in version control shows what has grown:
``{"schema": 1, "taken_at": "…", "database": "shop", "server_version": "17.2", "since": null,
"search_path": ["public"], "tables": {"public.shop_book": {"rows": 1200000, "bytes": 104857600, …}}}``.
It names no host and no account.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from django.db import Error

from django_prodready.migration_safety import sizes
from django_prodready.migration_safety.files import write_whole
from django_prodready.migration_safety.read_only import patient
from django_prodready.migration_safety.sizes import Sizes, TableSize

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["SCHEMA", "StatsError", "export", "load"]

SCHEMA = 1

# A table that doubles in less is rare, and an estimate is no better than that.
_OLD = timedelta(days=90)
_FIELDS = tuple(field.name for field in dataclasses.fields(TableSize))


class StatsError(Exception):
    """The file cannot be written or read. The message says why, and what to do."""


def export(connection: BaseDatabaseWrapper, path: Path) -> Sizes:
    """Write the sizes of all tables of the database to ``path``, and return them. Raises StatsError."""
    if connection.vendor != "postgresql":
        raise StatsError(
            f"--export-stats reads PostgreSQL's catalogue, and DATABASES[{connection.alias!r}] is none: "
            "give the alias of the production database by --database."
        )
    try:
        with patient(connection, sizes.CONNECT_TIMEOUT_S):
            found = sizes.read(connection)
    except (Error, ImproperlyConfigured) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(". ")
        raise StatsError(
            f"The database {connection.alias!r} cannot be asked for the sizes of its tables ({reason}). "
            "Run it where the database can be reached, with any role that may connect to it."
        ) from error
    if path.exists() and not path.is_file():
        raise StatsError(f"{path} is no regular file: give the name of one.")
    try:
        write_whole(path, dump(found))
    except OSError as error:
        raise StatsError(f"{path} cannot be written: {error.strerror}.") from error
    return found


def dump(found: Sizes) -> str:
    """Write sizes as the text of the file."""
    head = {
        "schema": SCHEMA,
        "taken_at": _time(found.taken_at),
        "database": found.database,
        "server_version": found.server_version,
        "since": _time(found.since),
        "search_path": list(found.search_path),
    }
    lines = [
        f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}," for name, value in head.items()
    ]
    tables = [
        f"    {json.dumps(name, ensure_ascii=False)}: {json.dumps(dataclasses.asdict(size))}"
        for name, size in sorted(found.tables.items())
    ]
    return "\n".join(["{", *lines, '  "tables": {', ",\n".join(tables), "  }", "}", ""])


def load(path: Path, now: datetime | None = None) -> Sizes:
    """Read the file; a note says when it is old. Raises StatsError."""
    document = _document(path)
    try:
        found = _sizes(document)
    except _ShapeError as wrong:
        raise StatsError(f"{path.name}: {wrong}. {_again(path)}") from None
    now = now or datetime.now(UTC)
    age = now - (found.taken_at or now)
    if age <= _OLD:
        return found
    note = f"The sizes of the tables are those of {path.name}, which is {age.days} days old. {_again(path)}"
    return dataclasses.replace(found, notes=(note,))


class _ShapeError(Exception):
    """What is wrong with the file, in words."""


def _again(path: Path) -> str:
    return f"Make a new one: manage.py prodmigrate --export-stats {path}"


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")


def _document(path: Path) -> object:
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        raise StatsError(f"{path.name} is not UTF-8 text. {_again(path)}") from None
    except json.JSONDecodeError as error:
        raise StatsError(
            f"{path.name} is not valid JSON: {error.msg} (line {error.lineno}, column {error.colno}). "
            f"{_again(path)}"
        ) from None
    except OSError as error:
        raise StatsError(f"{path} cannot be read: {error.strerror}. {_again(path)}") from None


def _sizes(document: object) -> Sizes:
    if not isinstance(document, dict) or "schema" not in document:
        raise _ShapeError("it is no file of table sizes")
    if document["schema"] != SCHEMA:
        raise _ShapeError(f'"schema" must be {SCHEMA}, and this one is of another version')
    tables, search_path = document.get("tables"), document.get("search_path")
    if not isinstance(tables, dict):
        raise _ShapeError('"tables" must be an object')
    if not isinstance(search_path, list) or not all(isinstance(schema, str) for schema in search_path):
        raise _ShapeError('"search_path" must be a list of schemas')
    taken_at = _moment(document, "taken_at")
    if taken_at is None:
        raise _ShapeError('"taken_at" is missing')
    return Sizes(
        tables={name: _table(name, values) for name, values in tables.items()},
        search_path=tuple(search_path),
        database=str(document.get("database", "")),
        server_version=str(document.get("server_version", "")),
        taken_at=taken_at,
        since=_moment(document, "since"),
    )


def _moment(document: dict[str, Any], key: str) -> datetime | None:
    text = document.get(key)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _ShapeError(f'"{key}" must be a time with its offset, such as 2026-11-01T06:30:00+00:00')
    return moment


def _table(name: str, values: object) -> TableSize:
    if not isinstance(values, dict):
        raise _ShapeError(f'"{name}" of "tables" must be an object')
    for key in _FIELDS:
        value = values.get(key)
        is_unknown = key == "rows" and value is None and key in values
        is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        if not (is_unknown or is_count):
            raise _ShapeError(f'"{key}" of the table "{name}" must be a whole number')
    return TableSize(**{key: values[key] for key in _FIELDS})
