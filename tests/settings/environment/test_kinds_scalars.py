"""Single values: what is meant, or the rule that was broken, without the value."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.kinds import boolean, choice, integer, number, text

TABLE = {
    "true": True,
    "1": True,
    "yes": True,
    "on": True,
    "false": False,
    "0": False,
    "no": False,
    "off": False,
}
SPELLINGS = {
    "".join(letters): meant
    for word, meant in TABLE.items()
    for letters in itertools.product(*({character, character.upper()} for character in word))
}
BLANKS = st.sampled_from(["", " ", "\t ", "\n"])
SURROGATE = "\udcff"  # what os.environ makes of the byte 0xFF


def outcome(parse, *args, **options):
    """Return the value, or the class of refusal; any other exception fails the test."""
    try:
        return parse(*args, **options)
    except Invalid as invalid:
        refusal = invalid
    assert refusal.__context__ is None
    assert str(refusal) == refusal.rule
    return Invalid


@pytest.mark.parametrize("spelling", sorted(SPELLINGS))
@pytest.mark.parametrize("blank", ["", " ", "\n"])
def test_a_boolean_is_one_of_eight_words_in_any_case(spelling, blank):
    assert boolean(blank + spelling + blank) is SPELLINGS[spelling]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=6) | st.text("truefalsyno10\u017f", max_size=5))
@example("ture")
@example("")
@example("fal\u017fe")  # LATIN SMALL LETTER LONG S, an S in capitals
@example("t")
@example("2")
def test_no_other_text_is_a_boolean(said):
    assert outcome(boolean, said) is SPELLINGS.get(said.strip(), Invalid)


def test_the_rule_of_booleans_lists_the_words():
    with pytest.raises(Invalid, match=r"^expected true/false/1/0/yes/no/on/off$"):
        boolean("ture")


def whole_number(said: str):
    """Return what the digits say, by school arithmetic."""
    digits = said.removeprefix("-") if said.startswith("-") else said.removeprefix("+")
    if not digits or any(digit not in "0123456789" for digit in digits):
        return Invalid
    total = sum("0123456789".index(digit) * 10**power for power, digit in enumerate(reversed(digits)))
    return -total if said.startswith("-") else total


@settings(max_examples=80, deadline=None)
@given(st.text("0123456789+-_ .e", max_size=6) | st.integers().map(str) | st.text(max_size=4), BLANKS)
@example("1_000", "")
@example("\u0663", "")  # ARABIC-INDIC DIGIT THREE
@example("²", "")
@example("+7", " ")
@example("--7", "")
@example("0x10", "")
@example("1.0", "")
def test_an_integer_is_what_its_ascii_digits_say(said, blank):
    assert outcome(integer, blank + said + blank) == whole_number(said.strip())


@pytest.mark.parametrize("digits", [641, 5000])
def test_more_digits_than_python_may_convert_are_no_integer(digits):
    assert outcome(integer, "9" * digits) is Invalid


@pytest.mark.parametrize(
    ("bounds", "said", "rule"),
    [
        ({"minimum": 1, "maximum": 65535}, "0", "expected a whole number from 1 to 65535"),
        ({"minimum": 1, "maximum": 65535}, "65536", "expected a whole number from 1 to 65535"),
        ({"minimum": 0}, "-1", "expected a whole number of at least 0"),
        ({"maximum": 9}, "10", "expected a whole number of at most 9"),
        ({"minimum": 1}, "many", "expected a whole number of at least 1, in digits alone"),
        ({}, "many", "expected a whole number, in digits alone"),
    ],
)
def test_a_whole_number_outside_its_bounds_is_refused(bounds, said, rule):
    with pytest.raises(Invalid) as raised:
        integer(said, **bounds)
    assert raised.value.rule == rule


@pytest.mark.parametrize("said", ["1", "65535"])
def test_the_bounds_themselves_are_within(said):
    assert integer(said, minimum=1, maximum=65535) == int(said)
    assert number(said, minimum=1, maximum=65535) == int(said)


def rational(said: str):
    """Return the nearest float of the fraction that the text says."""
    if not said.isascii() or "_" in said or "/" in said:
        return Invalid
    try:
        return float(Fraction(said))
    except (ValueError, OverflowError):
        return Invalid


@settings(max_examples=100, deadline=None)
@given(
    st.text("0123456789+-_. e/", max_size=7)
    | st.floats(allow_nan=False, allow_infinity=False).map(repr)
    | st.text(max_size=4)
)
@example("1e999")
@example("-1e999")
@example("nan")
@example("inf")
@example("Infinity")
@example(".5")
@example("5.")
@example("1e")
@example("1_0.0")
@example("\u0663.\u0665")  # ARABIC-INDIC DIGITS
def test_a_number_is_the_float_nearest_to_what_is_said(said):
    assert outcome(number, said) == rational(said.strip())


def test_a_number_outside_its_bounds_is_refused():
    with pytest.raises(Invalid, match=r"^expected a number from 0 to 1, such as 2 or 0\.5$"):
        number("1.5", minimum=0, maximum=1)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=8))
@example("a b ")
@example("a\x00b")
@example("a\x7f")
@example("a\x85")
@example("")
def test_text_is_kept_as_it_is_but_for_control_characters(said):
    # U+0000 to U+001F and U+007F to U+009F are all the control characters that Unicode has or will have.
    has_control = any(ord(character) < 0x20 or 0x7F <= ord(character) <= 0x9F for character in said)
    assert outcome(text, said) == (Invalid if has_control else said)


def test_text_may_have_lines_where_that_is_asked_for():
    pem = "-----BEGIN CERTIFICATE-----\r\n\tAA==\n-----END CERTIFICATE-----\n"
    assert text(pem, multiline=True) == pem
    assert outcome(text, pem) is Invalid
    assert outcome(text, "a\x00", multiline=True) is Invalid


def test_bytes_that_are_no_utf_8_are_no_text():
    with pytest.raises(Invalid, match=r"^expected text in UTF-8$"):
        text("a" + SURROGATE)


def test_a_choice_is_one_of_its_words_letter_by_letter():
    assert choice("day", ("hour", "day")) == "day"
    for other in ("Day", "days", " day", "", "d"):
        with pytest.raises(Invalid, match=r"^expected one of hour, day$"):
            choice(other, ("hour", "day"))
