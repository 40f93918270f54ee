"""Several values in one variable."""

import csv

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.kinds import boolean, integer, items, mapping

WORDS = st.text("abc.*-=é ", max_size=5)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=5).map(",".join))
@example("a.example, b.example ,")
@example("")
@example(",,")
@example(" ")
def test_items_are_what_a_csv_reader_finds_without_the_blanks_and_the_empty_ones(said):
    (row,) = list(csv.reader([said], quoting=csv.QUOTE_NONE)) or [[]]
    assert items(said) == [cell.strip() for cell in row if cell.strip()]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(), max_size=4))
def test_each_item_is_parsed(numbers):
    assert items(", ".join(map(str, numbers)), integer) == numbers


def test_an_item_that_is_wrong_is_named_by_its_place():
    with pytest.raises(Invalid) as raised:
        items("1,,hunter2", integer)
    assert raised.value.rule == "item 3: expected a whole number, in digits alone"
    assert raised.value.__context__ is None


def test_an_item_with_a_control_character_is_refused():
    with pytest.raises(Invalid, match="item 2: expected text without control characters"):
        items("a,b\x00c")


KEYS = st.text("abc.-é", min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(KEYS, st.text("xyz=:/", max_size=4), max_size=4), st.sampled_from([",", " , ", ",,"]))
def test_a_mapping_is_the_dict_that_was_written(meant, comma):
    assert mapping(comma.join(f"{key} = {value}" for key, value in meant.items())) == meant


def test_the_values_of_a_mapping_are_parsed():
    assert mapping("a=on,b=off", boolean) == {"a": True, "b": False}


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("a=1,hunter2", "item 2: expected key=value"),
        ("=hunter2", "item 1: expected key=value"),
        ("hunter2=1,b=2,hunter2=3", "item 3: expected every key once"),
        ("a=hunter2", "item 1: expected a whole number, in digits alone"),
        (
            "hunter\x002=2",
            "item 1: expected text without control characters, tabs and line breaks among them",
        ),
    ],
)
def test_a_mapping_that_is_wrong_is_refused_by_its_place(said, rule):
    with pytest.raises(Invalid) as raised:
        mapping(said, integer)
    assert raised.value.rule == rule
    assert raised.value.__context__ is None


@settings(max_examples=60, deadline=None)
@given(st.text("ab=, \x00", max_size=9) | st.text(max_size=6))
def test_any_text_is_a_list_or_a_mapping_or_invalid(said):
    for parse in (items, mapping):
        try:
            found = parse(said)
        except Invalid:
            continue
        assert all(piece == piece.strip() and piece in said for piece in found)
