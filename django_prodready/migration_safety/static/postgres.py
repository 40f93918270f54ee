"""Stands in for a connection to PostgreSQL where fields are asked for their types; needs no psycopg."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import split_identifier, truncate_name

MAX_NAME_LENGTH = 63  # of an identifier: https://www.postgresql.org/docs/current/sql-syntax-lexical.html


def _varchar(data: Mapping[str, Any]) -> str:
    return "varchar" if data["max_length"] is None else f"varchar({data['max_length']})"


def _numeric(data: Mapping[str, Any]) -> str:
    digits, places = data["max_digits"], data["decimal_places"]
    return "numeric" if digits is None and places is None else f"numeric({digits}, {places})"


# By a field's internal type: https://docs.djangoproject.com/en/stable/ref/databases/#postgresql-notes
_TYPES: Mapping[str, Any] = {
    "AutoField": "integer",
    "BigAutoField": "bigint",
    "BigIntegerField": "bigint",
    "BinaryField": "bytea",
    "BooleanField": "boolean",
    "CharField": _varchar,
    "DateField": "date",
    "DateTimeField": "timestamp with time zone",
    "DecimalField": _numeric,
    "DurationField": "interval",
    "FileField": _varchar,
    "FilePathField": _varchar,
    "FloatField": "double precision",
    "GenericIPAddressField": "inet",
    "IPAddressField": "inet",
    "IntegerField": "integer",
    "JSONField": "jsonb",
    "PositiveBigIntegerField": "bigint",
    "PositiveIntegerField": "integer",
    "PositiveSmallIntegerField": "smallint",
    "SlugField": _varchar,
    "SmallAutoField": "smallint",
    "SmallIntegerField": "smallint",
    "TextField": "text",
    "TimeField": "time",
    "UUIDField": "uuid",
}
POSITIVE = frozenset({"PositiveBigIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField"})
AUTO = frozenset({"AutoField", "BigAutoField", "SmallAutoField"})

CONNECTION: Any = SimpleNamespace(
    vendor="postgresql",
    alias="default",
    settings_dict={"ENGINE": "django.db.backends.postgresql"},
    data_types=_TYPES,
    data_type_check_constraints={},
    data_types_suffix={},
    ops=SimpleNamespace(
        quote_name=lambda name: name, max_name_length=lambda: MAX_NAME_LENGTH, compiler_module=""
    ),
    features=SimpleNamespace(
        related_fields_match_type=False,
        can_rollback_ddl=True,
        has_native_uuid_field=True,
        has_native_json_field=True,
        supports_json_field=True,
        interprets_empty_strings_as_nulls=False,
    ),
)
_EDITOR: Any = BaseDatabaseSchemaEditor(CONNECTION)


@lru_cache(maxsize=4096)
def index_name(table: str, columns: tuple[str, ...], suffix: str) -> str:
    """Name an index or constraint as Django does."""
    return str(_EDITOR._create_index_name(table, list(columns), suffix))


def foreign_key_name(table: str, column: str, to_table: str, to_column: str) -> str:
    """Name a foreign key as Django does."""
    return index_name(table, (column,), f"_fk_{split_identifier(to_table)[1]}_{to_column}")


def table_name(text: str) -> str:
    """Shorten the name of a table as Django does."""
    return truncate_name(text, MAX_NAME_LENGTH)
