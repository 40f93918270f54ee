"""Addresses are taken strictly, and given back in one spelling."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_prodready.realip.address import LONGEST, is_private, is_pseudo, may_be_client, parse, spell

ADDRESSES = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6))
# What an attacker would build a header of.
PIECES = st.sampled_from(
    [
        "1",
        "203.0.113.9",
        "2001:db8::9",
        "::ffff:",
        ":",
        ".",
        "[",
        "]",
        "%",
        "eth0",
        ",",
        " ",
        "\t",
        "0",
        "٣",
        "\x00",
    ]
)
TEXTS = st.one_of(
    st.text(), st.lists(PIECES, max_size=8).map("".join), st.text("\udc80\ud800:.1%[]", max_size=12)
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("203.0.113.9", "203.0.113.9"),
        (" \t203.0.113.9\t ", "203.0.113.9"),
        ("203.0.113.9:443", "203.0.113.9"),
        ("203.0.113.9:65535", "203.0.113.9"),
        ("2001:DB8:0:0:0:0:0:9", "2001:db8::9"),
        ("2001:0db8::0009", "2001:db8::9"),
        ("[2001:db8::9]", "2001:db8::9"),
        ("[2001:db8::9]:443", "2001:db8::9"),
        ("fe80::1%eth0", "fe80::1"),
        ("[fe80::1%en-0.1_~]:8000", "fe80::1"),
        ("fe80::1%25eth0", "fe80::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("::FFFF:cb00:7109", "203.0.113.9"),
        ("[::ffff:203.0.113.9]:443", "203.0.113.9"),
        ("0:0:0:0:0:ffff:cb00:7109%eth0", "203.0.113.9"),
        ("64:ff9b::203.0.113.9", "64:ff9b::cb00:7109"),
        ("255.255.255.255", "255.255.255.255"),
        ("::", "::"),
        ("::1", "::1"),
    ],
)
def test_one_address_has_one_spelling(said, meant):
    packed = parse(said)
    assert packed is not None
    assert spell(packed) == meant


@pytest.mark.parametrize(
    "said",
    [
        "",
        " ",
        "unknown",
        "localhost",
        "_hidden",
        "unix:",
        "unix:/run/app.sock",
        "b''",
        "1",
        "3405803785",
        "0xcb007109",
        "203.0.113",
        "203.0.113.9.",
        ".203.0.113.9",
        "203.0.113.256",
        "203.0.113.09",
        "010.0.0.1",
        "00.0.0.1",
        "::ffff:010.0.0.1",
        "٢٠٣.0.113.9",
        "203.0.113.9/32",
        "203.0.113.9,203.0.113.9",
        "203.0.113.9 203.0.113.8",
        "203.0.113.9\n",
        "\n203.0.113.9",
        "\u00a0203.0.113.9",
        "203.0.113.9\x00",
        "203.0.113.9\ud800",
        "203.0.113.9%eth0",
        "203.0.113.9:",
        "203.0.113.9:x",
        "203.0.113.9:-1",
        "203.0.113.9:٣",
        "203.0.113.9:²",
        "203.0.113.9:65536",
        "203.0.113.9:123456",
        "[203.0.113.9]",
        "[203.0.113.9]:443",
        "[2001:db8::9",
        "2001:db8::9]",
        "[2001:db8::9]443",
        "[2001:db8::9]:",
        "[2001:db8::9]:x",
        "[2001:db8::9]:99999",
        "[2001:db8::9]%eth0",
        "[[2001:db8::9]]",
        "[]",
        "[]:443",
        ":",
        ":::",
        "2001:db8::9::",
        "2001:db8:0:0:0:0:0:0:9",
        "2001:00db8::9",
        "2001:db8::g",
        "2001:db8::9/128",
        "2001:db8::9%",
        "2001:db8::9%a b c",
        "2001:db8::9%<script>",
        "2001:db8::9%a%b",
        "2001:db8::9%eth0\n",
        "2001:db8::9%\ud800",
        "2001:db8::9\x00",
        "::ffff:1.2.3.4:443",
        " " * LONGEST + "::1",
        "fe80::1%" + "x" * LONGEST,
    ],
)
def test_what_is_not_exactly_one_address_is_none(said):
    assert parse(said) is None


@pytest.mark.parametrize(
    "said", [None, 0, 3405803785, b"203.0.113.9", ["203.0.113.9"], ip_address("203.0.113.9")]
)
def test_what_is_no_text_is_no_address(said):
    assert parse(said) is None


def test_the_longest_spelling_fits():
    longest = "[ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255%ethernet0]:65535"
    assert LONGEST - 3 <= len(longest) <= LONGEST
    assert parse(longest) is not None


@given(TEXTS)
def test_no_text_raises_and_what_comes_of_one_is_canonical(text):
    packed = parse(text)
    if packed is not None:
        spelled = spell(packed)
        assert parse(spelled) == packed
        assert ip_address(spelled).packed == packed


@given(ADDRESSES)
def test_every_address_is_taken_as_it_is(address):
    mapped = address.ipv4_mapped if address.version == 6 else None
    assert parse(str(address)) == (mapped or address).packed
    assert parse(address.exploded) == (mapped or address).packed


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_the_address(address):
    assert parse(f"::ffff:{address}") == address.packed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("203.0.113.9", True),
        ("10.0.0.1", True),
        ("1.0.0.0", True),
        ("223.255.255.255", True),
        ("126.255.255.255", True),
        ("128.0.0.0", True),
        ("0.0.0.0", False),
        ("0.1.2.3", False),
        ("127.0.0.1", False),
        ("127.255.0.1", False),
        ("224.0.0.1", False),
        ("239.255.255.250", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:0.0.0.0", False),
        ("2001:db8::9", True),
        ("2a06:98c0:3600::103", True),
        ("fd00::1", True),
        ("fe80::1", True),
        ("::", False),
        ("::1", False),
        ("::2", False),
        ("::127.0.0.1", False),
        ("::10.0.0.1", False),
        ("ff02::1", False),
        ("64:ff9b::cb00:7109", True),
    ],
)
def test_who_can_be_a_client(text, expected):
    assert may_be_client(parse(text)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("239.255.255.255", False), ("240.0.0.0", True), ("255.0.0.1", True), ("f000::1", False)],
)
def test_who_stands_for_an_ipv6_client(text, expected):
    assert is_pseudo(parse(text)) is expected


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.1",
        "10.255.255.255",
        "127.0.0.1",
        "172.16.0.0",
        "172.31.255.255",
        "192.168.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "169.254.1.1",
        "::1",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "febf::1",
        "::ffff:10.0.0.1",
    ],
)
def test_private_addresses(text):
    assert is_private(parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "9.255.255.255",
        "11.0.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "169.253.255.255",
        "203.0.113.9",
        "0.0.0.0",
        "::",
        "::2",
        "fbff::1",
        "fe00::1",
        "fec0::1",
        "2001:db8::9",
        "::ffff:203.0.113.9",
    ],
)
def test_addresses_that_others_reach(text):
    assert not is_private(parse(text))
