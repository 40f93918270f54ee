"""A list of Cloudflare's ranges is taken whole, or refused whole."""

import ipaddress
import json
from datetime import date
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_prodready.realip.cloudflare_ranges import BUNDLED, BUNDLED_ON
from django_prodready.realip.ranges_file import (
    LARGEST_FILE,
    Ranges,
    bundled,
    compare,
    parse_ranges,
    read_ranges,
    spell_ranges,
)

LINES = "\n".join(BUNDLED)


def listed(*entries, without=()):
    return "\n".join([*(text for text in BUNDLED if text not in without), *entries]).encode()


def test_the_bundled_list_is_one_that_is_taken():
    ranges = bundled()
    assert len(ranges.networks) == 22
    assert ranges.as_of == BUNDLED_ON
    assert parse_ranges(LINES.encode()).networks == ranges.networks
    assert ranges.networks == tuple(ipaddress.collapse_addresses(ranges.networks[:15])) + ranges.networks[15:]


def test_a_list_is_spelled_as_it_is_read():
    text = spell_ranges(bundled())
    assert text.startswith("# Cloudflare's ranges as of 2026-06-14: 22 networks\n103.21.244.0/22\n")
    assert parse_ranges(text.encode()) == bundled()
    undated = Ranges(bundled().networks, None)
    assert parse_ranges(spell_ranges(undated).encode()) == undated


@pytest.mark.parametrize(
    "raw",
    [
        listed("", "  # a comment", "103.21.244.0/22  # twice"),
        LINES.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + LINES.encode(),
        json.dumps(
            {"result": {"ipv4_cidrs": BUNDLED[:15], "ipv6_cidrs": BUNDLED[15:]}, "success": True}
        ).encode(),
        b"\n " + json.dumps({"result": {"ipv4_cidrs": BUNDLED[:15], "ipv6_cidrs": BUNDLED[15:]}}).encode(),
    ],
)
def test_each_form_of_the_list_is_read(raw):
    assert parse_ranges(raw) == Ranges(bundled().networks, None)


