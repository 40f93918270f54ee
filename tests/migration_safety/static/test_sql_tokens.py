from __future__ import annotations

import pytest

from django_prodready.migration_safety.static.sql_tokens import (
    Reader,
    TokenKind,
    parts_of,
    statements_of,
    strings_in,
    text_of,
    tokens_of,
)


def texts(sql):
    return [token.text for token in tokens_of(sql)]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1 -- create index\n", ["select", "1"]),
        ("/* drop /* nested */ table */ SELECT", ["select"]),
        ("SELECT /* never closed", ["select"]),
        ("""'it''s' E'a\\'b' U&'x' B'01' N'n'""", ["it's", "a\\'b", "x", "01", "n"]),
        ('''"Tab""le" U&"x"''', ['Tab"le', "x"]),
        ("$$ a; b $$ $x$ $$ $x$ $y$ open", [" a; b ", " $$ ", " open"]),
        ("%s %(name)s $1 a::b <> c->>'d'", ["%s", "%(name)s", "$1", "a", "::", "b", "<>", "c", "->>", "d"]),
        ("1 2.5 .5 1e10 1..9", ["1", "2.5", ".5", "1e10", "1.", ".9"]),
        ("É_1 £", ["é_1", "£"]),
    ],
)
def test_tokens(sql, expected):
    assert texts(sql) == expected


def test_a_name_in_quotes_keeps_its_case_and_is_no_keyword():
    (token,) = tokens_of('"Select"')
    assert (token.kind, token.text) == (TokenKind.QUOTED, "Select")
    assert token.is_name
    assert not token.is_word("select")


@pytest.mark.parametrize(
    ("sql", "count"),
    [
        ("", 0),
        (";;", 0),
        ("SELECT 1", 1),
        ("SELECT 1; SELECT ';'; -- ;\n", 2),
        ("DO $$ BEGIN a; b; END $$; SELECT 1", 2),
        ("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 1", 2),
        ("CREATE FUNCTION f() BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 1", 2),
        (") ; SELECT 1", 2),
    ],
)
def test_statements(sql, count):
    assert len(list(statements_of(tokens_of(sql)))) == count


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("book", "book"),
        ("Book", "book"),
        ('"Book"', "Book"),
        ("public.book", "book"),
        ('"public"."book"', "book"),
        ("archive.book", "archive.book"),
        ("(", ""),
        ("book.", "book"),
    ],
)
def test_names_are_what_postgresql_finds(sql, name):
    assert Reader(tokens_of(sql)).name() == name


def test_a_reader_takes_all_words_or_none():
    reader = Reader(tokens_of("if not exists (a, (b)) rest"))
    assert not reader.take("if", "exists")
    assert reader.take("if", "not", "exists")
    assert text_of(reader.group()) == "a , ( b )"
    assert reader.group() == []
    assert not reader.take_symbol(",")
    assert reader.take_any("other", "rest") == "rest"
    assert reader.take_any("more") == ""
    assert reader.is_done
    assert reader.peek().kind is TokenKind.END


def test_what_is_left_open_ends_with_the_text():
    reader = Reader(tokens_of("(a, b"))
    assert text_of(reader.group()) == "a , b"


def test_parentheses_hide_keywords_and_commas():
    reader = Reader(tokens_of("a (where) b where c"))
    assert text_of(reader.until("where")) == "a ( where ) b"
    assert [text_of(one) for one in parts_of(tokens_of("a, f(b, c), d[1, 2]"), symbol=",")] == [
        "a",
        "f ( b , c )",
        "d [ 1 , 2 ]",
    ]


def test_strings_are_written_as_sql_again():
    tokens = tokens_of("note = 'it''s'")
    assert text_of(tokens) == "note = 'it''s'"
    assert strings_in(tokens) == {"it's"}
