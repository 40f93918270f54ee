"""One call settles the client, and leaves no header that says otherwise."""

import pytest

from django_prodready.realip.client_address import ClientAddress
from django_prodready.realip.networks import parse_network
from django_prodready.realip.ranges_file import bundled
from django_prodready.realip.settle import settle
from django_prodready.realip.trust import Trust
from django_prodready.realip.walk import End

CLIENT = "203.0.113.9"
EDGE = "173.245.48.10"
TRAEFIK = "10.0.0.2"
PROTO = ("HTTP_X_FORWARDED_PROTO", "https")
OURS = [parse_network("10.0.0.0/24")]
TRUST = Trust(proxies=OURS, edges=bundled().networks)
STRICT = Trust(proxies=OURS, edges=bundled().networks, secrets=["right"])


def settled(meta, trust=TRUST, scheme=PROTO):
    address, end = settle(meta, trust, scheme)
    return address, end


def address_of(client_ip, peer_ip, *, via_cloudflare=False, spoofed=False):
    return ClientAddress(client_ip=client_ip, peer_ip=peer_ip, via_cloudflare=via_cloudflare, spoofed=spoofed)


def test_a_visitor_of_cloudflare_s_through_traefik():
    meta = {
        "REMOTE_ADDR": TRAEFIK,
        "REMOTE_HOST": TRAEFIK,
        "REMOTE_PORT": "4711",
        "HTTP_HOST": "example.org",
        "HTTP_X_FORWARDED_FOR": f"9.9.9.9, {CLIENT}, {EDGE}",
        "HTTP_X_FORWARDED_PROTO": "http",
        "HTTP_X_FORWARDED_HOST": "example.org",
        "HTTP_X_REAL_IP": EDGE,
        "HTTP_FORWARDED": "for=9.9.9.9",
        "HTTP_TRUE_CLIENT_IP": "9.9.9.9",
        "HTTP_CF_CONNECTING_IP": f" {CLIENT} ",
        "HTTP_CF_VISITOR": '{"scheme":"https"}',
        "HTTP_CF_RAY": "8a1",
    }
    assert settled(meta) == (address_of(CLIENT, TRAEFIK, via_cloudflare=True), End.NAMED)
    assert meta == {
        "REMOTE_ADDR": CLIENT,
        "REMOTE_HOST": CLIENT,
        "REMOTE_PORT": "0",
        "HTTP_HOST": "example.org",
        "HTTP_X_FORWARDED_FOR": CLIENT,
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_HOST": "example.org",
        "HTTP_X_REAL_IP": CLIENT,
        "HTTP_TRUE_CLIENT_IP": CLIENT,
        "HTTP_CF_CONNECTING_IP": CLIENT,
        "HTTP_CF_VISITOR": '{"scheme":"https"}',
        "HTTP_CF_RAY": "8a1",
    }


def test_a_forged_name_through_traefik_s_address_is_removed_and_flagged():
    meta = {
        "REMOTE_ADDR": TRAEFIK,
        "HTTP_X_FORWARDED_FOR": "198.51.100.1",
        "HTTP_CF_CONNECTING_IP": CLIENT,
        "HTTP_CF_IPCOUNTRY": "DE",
        "HTTP_CF_VISITOR": '{"scheme":"https"}',
    }
    assert settled(meta) == (address_of("198.51.100.1", TRAEFIK, spoofed=True), End.CLIENT)
    assert meta == {"REMOTE_ADDR": "198.51.100.1", "HTTP_X_FORWARDED_FOR": "198.51.100.1"}


def test_a_name_that_was_tampered_with_is_removed_and_flagged():
    meta = {
        "REMOTE_ADDR": EDGE,
        "HTTP_X_FORWARDED_FOR": CLIENT,
        "HTTP_X_FORWARDED_PROTO": "http",
        "HTTP_CF_CONNECTING_IP": f"9.9.9.9,{CLIENT}",
        "HTTP_CF_VISITOR": '{"scheme":"https"}',
        "HTTP_CF_RAY": "8a1",
    }
    assert settled(meta) == (address_of(EDGE, EDGE, spoofed=True), End.TAMPERED)
    assert meta == {"REMOTE_ADDR": EDGE, "HTTP_X_FORWARDED_FOR": EDGE, "HTTP_X_FORWARDED_PROTO": "http"}


