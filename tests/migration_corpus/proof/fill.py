"""Fill tables with rows that are valid, plain and distinct, whatever the tables are.

Row g of every table has the same value for the same type, so that foreign keys point to rows that exist.
Texts are digits, which are harmless to most casts. Columns that came after their table are what they are on
a site: NULL, or the default that existing rows got.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import Error, connection, transaction

Births = dict[int, frozenset[int]]
Choices = Mapping[tuple[str, str], list[str]]

COLUMNS = """
    SELECT a.attnum, a.attname, b.typname, format_type(b.oid, NULL), b.typtype, a.atttypmod, a.attnotnull,
           a.atthasdef, (a.attmissingval::text::text[])[1],
           format_type(a.atttypid, a.atttypmod), e.typname,
           EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique
                   AND a.attnum = ANY (i.indkey)),
           pg_get_serial_sequence(a.attrelid::regclass::text, a.attname)
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
    LEFT JOIN pg_type e ON e.oid = b.typelem AND b.typcategory = 'A'
    WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    ORDER BY a.attnum
"""
HOUR = "(timestamp{} '2020-01-01' + g * interval '1 hour')"
PLAIN: dict[str, str] = {
    "int8": "g",
    "int4": "g",
    "int2": "(g % 32767)",
    "oid": "g",
    "float4": "g",
    "float8": "g",
    "money": "g",
    "text": "g::text",
    "citext": "g::text",
    "name": "g::text",
    "bool": "(g % 2 = 0)",
    "uuid": "md5(g::text)",
    "bytea": "decode(md5(g::text), 'hex')",
    "json": "json_build_object('n', g)",
    "jsonb": "jsonb_build_object('n', g)",
    "date": "(date '2000-01-01' + g::int)",
    "time": "(time '00:00' + g * interval '1 second')",
    "timestamp": "(timestamp '2020-01-01' + g * interval '1 minute')",
    "timestamptz": "(timestamptz '2020-01-01' + g * interval '1 minute')",
    "interval": "g * interval '1 second'",
    "inet": "('10.0.0.0'::inet + g)",
    "cidr": "network('10.0.0.0'::inet + g)",
    "int4range": "int4range(g::int, g::int + 1)",
    "int8range": "int8range(g, g + 1)",
    "numrange": "numrange(g, g + 1)",
    "daterange": "daterange(date '2000-01-01' + g::int, date '2000-01-02' + g::int)",
    "tsrange": f"tsrange({HOUR.format('')}, {HOUR.format('')} + interval '1 hour')",
    "tstzrange": f"tstzrange({HOUR.format('tz')}, {HOUR.format('tz')} + interval '1 hour')",
    "tsvector": "to_tsvector('simple', g::text)",
    "hstore": "hstore('n', g::text)",
    "point": "point(g, g)",
}


class NeedsSeedError(Exception):
    """Generic rows are not valid for a table; the case needs a function `seed`."""


@dataclass(frozen=True)
class Column:
    """A column that an INSERT names."""

    number: int
    name: str
    type: str
    full_type: str
    kind: str
    modifier: int
    is_required: bool
    has_default: bool
    missing: str | None
    cast: str
    element: str | None
    in_unique: bool
    sequence: str | None

    def value(self) -> str:
        """Return the SQL of row g's value."""
        if self.kind == "e":
            choices = f"enum_range(NULL::{self.full_type})"
            return f"({choices})[1 + g % array_length({choices}, 1)]"
        if self.element is not None:
            return f"ARRAY[{PLAIN.get(self.element, 'g::text')}]::{self.cast}"
        if self.type in ("varchar", "bpchar") and self.modifier > 4:
            return f"right(g::text, {self.modifier - 4})"
        if self.type == "numeric" and self.modifier > 4:
            precision, scale = (self.modifier - 4) >> 16, (self.modifier - 4) & 0x7FF
            return f"((g % 10::numeric ^ {precision}) / 10::numeric ^ {scale})"
        if self.type in ("bit", "varbit"):
            return f"g::int::bit({max(self.modifier, 1)})"
        return f"({PLAIN.get(self.type, 'g::text')})::{self.cast}"


