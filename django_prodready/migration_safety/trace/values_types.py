"""Values by the type of a column, as text that PostgreSQL reads. For fields of unknown classes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django_prodready.migration_safety.trace.rows_server import opened
from django_prodready.migration_safety.trace.values_text import short

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

_SIZE = re.compile(r"\(([^)]*)\)")
_ARRAY = re.compile(r"\[\d*\]\s*$")

# https://www.postgresql.org/docs/current/datatype.html
_FORMS = {
    "bigint": "{0}",
    "bigserial": "{0}",
    "boolean": "{1}",
    "bool": "{1}",
    "bytea": "{0}",
    "cidr": "10.{2}.{3}.0/24",
    "citext": "{0}",
    "date": "2024-01-{4:02d}",
    "daterange": "[2024-01-{4:02d},2024-02-{4:02d})",
    "double precision": "{0}",
    "float": "{0}",
    "float4": "{0}",
    "float8": "{0}",
    "hstore": "number=>{0}",
    "inet": "10.0.{2}.{3}",
    "int": "{0}",
    "int2": "{0}",
    "int4": "{0}",
    "int4range": "[{0},{5})",
    "int8": "{0}",
    "int8range": "[{0},{5})",
    "integer": "{0}",
    "interval": "{0} minutes",
    "json": '{{"number": {0}}}',
    "jsonb": '{{"number": {0}}}',
    "jsonpath": "$",
    "ltree": "top.n{0}",
    "macaddr": "08:00:2b:00:{2:02x}:{3:02x}",
    "money": "{0}",
    "name": "{0}",
    "numrange": "[{0},{5})",
    "oid": "{0}",
    "point": "({0},0)",
    "real": "{0}",
    "serial": "{0}",
    "smallint": "{0}",
    "smallserial": "{0}",
    "text": "{0}",
    "time": "12:00",
    "timestamp": "2024-01-{4:02d} 12:00:00",
    "timestamptz": "2024-01-{4:02d} 12:00:00+00",
    "timetz": "12:00+00",
    "tsquery": "word",
    "tsrange": "[2024-01-{4:02d},2024-02-{4:02d})",
    "tstzrange": "[2024-01-{4:02d},2024-02-{4:02d})",
    "tsvector": "word{0}",
    "uuid": "00000000-0000-4000-8000-{0:012d}",
    "xml": "<n>{0}</n>",
}
_TEXTS = {"varchar": None, "character varying": None, "char": 1, "character": 1, "bpchar": 1}
_NUMBERS = frozenset(("numeric", "decimal"))
_BITS = frozenset(("bit", "bit varying", "varbit"))
_VECTORS = frozenset(("vector", "halfvec"))  # of pgvector
_ENUM_LABELS = "SELECT enumlabel FROM pg_enum WHERE enumtypid = to_regtype(%s) ORDER BY enumsortorder"


def by_column_type(column_type: str, number: int) -> str | None:
    """Return the ``number``-th value of a type as PostgreSQL writes it; None for a type that is not known."""
    size = _SIZE.search(column_type)
    is_array = _ARRAY.search(column_type) is not None
    name = " ".join(_ARRAY.sub("", _SIZE.sub(" ", column_type)).lower().split())
    if name.endswith(" with time zone"):
        name = name.removesuffix(" with time zone") + "tz"
    value = _scalar(name.removesuffix(" without time zone"), size[1] if size else "", number)
    if value is None or not is_array:
        return value
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{{"{quoted}"}}'


def enum_labels(column_type: str, connection: BaseDatabaseWrapper) -> list[str]:
    """Return the values of an enumerated type, none when it is no such type. The name is as SQL has it."""
    with opened(connection) as server:
        return [label for (label,) in server.rows(_ENUM_LABELS, [column_type])]


def _scalar(name: str, size: str, number: int) -> str | None:
    sizes = [int(digits) for digits in re.findall(r"\d+", size)]
    if name in _TEXTS:
        return short(number, (sizes or [_TEXTS[name] or 20])[0])
    if name in _NUMBERS:
        return _numeric(sizes, number)
    if name in _BITS:
        return "1" * (sizes or [1])[0]
    if name in _VECTORS and sizes:
        return f"[{','.join(['1'] * sizes[0])}]"
    form = _FORMS.get(name)
    if form is None:
        return None
    is_true = "true" if number % 3 == 0 else "false"
    return form.format(number + 1, is_true, number // 256 % 256, number % 256, number % 28 + 1, number + 2)


def _numeric(sizes: list[int], number: int) -> str:
    before = sizes[0] - (sizes[1] if len(sizes) > 1 else 0) if sizes else 20
    return str((number + 1) % 10**before) if before > 0 else "0"
