"""Who is let in by HEALTH_TOKENS."""

import hmac

import pytest

from django_prodready.health.access import Access, access_of
from django_prodready.health.request import HealthRequest


def request(query="", **headers):
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return HealthRequest("GET", "/ready/", query, sent.get)


@pytest.fixture(autouse=True)
def tokens(settings):
    settings.PRODREADY = {"HEALTH_TOKENS": ["tokën-one", "token-two"]}
    return settings


def as_sent(text):
    """What a server makes of the bytes that a client sends."""
    return text.encode().decode("latin-1")


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer token-two"},
        {"Authorization": "bearer token-two"},
        {"Authorization": " BEARER   token-two "},
        {"X_Health_Token": "token-two"},
        {"X_Health_Token": as_sent("tokën-one")},
        {"Authorization": f"Bearer {as_sent('tokën-one')}"},
        {"X_Health_Token": "tok\xebn-one"},  # as http.client and requests send it
        {"Authorization": "Bearer wrong", "X_Health_Token": "token-two"},
        {"Authorization": "Bearer token-two", "X_Health_Token": "wrong"},
        {"Authorization": "Basic dXNlcjpwdw==", "X_Health_Token": "token-two"},
    ],
)
def test_any_valid_token_lets_in(headers):
    assert access_of(request(**headers)) is Access.GRANTED


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "token-two"},
        {"Authorization": "Basic token-two"},
        {"Authorization": "Bearer token-two,Bearer token-two"},
        {"Authorization": "Bearer token"},
        {"X_Health_Token": ""},
        {"X_Health_Token": "Bearer token-two"},
        {"X_Health_Token": "TOKEN-TWO"},
        {"X_Health_Token": "token-one"},
        {"X_Health_Token": "\N{SNOWMAN}"},
        {"X_Health_Token": "\udcff"},
        {"Authorization": "Bearer \udcff\x00"},
    ],
)
def test_nothing_else_does_and_nothing_raises(headers):
    assert access_of(request(**headers)) is Access.DENIED


@pytest.mark.parametrize("name", ["token", "X-Health-Token", "authorization", "access_token"])
def test_a_token_in_the_query_string_is_not_read(name):
    assert access_of(request(f"{name}=token-two")) is Access.DENIED


def test_without_tokens_all_is_open(settings):
    settings.PRODREADY = {}
    assert access_of(request(X_Health_Token="token-two")) is Access.OPEN


def test_a_token_with_a_line_break_or_odd_bytes_is_accepted_as_it_is_sent(settings):
    settings.PRODREADY = {"HEALTH_TOKENS": [" from-a-file\n", "odd-\udcff"]}
    assert access_of(request(X_Health_Token="from-a-file")) is Access.GRANTED
    assert access_of(request(X_Health_Token="odd-\xff")) is Access.GRANTED
    assert access_of(request(X_Health_Token="odd-")) is Access.DENIED


def test_a_token_of_any_letters_is_accepted(settings):
    settings.PRODREADY = {"HEALTH_TOKENS": ["snow-\N{SNOWMAN}"]}
    assert access_of(request(X_Health_Token=as_sent("snow-\N{SNOWMAN}"))) is Access.GRANTED


def test_every_token_is_compared_in_constant_time_whichever_matches(monkeypatch):
    compared = []

    def compare(given, accepted):
        compared.append((given, accepted))
        return genuine(given, accepted)

    genuine = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", compare)
    accepted = ["tokën-one".encode(), b"tok\xebn-one", b"token-two"]
    for given in ("token-two", as_sent("tokën-one"), "wrong"):
        compared.clear()
        access_of(request(X_Health_Token=given))
        assert compared == [(given.encode("latin-1"), token) for token in accepted]