def test_a_name_that_is_missing_means_the_edge_and_no_older_header():
    meta = {
        "REMOTE_ADDR": EDGE,
        "HTTP_X_FORWARDED_FOR": CLIENT,
        "HTTP_X_REAL_IP": CLIENT,
        "HTTP_TRUE_CLIENT_IP": CLIENT,
        "HTTP_CF_CONNECTING_IPV6": "2001:db8::9",
        "HTTP_CF_PSEUDO_IPV4": "240.0.0.1",
        "HTTP_CF_RAY": "8a1",
    }
    assert settled(meta) == (address_of(EDGE, EDGE, via_cloudflare=True), End.NOT_NAMED)
    assert meta == {
        "REMOTE_ADDR": EDGE,
        "HTTP_X_FORWARDED_FOR": EDGE,
        "HTTP_X_REAL_IP": EDGE,
        "HTTP_CF_RAY": "8a1",
    }


def test_cloudflare_without_the_proof_of_our_account_is_a_stranger():
    claims = {
        "HTTP_CF_CONNECTING_IP": CLIENT,
        "HTTP_X_ORIGIN_SECRET": "guess",
        "HTTP_X_FORWARDED_PROTO": "https",
    }
    meta = {"REMOTE_ADDR": EDGE, "HTTP_X_FORWARDED_HOST": "evil.example", **claims}
    assert settled(meta, STRICT) == (address_of(EDGE, EDGE, spoofed=True), End.UNPROVEN)
    assert meta == {"REMOTE_ADDR": EDGE}

    meta = {"REMOTE_ADDR": TRAEFIK, "HTTP_X_FORWARDED_FOR": EDGE, **claims}
    assert settled(meta, STRICT) == (address_of(EDGE, TRAEFIK, spoofed=True), End.UNPROVEN)
    assert meta == {"REMOTE_ADDR": EDGE, "HTTP_X_FORWARDED_FOR": EDGE, "HTTP_X_FORWARDED_PROTO": "https"}


@pytest.mark.parametrize("peer", [EDGE, CLIENT, "unix:"])
def test_the_proof_is_for_nobody_to_read(peer):
    meta = {"REMOTE_ADDR": peer, "HTTP_CF_CONNECTING_IP": CLIENT, "HTTP_X_ORIGIN_SECRET": "right"}
    address, _ = settled(meta, STRICT)
    assert address.via_cloudflare is (peer == EDGE)
    assert "HTTP_X_ORIGIN_SECRET" not in meta


def test_where_no_proof_is_asked_for_its_header_is_like_any_other():
    meta = {"REMOTE_ADDR": EDGE, "HTTP_X_ORIGIN_SECRET": "mine"}
    settled(meta)
    assert meta["HTTP_X_ORIGIN_SECRET"] == "mine"


def test_where_nobody_is_trusted_nobody_is_flagged():
    meta = {
        "REMOTE_ADDR": EDGE,
        "HTTP_X_FORWARDED_FOR": CLIENT,
        "HTTP_CF_CONNECTING_IP": CLIENT,
        "HTTP_CF_RAY": "1",
    }
    assert settled(meta, Trust()) == (address_of(EDGE, EDGE), End.CLIENT)
    assert meta == {"REMOTE_ADDR": EDGE}


@pytest.mark.parametrize(
    "name",
    [
        "X_FORWARDED_FOR",
        "X_REAL_IP",
        "FORWARDED",
        "CLIENT_IP",
        "X_CLIENT_IP",
        "CF_CONNECTING_IP",
        "TRUE_CLIENT_IP",
    ],
)
def test_whoever_names_an_address_and_may_not_is_flagged(name):
    address, _ = settled({"REMOTE_ADDR": CLIENT, f"HTTP_{name}": "9.9.9.9"})
    assert address == address_of(CLIENT, CLIENT, spoofed=True)


@pytest.mark.parametrize(
    "name", ["CF_RAY", "CF_IPCOUNTRY", "X_FORWARDED_PROTO", "X_FORWARDED_HOST", "USER_AGENT"]
)
def test_whoever_names_no_address_is_not_flagged(name):
    address, _ = settled({"REMOTE_ADDR": CLIENT, f"HTTP_{name}": "x"})
    assert address == address_of(CLIENT, CLIENT)


def test_what_stands_left_of_the_client_is_nobody_s_crime():
    """Offices have proxies, and those append to X-Forwarded-For too."""
    address, _ = settled({"REMOTE_ADDR": TRAEFIK, "HTTP_X_FORWARDED_FOR": f"192.168.1.7, {CLIENT}"})
    assert address == address_of(CLIENT, TRAEFIK)


