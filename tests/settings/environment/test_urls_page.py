"""URLs of pages and services, and what no refusal of a URL shows."""

import traceback
from ipaddress import ip_address
from urllib.parse import quote

import pytest
from django.core.validators import URLValidator
from hypothesis import example, given, settings
from hypothesis import strategies as st

from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.kinds import broker_url, database, redis_url, secret, url

PORT = "expected a numeric port, 1 to 65535, after the host and a colon"
UNESCAPED = "the user name and the password must be percent-encoded"


@pytest.mark.parametrize(
    "said",
    [
        "https://example.org",
        "http://localhost:8000/",
        "HTTPS://Example.org/",
        "https://example.org/@me?mail=a@b#/inbox",
        "https://example.org:443/@me",
        "https://key@sentry.example/7",
        "https://u:p%40@example.org/x",
        "http://[::1]:8000/@me",
        "http://10.0.0.7",
        "http://my_service:80",
        "https://bücher.example/",
    ],
)
def test_a_url_is_kept_as_it_is(said):
    assert url(said) == said


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        ("example.org", "expected a URL that begins with a scheme and ://; known schemes: http, https"),
        ("//example.org", "expected a URL that begins with a scheme and ://; known schemes: http, https"),
        ("ftp://example.org", "unknown scheme"),
        ("https://", "expected a URL with a host"),
        ("https:///path", "expected a URL with a host"),
        ("https://u:p@/", "expected a URL with a host"),
        ("https://h:0", PORT),
        ("https://h:port", PORT),
        ("https://h:", PORT),
        ("https://a,b/", "expected a host name or an address as the host"),
        ("https://*.example.org", "expected a host name or an address as the host"),
        ("https://%2Frun/", "expected a host name or an address as the host"),
        ("https://h /", "expected a URL without blanks and control characters"),
        ("https://h/\n", "expected a URL without blanks and control characters"),
        ('"https://h/"', "expected a URL without quotes around it"),
        ("https://u:p@ss#w/rd@h/", UNESCAPED),
        ("https://u:p#ss@h/", UNESCAPED),
        ("https://u:p@ss@h/", UNESCAPED),
        ("https://u:p[ss@h/", UNESCAPED),
        ("https://u:p%ss@h/", UNESCAPED),
    ],
)
def test_a_url_that_is_wrong_is_refused_with_its_rule(said, begins):
    with pytest.raises(Invalid) as raised:
        url(said)
    assert raised.value.rule.startswith(begins)
    assert raised.value.__context__ is None


def test_other_schemes_are_allowed_by_name():
    assert url("smtp://h:25", schemes=("smtp", "smtps")) == "smtp://h:25"
    with pytest.raises(Invalid, match=r"^unknown scheme; known schemes: smtp, smtps$"):
        url("gopher://h", schemes=("smtp", "smtps"))


HOSTS = st.sampled_from(["h.example", "localhost", "a-b.example.org"]) | st.ip_addresses().map(
    lambda address: f"[{address}]" if ip_address(address).version == 6 else str(address)
)


@settings(max_examples=60, deadline=None)
@given(HOSTS, st.integers(1, 65535), st.text("ab/?=@#&.", max_size=8))
def test_a_url_is_one_for_django_too(host, port, rest):
    said = f"https://{host}:{port}/{rest}"
    assert url(said) == said
    URLValidator()(said)


# Letters that no rule has together, and whatever may end a part of a URL.
SECRET = st.text("QZXJ#/?@[]%:;", min_size=3, max_size=10)
FRAMES = [
    (database, "postgres://u:{}@h:5432/db"),
    (database, "postgers://u:{}@h:5432/db"),
    (database, "{}://u:p@h/db"),
    (database, "postgres://u:p@{}/db"),
    (database, "postgres://u:p@h:{}/db"),
    (database, "sqlite://{}"),
    (database, "{}"),
    (redis_url, "redis://:{}@h:6379/0"),
    (redis_url, "redis://{}@h:6379/0"),
    (redis_url, "redis://h/{}"),
    (redis_url, "unix://:{}@/run/x"),
    (broker_url, "amqp://u:{}@h//"),
    (broker_url, "amqp://h//;amqp://u:{}@h//"),
    (broker_url, "{}://h"),
    (url, "https://u:{}@h/"),
    (url, "{}"),
    (secret, "{} "),
]


@pytest.mark.parametrize(("parse", "frame"), FRAMES)
@settings(max_examples=40, deadline=None)
@given(SECRET)
@example("p@ss#w/rd")
@example("QZXJ\u2100QZXJ")
@example("QZXJ\udcffQZXJ")
def test_no_three_characters_of_a_secret_are_shown(parse, frame, said):
    try:
        parse(frame.format(said))
    except Invalid as invalid:
        shown = f"{invalid} {invalid!r} {invalid.args} {traceback.format_exc()}"
        chained = (invalid.__context__, invalid.__cause__)
    else:
        return
    pieces = {said[start : start + 3] for start in range(len(said) - 2)}
    # Rules speak of :// and of %23 as such, in no connection with the secret.
    assert not [piece for piece in pieces if set(piece) & set("QZXJ") and piece in shown]
    assert chained == (None, None)


@settings(max_examples=40, deadline=None)
@given(
    st.text(min_size=1).filter(lambda said: not any("\ud800" <= character <= "\udfff" for character in said))
)
def test_a_password_that_is_percent_encoded_is_accepted(said):
    password = quote(said.replace("\0", ""), safe="")
    assert url(f"https://u:{password}@h/") == f"https://u:{password}@h/"


@settings(max_examples=100, deadline=None)
@given(st.text() | st.text("htps:/@[]%#?1", max_size=12).map("https://".__add__))
def test_any_text_is_its_own_url_or_invalid(said):
    try:
        found = url(said)
    except Invalid:
        return
    assert found == said
