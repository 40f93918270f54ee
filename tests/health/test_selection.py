"""What the query string says, and which probes that selects."""

import json

import pytest

from django_prodready.health.answer import Refusal
from django_prodready.health.outcome import ProbeSpec
from django_prodready.health.probe import Probe
from django_prodready.health.query import EMPTY, Query, parse_query
from django_prodready.health.selection import select


def spec(name, *groups):
    return ProbeSpec(name=name, probe=Probe(), critical=True, deadline_s=1, groups=groups)


SPECS = {
    given.name: given
    for given in (
        spec("database", "ready"),
        spec("cache", "ready", "data"),
        spec("search", "data"),
        spec("alone"),
    )
}


@pytest.mark.parametrize(
    ("query", "selected"),
    [
        ("", ["database", "cache"]),
        ("verbose", ["database", "cache"]),
        ("probe=search", ["search"]),
        ("probe=search&probe=database", ["database", "search"]),  # as configured, not as asked
        ("probe=search&probe=search", ["search"]),
        ("probe=alone", ["alone"]),
        ("group=data", ["cache", "search"]),
        ("group=ready", ["database", "cache"]),
        ("group=data&group=ready", ["database", "cache", "search"]),
        ("group=data&probe=alone", ["cache", "search", "alone"]),
        ("exclude=cache", ["database"]),
        ("exclude=cache&exclude=database", []),
        ("exclude=search", ["database", "cache"]),
        ("group=data&exclude=cache", ["search"]),
        ("probe=cache&exclude=cache", []),
        ("prob%65=%73earch", ["search"]),
        ("probe=search;probe=alone&exclude=cache", None),
        ("nonsense=1&&=&&%zz", ["database", "cache"]),
    ],
)
def test_names_and_groups_add_up_and_exclusions_take_away(query, selected):
    if selected is None:
        with pytest.raises(Refusal):
            select(SPECS, parse_query(query))
    else:
        assert list(select(SPECS, parse_query(query))) == selected


def test_the_group_ready_is_known_where_no_probe_is_in_it():
    assert select({"alone": SPECS["alone"]}, parse_query("group=ready")) == {}


@pytest.mark.parametrize(
    ("query", "unknown"),
    [
        ("probe=x", ["x"]),
        ("probe=database&probe=x&probe=y&probe=x", ["x", "y"]),
        ("exclude=x", ["x"]),
        ("group=x", ["x"]),
        ("probe=", [""]),
        ("group=data&probe=x&exclude=y", ["x", "y"]),
        ("probe=%E2%98%83&probe=é", ["\N{SNOWMAN}", "é"]),
        ("probe=\xe2\x98\x83", ["\N{SNOWMAN}"]),  # unescaped, as WSGI hands it on
        ("probe=%ff%zz", ["\N{REPLACEMENT CHARACTER}%zz"]),
        ("probe=" + "x" * 500, ["x" * 64]),
        ("&".join(f"probe=x{number}" for number in range(20)), [f"x{number}" for number in range(10)]),
    ],
)
def test_unknown_names_are_told_within_bounds(query, unknown):
    with pytest.raises(Refusal) as refused:
        select(SPECS, parse_query(query))
    assert refused.value.answer.status == 404
    assert json.loads(refused.value.answer.body) == {"status": "unknown_probe", "unknown": unknown}


@pytest.mark.parametrize(
    ("query", "is_verbose"),
    [
        ("verbose", True),
        ("verbose=", True),
        ("verbose=1", True),
        ("verbose=yes", True),
        ("verbose=0", False),
        ("verbose=False", False),
        ("verbose=1&verbose=0", False),
        ("verbos", False),
    ],
)
def test_verbose_is_a_flag(query, is_verbose):
    assert parse_query(query).is_verbose is is_verbose


def test_of_two_formats_the_last_counts():
    assert parse_query("format=json&format=html").format == "html"


def test_an_empty_query_asks_for_nothing():
    assert parse_query("") is EMPTY
    assert parse_query("other=1") == Query()


@pytest.mark.parametrize("query", ["x" * 4097, "&".join(["probe=x"] * 65), "probe=x&" * 600])
def test_a_huge_query_is_not_read(query):
    with pytest.raises(Refusal) as refused:
        parse_query(query)
    assert (refused.value.answer.status, refused.value.answer.body) == (400, b'{"status": "bad_query"}')