@pytest.mark.parametrize("peer", [None, "", "unix:", 5])
def test_where_nobody_is_known_the_peer_stays_as_it_was(peer):
    meta = {
        "REMOTE_ADDR": peer,
        "REMOTE_HOST": "",
        "HTTP_X_FORWARDED_FOR": CLIENT,
        "HTTP_X_FORWARDED_HOST": "evil",
    }
    assert settled(meta) == (address_of(None, None, spoofed=True), End.NO_PEER)
    assert meta == {"REMOTE_ADDR": peer, "REMOTE_HOST": ""}


def test_a_request_without_a_peer_gets_none():
    meta = {"HTTP_HOST": "example.org"}
    assert settled(meta) == (address_of(None, None), End.NO_PEER)
    assert meta == {"HTTP_HOST": "example.org"}


def test_behind_a_socket_the_peer_gets_the_client_s_address():
    meta = {"HTTP_X_FORWARDED_FOR": CLIENT}
    assert settled(meta, Trust(unix_socket=True)) == (address_of(CLIENT, None), End.CLIENT)
    assert meta == {"REMOTE_ADDR": CLIENT, "HTTP_X_FORWARDED_FOR": CLIENT}


def test_behind_a_socket_whose_proxy_names_nobody_no_header_does():
    meta = {"REMOTE_ADDR": "", "HTTP_X_REAL_IP": "9.9.9.9", "HTTP_X_FORWARDED_PROTO": "https"}
    assert settled(meta, Trust(unix_socket=True)) == (address_of(None, None), End.NOTHING_SAID)
    assert meta == {"REMOTE_ADDR": "", "HTTP_X_FORWARDED_PROTO": "https"}


@pytest.mark.parametrize(
    ("said", "peer"),
    [
        (f"::ffff:{CLIENT}", CLIENT),
        (f"[::ffff:{CLIENT}]:80", CLIENT),
        ("2001:DB8::9", "2001:db8::9"),
        ("fe80::1%e", "fe80::1"),
    ],
)
def test_a_peer_has_one_spelling(said, peer):
    meta = {"REMOTE_ADDR": said, "REMOTE_HOST": said}
    assert settled(meta)[0] == address_of(peer, peer)
    assert meta == {"REMOTE_ADDR": peer, "REMOTE_HOST": peer}


def test_a_peer_that_is_the_client_keeps_its_name_and_port():
    meta = {"REMOTE_ADDR": CLIENT, "REMOTE_HOST": "client.example", "REMOTE_PORT": "4711"}
    before = dict(meta)
    settled(meta)
    assert meta == before


@pytest.mark.parametrize("scheme", [None, (), ("HTTP_HOST", "https"), ("HTTPS", "on")])
def test_without_a_header_for_the_scheme_none_is_edited(scheme):
    for peer in (EDGE, CLIENT):
        meta = {
            "REMOTE_ADDR": peer,
            "HTTP_HOST": "example.org",
            "HTTPS": "off",
            "HTTP_X_SCHEME": "https",
            "HTTP_CF_CONNECTING_IP": CLIENT,
            "HTTP_CF_VISITOR": '{"scheme":"http"}',
        }
        settled(meta, scheme=scheme)
        assert (meta["HTTP_HOST"], meta["HTTPS"], meta["HTTP_X_SCHEME"]) == ("example.org", "off", "https")


@pytest.mark.parametrize(
    ("chain", "said", "expected"),
    [
        (CLIENT, "https,http", "http"),
        (f"{CLIENT}, 10.0.0.3", "https, http, http", "http"),
        (f"{CLIENT}, 10.0.0.3", "http, https, http", "https"),
        ("unknown", "https, http", "http"),
        (f"{CLIENT}, {EDGE}", "http, https, http", "https"),
    ],
)
def test_of_several_schemes_the_outermost_verified_hop_s_counts(chain, said, expected):
    meta = {"REMOTE_ADDR": TRAEFIK, "HTTP_X_FORWARDED_FOR": chain, "HTTP_X_FORWARDED_PROTO": said}
    settled(meta)
    assert meta["HTTP_X_FORWARDED_PROTO"] == expected


def test_the_answer_cannot_be_changed():
    address, _ = settled({"REMOTE_ADDR": CLIENT})
    with pytest.raises(AttributeError):
        address.client_ip = "9.9.9.9"
    with pytest.raises(TypeError):
        ClientAddress(CLIENT, CLIENT, False, False)