def fill(tables: Mapping[int, str], births: Births, choices: Choices, rows: int, *, aged: bool) -> None:
    """Fill each empty table with up to `rows` rows; `aged` leaves late columns as existing rows have them."""
    with connection.cursor() as cursor:
        # Neither foreign keys nor triggers look at the rows: the former are cared for below.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET default_statistics_target = 10")
        try:
            for table, name in tables.items():
                cursor.execute(f"SELECT EXISTS (SELECT FROM {name})")
                if not cursor.fetchone()[0]:
                    _fill_table(cursor, table, name, births.get(table), choices, rows, aged=aged)
            _remove_orphans(cursor, rows)
            for name in tables.values():
                cursor.execute(f"ANALYZE {name}")
        finally:
            cursor.execute("RESET ALL")


def _fill_table(
    cursor: Any,
    table: int,
    name: str,
    born: frozenset[int] | None,
    choices: Choices,
    rows: int,
    *,
    aged: bool,
) -> None:
    cursor.execute(COLUMNS, [table])
    columns = [Column(*row) for row in cursor.fetchall()]
    ways: list[Callable[[Column], str | None]] = [lambda column: _young(column, name, choices)]
    if aged and born is not None:
        ways.insert(0, lambda column: _aged(column, name, choices, born))
    problem: Error | None = None
    for way in ways:
        for tail in ("", "ON CONFLICT DO NOTHING"):
            try:
                with transaction.atomic():
                    cursor.execute(_insert(name, {c: way(c) for c in columns}, tail), [rows])
            except Error as error:
                problem = error
            else:
                _advance(cursor, name, columns)
                return
    raise NeedsSeedError(f"{name}: {problem}")


def _aged(column: Column, table: str, choices: Choices, born: frozenset[int]) -> str | None:
    if column.number in born or (column.in_unique and column.is_required):
        return _young(column, table, choices)
    if not column.is_required:
        return f"NULL::{column.cast}"
    if column.missing is not None:
        return "'" + column.missing.replace("'", "''").replace("%", "%%") + f"'::{column.cast}"
    return None if column.has_default else _young(column, table, choices)


def _young(column: Column, table: str, choices: Choices) -> str | None:
    named = choices.get((table, column.name))
    if named and not column.in_unique:
        listed = ", ".join("'" + choice.replace("'", "''").replace("%", "%%") + "'" for choice in named)
        return f"(ARRAY[{listed}])[1 + g %% {len(named)}]::{column.cast}"
    return column.value().replace("%", "%%")


def _insert(table: str, values: dict[Column, str | None], tail: str) -> str:
    given = {column.name: value for column, value in values.items() if value is not None}
    names = ", ".join(f'"{name}"' for name in given).replace("%", "%%")
    return (
        f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE "
        f"SELECT {', '.join(given.values())} FROM generate_series(1, %s::bigint) AS g {tail}"
    )


def _advance(cursor: Any, table: str, columns: list[Column]) -> None:
    for column in columns:
        if column.sequence:
            cursor.execute(
                f'SELECT setval(%s, (SELECT COALESCE(max("{column.name}"), 0) + 1 FROM {table}))',
                [column.sequence],
            )


def _remove_orphans(cursor: Any, rows: int) -> None:
    """Delete rows whose parent was left out because a unique constraint wants fewer rows than asked for."""
    cursor.execute(
        """SELECT conrelid::regclass, confrelid::regclass, a.attname, p.attname FROM pg_constraint c
           JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1]
           JOIN pg_attribute p ON p.attrelid = confrelid AND p.attnum = confkey[1]
           WHERE contype = 'f' AND array_length(conkey, 1) = 1 AND conparentid = 0"""
    )
    for child, parent, key, target in cursor.fetchall():
        cursor.execute(f"SELECT count(*) FROM {parent}")
        if cursor.fetchone()[0] < rows:
            cursor.execute(
                f'DELETE FROM {child} c WHERE "{key}" IS NOT NULL '
                f'AND NOT EXISTS (SELECT FROM {parent} p WHERE p."{target}" = c."{key}")'
            )
