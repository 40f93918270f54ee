"""What stands for a compiled regular expression until it is used."""

from __future__ import annotations

import re

import pytest

from django_prodready.audit.patterns import lazy_pattern


def test_it_answers_as_the_compiled_pattern_does() -> None:
    pattern = lazy_pattern(r"^(?P<word>b\w+)$", re.MULTILINE)
    match = pattern.search("a\nbc\nd")
    assert match is not None
    assert match["word"] == "bc"
    assert pattern.findall("bd\nbe") == ["bd", "be"]
    assert pattern.pattern == r"^(?P<word>b\w+)$"


def test_bytes_are_searched_by_bytes() -> None:
    assert lazy_pattern(rb"\d").findall(b"a1b2") == [b"1", b"2"]


def test_what_no_pattern_has_is_not_there() -> None:
    assert not hasattr(lazy_pattern("a"), "find")


def test_nothing_is_compiled_before_the_first_use() -> None:
    wrong = lazy_pattern("(")
    with pytest.raises(re.error):
        wrong.search("")
