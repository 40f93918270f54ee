"""What a change of type costs. The pairs were tried on PostgreSQL 15."""

import pytest

from django_prodready.migration_safety.static.type_changes import (
    Type,
    Work,
    has_no_cast,
    narrows,
    parse,
    work_for,
)

FREE = [
    ("varchar(10)", "varchar(20)"),
    ("varchar(10)", "varchar"),
    ("varchar(10)", "text"),
    ("text", "varchar"),
    ("character varying(10)", "varchar(10)"),
    ("numeric(8, 2)", "numeric(10, 2)"),
    ("numeric(8, 2)", "numeric"),
    ("cidr", "inet"),
    ("integer", "int4"),
    ("integer[]", "integer[3]"),
    ("varchar(10)[]", "varchar[]"),
    ("timestamp(3)", "timestamp"),
    ("timestamp(0) with time zone", "timestamp(3) with time zone"),
    ("timestamp(0) with time zone", "timestamptz"),
    ("timestamptz", "timestamp(6) with time zone"),
    ("timestamp(0)[]", "timestamp[]"),
    ("time", "time without time zone"),
    ("time(0)", "time(3)"),
    ("time", "time(8)"),
    ("timetz(0)", "time with time zone"),
    ("interval(0)", "interval"),
    ("interval", "interval(6)"),
    ("varbit(3)", "bit varying(5)"),
    ("varbit(3)", "varbit"),
]
REWRITTEN = [
    ("varchar(20)", "varchar(10)"),
    ("varchar", "varchar(10)"),
    ("text", "varchar(10)"),
    ("text", "citext(3)"),
    ("numeric(8, 2)", "numeric(8, 3)"),
    ("numeric", "numeric(8, 2)"),
    ("integer", "bigint"),
    ("json", "jsonb"),
    ("char(10)", "char(20)"),
    ("varchar(10)[]", "varchar(20)[]"),
    ("integer", "integer[]"),
    ("timestamp(3) without time zone", "timestamp(0)"),
    ("timestamptz", "timestamptz(3)"),
    ("time(3)", "time(0)"),
    ("interval(3)", "interval(0)"),
    ("timestamp(0)[]", "timestamp(3)[]"),
    ("timestamp(3)", "timestamptz(3)"),
    ("varbit(3)", "varbit(2)"),
    ("bit(3)", "bit(4)"),
]
INDEXES = [
    ("timestamp(3)", "timestamptz"),
    ("timestamp", "timestamptz(6)"),
    ("text", "citext"),
    ("citext", "varchar"),
    ("timestamp without time zone", "timestamp with time zone"),
]


@pytest.mark.parametrize(
    ("old", "new", "work"),
    [
        *((old, new, Work.NOTHING) for old, new in FREE),
        *((old, new, Work.REWRITE) for old, new in REWRITTEN),
        *((old, new, Work.INDEXES) for old, new in INDEXES),
        (None, "text", Work.UNKNOWN),
        ("text", None, Work.UNKNOWN),
    ],
)
def test_work(old, new, work):
    assert work_for(old, new) is work


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("varchar(20)", "varchar(10)"),
        ("text", "varchar(10)"),
        ("bigint", "integer"),
        ("numeric", "numeric(5, 2)"),
        ("numeric(8, 2)", "integer"),
        ("numeric(8, 2)", "numeric(8, 3)"),
        ("integer", "numeric(5, 2)"),
        ("double precision", "real"),
        ("double precision", "bigint"),
        ("text", "integer"),
        ("integer", "text"),
        ("integer", "integer[]"),
        ("timestamp with time zone", "date"),
    ],
)
def test_narrowed(old, new):
    assert narrows(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("varchar(10)", "varchar(20)"),
        ("varchar(10)", "text"),
        ("text", "citext"),
        ("integer", "bigint"),
        ("integer", "numeric"),
        ("integer", "double precision"),
        ("smallint", "numeric(8, 2)"),
        ("numeric(8, 2)", "numeric(8, 1)"),
        ("date", "timestamp with time zone"),
        ("timestamp without time zone", "timestamp with time zone"),
        ("uuid", "uuid"),
        (None, "text"),
        ("text", None),
    ],
)
def test_not_narrowed(old, new):
    assert not narrows(old, new)


def test_a_type_with_its_size_in_the_middle():
    assert parse("timestamp(3) with time zone") == Type("timestamp with time zone", 3, 0)


def test_a_type_that_is_written_in_no_known_way():
    assert parse('"Mood"') == Type('"Mood"')


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("jsonb", "varchar(40)[]", True),
        ("integer[]", "integer", True),
        ("varchar(40)", "varchar(40)[]", False),
        ("text[]", "text", False),
        ("integer[]", "bigint[]", False),
        ("jsonb", "json", False),
        ("mood", "mood[]", False),
        (None, "text", False),
        ("text", None, False),
    ],
)
def test_casts(old, new, expected):
    assert has_no_cast(old, new) is expected
