"""Whether a default is computed once for a statement or for each row: PostgreSQL's volatility."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import NOT_PROVIDED
from django.db.models.expressions import Func, RawSQL

from django_prodready.migration_safety.static.catalogue import Table, function_key


class Volatility(enum.Enum):
    """How often PostgreSQL computes a value."""

    CONSTANT = "constant"  # immutable or stable: once for a statement
    VOLATILE = "volatile"  # for each row
    UNKNOWN = "unknown"  # a function that is not PostgreSQL's own


_VOLATILE = frozenset(
    """
    clock_timestamp currval gen_random_bytes gen_random_uuid gen_salt lastval nextval random
    random_normal setseed setval timeofday txid_current uuid_generate_v1 uuid_generate_v1mc
    uuid_generate_v4 uuidv4 uuidv7
    """.split()  # noqa: SIM905 - words
)
# SQL's own words before a parenthesis, and functions of PostgreSQL that people write into defaults.
_NOT_VOLATILE = frozenset(
    """
    abs age and array array_append array_cat array_length array_to_string array_to_tsvector ascii
    bit_length btrim case cast cbrt ceil ceiling char char_length chr coalesce collate concat
    concat_ws convert_from convert_to cube current_database current_date current_schema
    current_setting current_time current_timestamp current_user date date_bin date_part date_trunc
    daterange decimal decode degrees div else encode end exp extract false floor format gcd greatest
    hstore in inet initcap int int4range int8range interval is isfinite json json_array
    json_build_array json_build_object json_object jsonb jsonb_build_array jsonb_build_object
    jsonb_object jsonb_set justify_hours lcm least left length ln localtime localtimestamp log log10
    lower lpad ltrim make_date make_interval make_time make_timestamp make_timestamptz md5 mod
    multirange not now null nullif num_nonnulls numeric numrange octet_length or overlay
    pg_client_encoding point position power quote_literal radians regexp_replace repeat replace
    reverse right round row row_to_json rpad rtrim session_user sha224 sha256 sha384 sha512 sign
    split_part sqrt starts_with statement_timestamp string_to_array strpos substr substring text
    then time timestamp timestamptz timezone to_char to_date to_hex to_json to_jsonb to_number
    to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim true trunc tsrange
    tstzrange unistr upper user uuid varchar version when width_bucket xmlelement
    """.split()  # noqa: SIM905 - words
)
_CALL = re.compile(r"""([a-z_][a-z0-9_.]*)"?\s*\(""", re.IGNORECASE)
_STRING = re.compile(r"'(?:[^']|'')*'")


# Functions that answer otherwise at another time.
_OF_NOW = frozenset(("now", "statement_timestamp", "transaction_timestamp"))
_NO_FUNCTIONS: Mapping[str, Table] = {}


def of(default: Any, catalogue: Mapping[str, Table] = _NO_FUNCTIONS) -> Volatility:
    """Say how often a ``db_default`` is computed. ``catalogue`` has the functions of the project."""
    if default is NOT_PROVIDED or not hasattr(default, "flatten"):
        return Volatility.CONSTANT
    return _worst(_of_part(part, catalogue) for part in default.flatten())


def changes(expression: Any) -> bool:
    """Whether an expression has another value later or again, from the same columns."""
    parts = expression.flatten() if hasattr(expression, "flatten") else ()
    names = (_function_of(part).lower() for part in parts if isinstance(part, Func))
    return any(name in _VOLATILE or name in _OF_NOW for name in names)


def of_sql(sql: str, catalogue: Mapping[str, Table] = _NO_FUNCTIONS) -> Volatility:
    """Say how often an expression in SQL is computed. ``catalogue`` has the functions of the project."""
    calls = _CALL.findall(_STRING.sub("''", sql))
    return _worst(_of_function(name, catalogue) for name in calls)


def _worst(found: Iterator[Volatility]) -> Volatility:
    seen = set(found)
    return next(
        (one for one in (Volatility.VOLATILE, Volatility.UNKNOWN) if one in seen), Volatility.CONSTANT
    )


def _of_part(part: Any, catalogue: Mapping[str, Table]) -> Volatility:
    if isinstance(part, RawSQL):
        return of_sql(part.sql, catalogue)
    if not isinstance(part, Func):
        return Volatility.CONSTANT
    name = _function_of(part)
    if name:
        return _of_function(name, catalogue)
    return of_sql(str(part.extra.get("template", part.template)), catalogue)


def _function_of(part: Any) -> str:
    """Name the function that Django would call on PostgreSQL."""
    own = type(part).__name__
    if own in ("UUID4", "UUID7", "RandomUUID", "Random"):
        return "gen_random_uuid"
    if own == "Now":
        return "statement_timestamp"
    if type(part).__module__.startswith("django."):
        return str(part.extra.get("function", part.function) or "") if own == "Func" else "coalesce"
    return str(part.extra.get("function", part.function) or "")


def _of_function(name: str, catalogue: Mapping[str, Table]) -> Volatility:
    lowered = name.lower()
    short = lowered.rpartition(".")[2]
    if short in _VOLATILE:
        return Volatility.VOLATILE
    if short in _NOT_VOLATILE:
        return Volatility.CONSTANT
    own = catalogue.get(function_key(lowered.removeprefix("public.")))
    if own is None:
        return Volatility.UNKNOWN
    return Volatility.VOLATILE if own.is_volatile else Volatility.CONSTANT
