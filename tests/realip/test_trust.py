"""What one configuration trusts, and what proves that a request came through our account."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_prodready.realip.networks import parse_network
from django_prodready.realip.trust import LONGEST_PROOF, Trust, meta_name

OURS = [parse_network("10.0.0.0/24")]


def test_nobody_is_trusted_unless_somebody_is_named():
    assert not Trust().is_any
    assert not Trust(secrets=["s"]).is_any
    assert not Trust().believes_cloudflare


@pytest.mark.parametrize(
    ("given_trust", "believes_cloudflare"),
    [
        ({"proxies": OURS}, False),
        ({"unix_socket": True}, False),
        ({"tunnels": OURS}, True),
        ({"edges": OURS}, True),
    ],
)
def test_who_is_named_is_trusted(given_trust, believes_cloudflare):
    trust = Trust(**given_trust)
    assert trust.is_any
    assert trust.believes_cloudflare is believes_cloudflare


def test_each_secret_is_a_proof_so_that_they_can_be_rotated():
    trust = Trust(secrets=["old", "new"])
    assert trust.needs_proof
    assert trust.is_proof("old")
    assert trust.is_proof("new")
    for said in (
        None,
        "",
        "ol",
        "old,old",
        " old",
        "OLD",
        "old\x00",
        5,
        b"old",
        ["old"],
        "öld",
        "\ud800",
        "\u0142",
    ):
        assert not trust.is_proof(said)


def test_a_secret_that_is_empty_is_proved_by_nothing():
    trust = Trust(secrets=[""])
    assert trust.needs_proof
    assert not trust.is_proof(None)
    assert not trust.is_proof("")


def test_a_secret_may_hold_any_character():
    """On the wire it is UTF-8; WSGI gives it decoded as Latin-1."""
    assert Trust(secrets=["gehéim"]).is_proof("gehéim".encode().decode("latin-1"))
    assert not Trust(secrets=["a\ud800"]).is_proof("a")


def test_what_is_longer_than_a_header_can_be_is_not_compared():
    longest = "s" * LONGEST_PROOF
    assert Trust(secrets=[longest]).is_proof(longest)
    assert not Trust(secrets=[longest + "s"]).is_proof(longest + "s")


@given(st.text(st.characters(max_codepoint=255), max_size=5), st.lists(st.text(max_size=5), max_size=3))
def test_only_a_secret_is_a_proof(said, secrets):
    on_the_wire = said.encode("latin-1")
    meant = [secret.strip(" \t\r\n").encode("utf-8", "surrogatepass") for secret in secrets]
    assert Trust(secrets=secrets).is_proof(said) is bool(said and on_the_wire in meant)


def test_a_file_of_a_secret_may_end_with_a_line_s_end():
    trust = Trust(secrets=["right\n", " \r\n"])
    assert trust.is_proof("right")
    assert not trust.is_proof("")
    assert not trust.is_proof(" ")


def test_a_header_has_the_name_that_wsgi_gives_it():
    assert meta_name("X-Origin-Secret") == "HTTP_X_ORIGIN_SECRET"
    assert Trust(secret_header="x-mine").secret_name == "HTTP_X_MINE"
