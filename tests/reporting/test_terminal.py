"""Text for terminals: colour where wanted, lines that fit, nothing that a terminal would obey."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_prodready.reporting.finding import Severity
from django_prodready.reporting.terminal import Style, columns, one_line, printable, table, wrap


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environ", "force", "colour"),
    [
        (Terminal(), {}, None, True),
        (io.StringIO(), {}, None, False),
        (Terminal(), {"NO_COLOR": "1"}, None, False),
        (Terminal(), {"NO_COLOR": ""}, None, True),
        (Terminal(), {"DJANGO_COLORS": "nocolor"}, None, False),
        (Terminal(), {"DJANGO_COLORS": "light"}, None, True),
        (Terminal(), {"TERM": "dumb"}, None, False),
        (Terminal(), {"TERM": "xterm"}, None, True),
        (io.StringIO(), {"NO_COLOR": "1"}, True, True),
        (Terminal(), {}, False, False),
    ],
)
def test_colour_only_where_it_is_wanted(stream, environ, force, colour):
    assert Style.for_stream(stream, environ, force=force).colour is colour


def test_a_style_colours_or_leaves_alone():
    names = ("critical", "error", "warning", "info", "good", "bold", "dim")
    colour, plain = Style(colour=True), Style(colour=False)

    assert len({getattr(colour, name)("x") for name in names}) == len(names)
    assert all(getattr(plain, name)("x") == "x" for name in names)
    assert colour.error("x") == colour.severity(Severity.ERROR, "x") == "\x1b[31mx\x1b[0m"
    assert colour.error("") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain ünïcode 語", "plain ünïcode 語"),
        ("two\nlines\r\nthree", "two\nlines\nthree"),
        ("a\tb", "a b"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07rest", "rest"),
        ("\x1b]8;;https://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;never ended", ""),
        ("\x9b2Jx", "x"),
        ("\x1b(Bx\x1bMy\x1b", "xy"),
        ("\x00a\x07b\x7fc\rd\x85e", "abcde"),
        ("abc\u202egnp.exe\u200b", "abcgnp.exe"),
        ("caf\udce9", "caf"),
    ],
)
def test_what_a_terminal_would_obey_is_removed(text, expected):
    assert printable(text) == expected


@given(st.text())
def test_printable_text_can_be_printed_and_stays(text):
    clean = printable(text)

    clean.encode()
    assert "\x1b" not in clean
    assert printable(clean) == clean


def test_one_line_joins_lines():
    assert one_line(" a\n b\x1b[1m\t c ") == "a b c"


def test_wide_characters_take_two_columns_and_combining_ones_none():
    assert [columns("abc"), columns("日本"), columns("e\u0301"), columns("é")] == [3, 4, 1, 1]


def test_wrap_breaks_at_spaces_and_indents():
    assert wrap("one two three four", indent=2, width=11) == ["  one two", "  three", "  four"]
    assert wrap("one two three four", indent=2, width=11, hanging=2) == ["  one two", "    three", "    four"]


def test_wrap_keeps_paragraphs_empty_lines_and_inner_spaces():
    assert wrap("kubelet  Host:   x\n\n  y", indent=1) == [" kubelet  Host:   x", "", "   y"]
    assert wrap("") == [""]


def test_wrap_never_cuts_a_path():
    path = "/srv/" + "x" * 90

    assert wrap(f"see {path} there", indent=2) == ["  see", f"  {path}", "  there"]


@given(
    st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20), max_size=30),
    st.integers(0, 8),
    st.integers(0, 4),
)
def test_wrapped_lines_fit(words, indent, hanging):
    lines = wrap(" ".join(words), indent, 80, hanging=hanging)

    assert all(columns(line) <= 80 for line in lines)
    assert "".join("".join(lines).split()) == "".join(printable(" ".join(words)).split())


def test_a_table_aligns_words_left_and_numbers_right():
    assert table([("security", "1", "-"), ("database", "120", "2 ms")], ("family", "error", "time")) == [
        "family    error  time",
        "security      1     -",
        "database    120  2 ms",
    ]


def test_a_table_of_nothing_is_its_header():
    assert table([], ("family", "error")) == ["family  error"]


def test_a_table_fits_its_width():
    rows = [("hosts", "a word " * 20 + "x" * 100), ("db", "short")]

    lines = table(rows, ("family", "reason"), width=60, indent=2)

    assert all(columns(line) <= 60 for line in lines)
    assert lines[0] == "  family  reason"
    assert lines[-1] == "  db      short"
    assert "".join(lines).count("x") == 100


def test_a_table_too_narrow_for_its_columns_stays_whole():
    lines = table([("語" * 6, "bbbbbbbb")], ("a", "b"), width=4)

    assert lines == ["a         b", "語語語語  bbbbbbbb", "語語"]


def test_table_cells_are_one_printable_line():
    assert table([("a\nb\x1b[31m", "c")], ("x", "y")) == ["x    y", "a b  c"]