@pytest.mark.parametrize(
    ("comment", "as_of"),
    [
        ("as of 2026-11-20", date(2026, 11, 20)),
        ("Cloudflare, as of 2026-11-20, all of it", date(2026, 11, 20)),
        ("as of 2026-13-20", None),
        ("as of yesterday", None),
    ],
)
def test_a_list_may_say_how_old_it_is(comment, as_of):
    assert parse_ranges(f"# {comment}\n{LINES}".encode()).as_of == as_of


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        (b"", "it has 0 IPv4 networks, and Cloudflare has at least 10: it is cut off, or another list"),
        (LINES[:100].encode(), "line 7: it is neither"),
        ("\n".join(BUNDLED[:15]).encode(), "it has 0 IPv6 networks, and Cloudflare has at least 4"),
        ("\n".join(BUNDLED[15:]).encode(), "it has 0 IPv4 networks"),
        (b"103.21.244.0/22\n" * 20, "it has 1 IPv4 networks"),
        (b"0.0.0.0/0", "line 1: it is everybody"),
        (listed("0.0.0.0/0"), "line 23: it is everybody"),
        (listed("::/0"), "line 23: it is everybody"),
        (listed("0.0.0.0/1"), "line 23: it is larger"),
        (listed("104.0.0.0/8"), "line 23: 104.0.0.0/8 is larger than any network of Cloudflare's, /12"),
        (listed("104.0.0.0/11"), "larger than any network of Cloudflare's, /12"),
        (listed("2606:4700::/28"), "larger than any network of Cloudflare's, /29"),
        (listed("10.0.0.0/24"), "line 23: 10.0.0.0/24 holds addresses that no CDN can have"),
        (listed("127.0.0.0/12"), "no CDN can have"),
        (listed("104.16.0.1"), "line 23: it is an address without the length of its network: it is cut off"),
        (listed("192.168.1.0/24"), "no CDN can have"),
        (listed("172.16.0.0/12"), "no CDN can have"),
        (listed("100.64.0.0/12"), "no CDN can have"),
        (listed("224.0.0.0/12"), "no CDN can have"),
        (listed("240.0.0.0/12"), "no CDN can have"),
        (listed("::ffff:10.0.0.0/120"), "no CDN can have"),
        (listed("fd00::/32"), "no CDN can have"),
        (listed("fe80::/64"), "no CDN can have"),
        (listed("::/64"), "no CDN can have"),
        (listed("2001:db8::/32"), "no CDN can have"),
        (listed("104.16.0.1/13"), "line 23: it has host bits set; write 104.16.0.0/13"),
        (
            listed("# Cloudflare's ranges: 23 networks"),
            "it has 22 networks, and says that it has 23: it is cut off",
        ),
        (b"<html><body>Access denied</body></html>", "line 1: it is neither an address nor a network"),
        (listed("103.21.244.0/22 103.22.200.0/22"), "line 23: it is neither"),
        (b"\xff\xfe1\x000\x00", "it is no text in UTF-8"),
        (b"#" * (LARGEST_FILE + 1), f"it is larger than {LARGEST_FILE} bytes"),
        (b"{", "it is JSON, but not Cloudflare's"),
        (b"{}", "it is JSON, but not Cloudflare's"),
        (b'{"result": null}', "it is JSON, but not Cloudflare's"),
        (b'{"result": []}', "it is JSON, but not Cloudflare's"),
        (b'{"result": {"ipv4_cidrs": null, "ipv6_cidrs": []}}', "it is JSON, but not Cloudflare's"),
        (b'{"result": {"ipv4_cidrs": [], "ipv6_cidrs": []}}', "it has 0 IPv4 networks"),
        (b'{"result": {"ipv4_cidrs": "0.0.0.0/0", "ipv6_cidrs": []}}', "entry 1: "),
        (b'{"result": {"ipv4_cidrs": [["0.0.0.0/0"]], "ipv6_cidrs": []}}', "entry 1: "),
        (b'{"a":' * 10000, "it is JSON, but not Cloudflare's"),
        (b'{"result": ' + b"1" * 5000 + b"}", "it is JSON, but not Cloudflare's"),
    ],
)
def test_what_cannot_be_the_list_is_refused(raw, wrong):
    with pytest.raises(ValueError, match=wrong):
        parse_ranges(raw)


@given(st.one_of(st.binary(), st.text().map(str.encode)))
def test_no_short_file_is_taken(raw):
    with pytest.raises(ValueError, match=r"^(it|line \d+:|entry \d+:) "):
        parse_ranges(raw)


def test_a_file_is_read(tmp_path):
    file = tmp_path / "ranges.txt"
    file.write_text(spell_ranges(bundled()))
    assert read_ranges(file) == bundled()
    file.write_bytes(b"# " + b"x" * LARGEST_FILE)
    with pytest.raises(ValueError, match="it is larger"):
        read_ranges(file)
    with pytest.raises(OSError, match="No such file"):
        read_ranges(tmp_path / "missing.txt")


def test_what_changes_is_named():
    before = bundled().networks
    assert compare(before, before).share == 0
    after = parse_ranges(listed("203.0.112.0/24", "2a06:98c8::/32", without=["131.0.72.0/22"])).networks
    difference = compare(before, after)
    assert difference.added == (ip_network("203.0.112.0/24"), ip_network("2a06:98c8::/32"))
    assert difference.removed == (ip_network("131.0.72.0/22"),)
    assert difference.share == pytest.approx(3 / 24)
    assert not difference.is_large


def test_more_than_half_at_once_is_for_a_person_to_see():
    before = bundled().networks
    assert not compare(before, before[:11]).is_large
    assert compare(before, before[:10]).is_large
    assert compare((), before).is_large
    assert compare((), ()).share == 0
