"""The header of the scheme says what the outermost verified hop said."""

import pytest

from django_prodready.realip.scheme import header_of, settle_scheme
from django_prodready.realip.walk import LONGEST_HEADER, End, Resolution

NAME = "HTTP_X_FORWARDED_PROTO"


def found(hops, via_cloudflare):
    return Resolution(End.NAMED, [bytes(4)] * hops, None, True, via_cloudflare)


def settled(said, *, hops=1, via_cloudflare=False, visitor=None):
    meta = {} if said is None else {NAME: said}
    if visitor is not None:
        meta["HTTP_CF_VISITOR"] = visitor
    settle_scheme(meta, NAME, "https", found(hops, via_cloudflare))
    return meta.get(NAME)


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        (None, None),
        ((), None),
        ("", None),
        ((NAME, "https"), NAME),
        (["HTTP_CF_VISITOR", "x"], "HTTP_CF_VISITOR"),
        (("HTTP_HOST", "x"), None),
        (("CONTENT_TYPE", "https"), "CONTENT_TYPE"),
        (("CONTENT_LENGTH", "1"), "CONTENT_LENGTH"),
        (("HTTPS", "on"), None),
        (("wsgi.url_scheme", "https"), None),
    ],
)
def test_only_a_header_that_a_request_can_lack_is_edited(setting, name):
    assert header_of(setting) == name


@pytest.mark.parametrize(
    ("said", "hops", "expected"),
    [
        (None, 1, None),
        ("https", 1, "https"),
        ("http", 3, "http"),
        ("", 1, ""),
        ("https,http", 1, "http"),
        ("http,https", 1, "https"),
        ("https, http ,http", 2, "http"),
        ("http, https , http", 2, "https"),
        ("https,http", 2, "https"),
        ("https,http", 3, "https"),
        ("https,", 1, ""),
        (",https", 2, ""),
        ("https" + ",http" * 30, 3, "http"),
    ],
)
def test_each_verified_hop_may_have_appended_one_value(said, hops, expected):
    assert settled(said, hops=hops) == expected


@pytest.mark.parametrize(
    "said", ["https," + "x" * LONGEST_HEADER, "https" + " " * LONGEST_HEADER, b"https", 5, None, ["https"]]
)
def test_what_no_proxy_writes_is_removed(said):
    meta = {NAME: said}
    settle_scheme(meta, NAME, "https", found(2, via_cloudflare=False))
    assert meta == {}


@pytest.mark.parametrize("said", [None, "http", "https", "https,http", 5])
@pytest.mark.parametrize("spelling", ['{"scheme":"%s"}', ' { "scheme" : "%s" } '])
def test_cloudflare_s_visitor_counts_more(said, spelling):
    assert settled(said, hops=2, via_cloudflare=True, visitor=spelling % "https") == "https"
    assert settled(said, hops=2, via_cloudflare=True, visitor=spelling % "http") == "http"


@pytest.mark.parametrize(
    "visitor",
    [
        "",
        "https",
        '{"scheme":"ftp"}',
        '{"scheme":"https"},{"scheme":"https"}',
        '{"scheme":"https"} x',
        '{"scheme":"https"}' + " " * 64,
        "\ud800",
        b'{"scheme":"https"}',
        5,
    ],
)
def test_what_is_no_visitor_of_cloudflare_s_is_not_read(visitor):
    assert settled("http", via_cloudflare=True, visitor=visitor) == "http"


def test_a_visitor_that_nobody_verified_is_not_read():
    assert settled("http", visitor='{"scheme":"https"}') == "http"


@pytest.mark.parametrize("secure", ['{"scheme":"https"}', '{"scheme": "https"}'])
def test_the_visitor_itself_may_be_the_header_of_the_scheme(secure):
    meta = {"HTTP_CF_VISITOR": '{"scheme":"https"}'}
    settle_scheme(meta, "HTTP_CF_VISITOR", secure, found(1, via_cloudflare=True))
    assert meta == {"HTTP_CF_VISITOR": secure}
    meta = {"HTTP_CF_VISITOR": '{"scheme":"http"}'}
    settle_scheme(meta, "HTTP_CF_VISITOR", secure, found(1, via_cloudflare=True))
    assert meta == {"HTTP_CF_VISITOR": '{"scheme":"http"}'}


def test_a_visitor_that_is_not_secure_says_so_whatever_secure_is_called():
    meta = {NAME: "http", "HTTP_CF_VISITOR": '{"scheme":"http"}'}
    settle_scheme(meta, NAME, "http", found(1, via_cloudflare=True))
    assert meta[NAME] == ""
