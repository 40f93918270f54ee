"""What PostgreSQL has to do for another type of a column, and which values the new type refuses.

https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, replace


class Work(enum.Enum):
    """What is done with the rows and the indexes on the column."""

    NOTHING = "nothing"
    INDEXES = "indexes"  # built anew; the rows stay
    REWRITE = "rewrite"  # the table and all its indexes
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Type:
    """A type, taken apart."""

    base: str  # "varchar"
    size: int | None = None  # length, or precision
    scale: int | None = None
    is_array: bool = False


_TYPE = re.compile(
    r"(?P<base>[a-z_][a-z0-9_. ]*?)\s*(?:\(\s*(?P<size>\d+)\s*(?:,\s*(?P<scale>-?\d+)\s*)?\))?"
    r"(?P<rest>[a-z ]*)(?P<array>(?:\[\d*\])*)",
    re.IGNORECASE,
)
_SAME = {
    "bool": "boolean",
    "bpchar": "char",
    "character": "char",
    "character varying": "varchar",
    "decimal": "numeric",
    "double precision": "float8",
    "int": "integer",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "real": "float4",
    "serial": "integer",
    "bigserial": "bigint",
    "smallserial": "smallint",
    "time without time zone": "time",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "timetz": "time with time zone",
    "varbit": "bit varying",
}
_DIGITS = {"smallint": 5, "integer": 10, "bigint": 19}
_TEXT = ("varchar", "text", "citext")
_MOMENTS = ("timestamp without time zone", "timestamp with time zone")
# Types whose number says how many digits a second has behind the point; more than six are never kept.
_PRECISE = (*_MOMENTS, "time", "time with time zone", "interval")
_MOST_PRECISE = 6
_LIMITED = ("varchar", "bit varying")
# Pairs whose values are the same bytes, for which the indexes have other operators.
_OTHER_INDEX = {("text", "citext"), ("varchar", "citext"), ("citext", "text"), ("citext", "varchar")}
# What both sides of a deployment read and write alike.
_WIDER = {
    ("json", "jsonb"),
    ("jsonb", "json"),
    ("cidr", "inet"),
    ("date", "timestamp with time zone"),
    ("date", "timestamp without time zone"),
    ("float4", "float8"),
}


_KNOWN = {
    *("bigint", "boolean", "bytea", "char", "cidr", "citext", "date", "float4", "float8", "inet", "integer"),
    *("interval", "json", "jsonb", "numeric", "smallint", "text", "time", "uuid", "varchar", *_MOMENTS),
}


def is_built_in(text: str) -> bool:
    """Whether it is known what the type takes; of a domain or an enumeration it is not."""
    return parse(text).base in _KNOWN


def is_of_type(text: str, name: str) -> bool:
    """Whether the type of a column is that of this name, or an array of it."""
    plain = text.split("[", maxsplit=1)[0].split("(", maxsplit=1)[0].strip().replace('"', "")
    return plain.removeprefix("public.") == name


def parse(text: str) -> Type:
    """Take the name of a type apart."""
    match = _TYPE.fullmatch(" ".join(text.split()).lower())
    if match is None:
        return Type(text)
    base = f"{match['base']}{match['rest']}".strip()
    return Type(
        base=_SAME.get(base, base),
        size=int(match["size"]) if match["size"] else None,
        scale=int(match["scale"] or 0) if match["size"] else None,
        is_array=bool(match["array"]),
    )


def work_for(old: str | None, new: str | None, *, is_in_utc: bool = True) -> Work:
    """Say what a change of type costs. ``is_in_utc``: the session's time zone has no offset."""
    if old is None or new is None:
        return Work.UNKNOWN
    before, after = parse(old), parse(new)
    if before == after:
        return Work.NOTHING
    if before.is_array or after.is_array:
        loses_limit = before == replace(after, size=before.size, scale=before.scale) and after.size is None
        return Work.NOTHING if loses_limit else Work.REWRITE
    if before.base == after.base:
        return Work.NOTHING if _grows(before, after) else Work.REWRITE
    if before.base in _MOMENTS and after.base in _MOMENTS:
        return Work.INDEXES if is_in_utc and _is_most_precise(after) else Work.REWRITE
    return _between(before, after)


def _grows(before: Type, after: Type) -> bool:
    """Whether a longer form of the same type needs no look at the rows."""
    if before.base in _PRECISE:
        return _is_most_precise(after) or _is_longer(before, after)
    if after.size is None:
        return before.base in (*_LIMITED, "numeric")
    if before.base in _LIMITED:
        return _is_longer(before, after)
    return before.base == "numeric" and after.scale == before.scale and _is_longer(before, after)


def _is_longer(before: Type, after: Type) -> bool:
    return before.size is not None and after.size is not None and after.size >= before.size


def _is_most_precise(one: Type) -> bool:
    """Whether a type of time keeps all digits that PostgreSQL knows."""
    return one.size is None or one.size >= _MOST_PRECISE


def _between(before: Type, after: Type) -> Work:
    pair = before.base, after.base
    if pair in _OTHER_INDEX and after.size is None:
        return Work.INDEXES
    if before.base in _TEXT and after.base in _TEXT and after.size is None:
        return Work.NOTHING
    if pair == ("cidr", "inet"):
        return Work.NOTHING
    return Work.REWRITE


def has_no_cast(old: str | None, new: str | None) -> bool:
    """Whether PostgreSQL refuses the change for lack of a cast: an array is cast to and from text alone."""
    if old is None or new is None:
        return False
    before, after = parse(old), parse(new)
    single = after if before.is_array else before
    is_text = single.base in (*_TEXT, "char")
    return before.is_array != after.is_array and single.base in _KNOWN and not is_text


def narrows(old: str | None, new: str | None) -> bool:
    """Whether the new type refuses what code for the old one writes, or compares with."""
    if old is None or new is None or old == new:
        return False
    before, after = parse(old), parse(new)
    if before.is_array != after.is_array:
        return True
    if before.base in _TEXT and after.base in (*_TEXT, "char"):
        return after.size is not None and (before.size is None or after.size < before.size)
    if _is_number(before) and _is_number(after):
        return _narrows_number(before, after)
    if before.base in _MOMENTS and after.base in _MOMENTS:
        return False
    return before.base != after.base and (before.base, after.base) not in _WIDER


def _is_number(one: Type) -> bool:
    return one.base in (*_DIGITS, "numeric", "float4", "float8")


def _narrows_number(before: Type, after: Type) -> bool:
    if after.base in ("float4", "float8"):
        return before.base == "float8" and after.base == "float4"
    room = _room(after)
    needed = _room(before)
    if after.base in _DIGITS and before.base not in _DIGITS:
        return True
    return room is not None and (needed is None or room < needed)


def _room(one: Type) -> int | None:
    """Digits before the decimal point; None: no limit."""
    if one.base in _DIGITS:
        return _DIGITS[one.base]
    return None if one.size is None else one.size - (one.scale or 0)
