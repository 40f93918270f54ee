"""Headers that an unverified path may not set are gone, and the others name the client alone."""

import pytest

from django_prodready.realip.address import parse
from django_prodready.realip.headers import (
    is_forwarded,
    remove_cloudflare,
    remove_forwarded,
    rewrite_claims,
    rewrite_identity,
)

PLAIN = {
    "HTTP_HOST": "example.org",
    "HTTP_COOKIE": "HTTP_CF_RAY=FORWARDED",
    "HTTP_ACCEPT": "*/*",
    "HTTP_X_REQUESTED_WITH": "XMLHttpRequest",
    "HTTP_X_FORWARD": "a header of nobody's",
    "HTTP_CFG": "so is this",
    "CONTENT_TYPE": "text/plain",
    "REMOTE_ADDR": "203.0.113.9",
}
PEER = parse(PLAIN["REMOTE_ADDR"])
CLAIMS = [
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
    "HTTP_CLIENT_IP",
    "HTTP_X_CLIENT_IP",
    "HTTP_X_CLUSTER_CLIENT_IP",
    "HTTP_FASTLY_CLIENT_IP",
    "HTTP_FORWARDED_FOR",
    "HTTP_X_FORWARDED",
]
OTHERS_OF_PROXIES = [
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_FORWARDED_USER",
]
IDENTITY = ["HTTP_CF_CONNECTING_IP", "HTTP_CF_CONNECTING_IPV6", "HTTP_CF_PSEUDO_IPV4", "HTTP_TRUE_CLIENT_IP"]
OTHERS_OF_CLOUDFLARE = [
    "HTTP_CF_IPCOUNTRY",
    "HTTP_CF_VISITOR",
    "HTTP_CF_RAY",
    "HTTP_CF_WORKER",
    "HTTP_CF_ANYTHING",
]


@pytest.mark.parametrize("name", [*CLAIMS, *OTHERS_OF_PROXIES, *IDENTITY, *OTHERS_OF_CLOUDFLARE, "HTTP_VIA"])
def test_who_passes_a_request_on_says_so(name):
    assert is_forwarded(PLAIN | {name: "x"})


def test_a_request_from_beside_us_is_not_passed_on():
    assert not is_forwarded(PLAIN)


def test_plain_headers_stay_as_they_are():
    meta = dict(PLAIN)
    assert not remove_cloudflare(meta, PEER)
    assert not remove_forwarded(meta, None)
    assert not remove_forwarded(meta, "HTTP_X_FORWARDED_PROTO")
    assert meta == PLAIN


@pytest.mark.parametrize("name", [*IDENTITY, *OTHERS_OF_CLOUDFLARE])
def test_what_only_cloudflare_may_say_is_removed(name):
    meta = PLAIN | {name: "x"}
    assert remove_cloudflare(meta, PEER) is (name in IDENTITY)
    assert meta == PLAIN


@pytest.mark.parametrize("name", ["HTTP_CF_CONNECTING_IP", "HTTP_TRUE_CLIENT_IP"])
def test_who_names_the_client_that_is_found_lies_to_nobody(name):
    meta = PLAIN | {name: f" {PLAIN['REMOTE_ADDR']}"}
    assert not remove_cloudflare(meta, PEER)
    assert meta == PLAIN
    assert remove_cloudflare(PLAIN | {name: PLAIN["REMOTE_ADDR"]}, None)
    assert remove_cloudflare(PLAIN | {name: PLAIN["REMOTE_ADDR"], "HTTP_CF_PSEUDO_IPV4": "240.0.0.9"}, PEER)


@pytest.mark.parametrize("name", [*CLAIMS, *OTHERS_OF_PROXIES])
def test_what_only_a_proxy_may_say_is_removed(name):
    meta = PLAIN | {name: "x"}
    assert remove_forwarded(meta, None) is (name in CLAIMS)
    assert meta == PLAIN


def test_the_header_of_the_scheme_is_removed_whatever_its_name():
    meta = PLAIN | {"HTTP_X_SCHEME": "https"}
    assert not remove_forwarded(meta, "HTTP_X_SCHEME")
    assert meta == PLAIN


def test_every_address_names_the_client():
    meta = PLAIN | dict.fromkeys([*CLAIMS, "HTTP_TRUE_CLIENT_IP"], "9.9.9.9")
    rewrite_claims(meta, "203.0.113.9")
    named = dict.fromkeys([*CLAIMS, "HTTP_TRUE_CLIENT_IP"], "203.0.113.9")
    del named["HTTP_FORWARDED"]
    assert meta == PLAIN | named


def test_of_addresses_only_x_forwarded_for_is_added():
    meta = dict(PLAIN)
    rewrite_claims(meta, "203.0.113.9")
    assert meta == PLAIN | {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}


def test_no_address_stays_when_nobody_is_known():
    meta = PLAIN | dict.fromkeys([*CLAIMS, "HTTP_TRUE_CLIENT_IP"], "9.9.9.9")
    rewrite_claims(meta, None)
    assert meta == PLAIN


@pytest.mark.parametrize("name", ["HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_PORT"])
def test_a_trusted_peer_may_say_how_it_was_asked(name):
    meta = PLAIN | {name: "x"}
    rewrite_claims(meta, "203.0.113.9")
    assert meta[name] == "x"


@pytest.mark.parametrize(
    ("client", "said", "expected"),
    [
        ("203.0.113.9", {}, {"HTTP_CF_CONNECTING_IP": "203.0.113.9"}),
        ("203.0.113.9", {"HTTP_CF_CONNECTING_IPV6": "2001:db8::9"}, {"HTTP_CF_CONNECTING_IP": "203.0.113.9"}),
        ("203.0.113.9", {"HTTP_CF_PSEUDO_IPV4": "240.0.0.1"}, {"HTTP_CF_CONNECTING_IP": "203.0.113.9"}),
        (
            "2001:db8::9",
            {"HTTP_CF_CONNECTING_IPV6": "9.9.9.9", "HTTP_CF_PSEUDO_IPV4": " 240.0.0.1 "},
            {
                "HTTP_CF_CONNECTING_IP": "2001:db8::9",
                "HTTP_CF_CONNECTING_IPV6": "2001:db8::9",
                "HTTP_CF_PSEUDO_IPV4": "240.0.0.1",
            },
        ),
        ("2001:db8::9", {"HTTP_CF_PSEUDO_IPV4": "9.9.9.9"}, {"HTTP_CF_CONNECTING_IP": "2001:db8::9"}),
        (
            "2001:db8::9",
            {"HTTP_CF_PSEUDO_IPV4": "240.0.0.1,240.0.0.2"},
            {"HTTP_CF_CONNECTING_IP": "2001:db8::9"},
        ),
        ("2001:db8::9", {"HTTP_CF_PSEUDO_IPV4": None}, {"HTTP_CF_CONNECTING_IP": "2001:db8::9"}),
    ],
)
def test_cloudflare_s_word_is_on_the_client_alone(client, said, expected):
    meta = PLAIN | {"HTTP_CF_CONNECTING_IP": "x", "HTTP_CF_RAY": "r"} | said
    rewrite_identity(meta, client)
    assert meta == PLAIN | {"HTTP_CF_RAY": "r"} | expected


def test_where_cloudflare_names_nobody_its_other_headers_stay():
    meta = PLAIN | dict.fromkeys([*IDENTITY, "HTTP_CF_RAY"], "x")
    rewrite_identity(meta, None)
    assert meta == PLAIN | {"HTTP_CF_RAY": "x"}
