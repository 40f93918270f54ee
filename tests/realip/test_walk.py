"""The two phases: our own proxies from the right, then one hop of Cloudflare's, then one name."""

import pytest

from django_prodready.realip.address import parse, spell
from django_prodready.realip.networks import parse_network
from django_prodready.realip.ranges_file import bundled
from django_prodready.realip.trust import Trust
from django_prodready.realip.walk import LONGEST_HEADER, MOST_HOPS, End, resolve

CLIENT = "203.0.113.9"
EDGE = "173.245.48.10"
TRAEFIK = "10.0.0.2"
NGINX = "10.0.0.3"
TUNNEL = "10.9.0.1"
WORKER = "2a06:98c0:3600::103"


def trust_of(**changes):
    return Trust(
        **{
            "proxies": [parse_network("10.0.0.0/24"), parse_network("fd00::2")],
            "tunnels": [parse_network(TUNNEL)],
            "edges": bundled().networks,
        }
        | changes
    )


TRUST = trust_of()


def ask(peer=TRAEFIK, trust=TRUST, **headers):
    meta = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    return resolve(meta if peer is ... else {"REMOTE_ADDR": peer, **meta}, trust)


def client_of(found):
    return None if found.client is None else spell(found.client)


@pytest.mark.parametrize("peer", [..., None, "", "b''"])
def test_a_socket_is_nobody_unless_it_is_trusted(peer):
    found = ask(peer, x_forwarded_for=CLIENT, cf_connecting_ip=CLIENT)
    assert (found.end, found.client, found.hops) == (End.NO_PEER, None, [None])
    assert not found.is_peer_trusted
    assert not found.via_cloudflare

    found = ask(peer, trust_of(unix_socket=True), x_forwarded_for=CLIENT)
    assert (found.end, client_of(found)) == (End.CLIENT, CLIENT)
    assert found.is_peer_trusted


@pytest.mark.parametrize(
    "peer", ["unix:", "/run/app.sock", "localhost", "1.2.3.4, 5.6.7.8", 0, b"", (TRAEFIK, 80)]
)
def test_a_peer_that_is_no_address_is_nobody_even_where_sockets_are_trusted(peer):
    found = ask(peer, trust_of(unix_socket=True), x_forwarded_for=CLIENT)
    assert (found.end, found.client, found.is_peer_trusted) == (End.NO_PEER, None, False)


def test_a_socket_whose_proxy_names_nobody_is_from_nobody():
    found = ask("", trust_of(unix_socket=True))
    assert (found.end, found.client, found.is_peer_trusted) == (End.NOTHING_SAID, None, True)
    assert found.verified_hops == 1


def test_behind_a_socket_cloudflare_is_verified_as_behind_a_proxy():
    found = ask("", trust_of(unix_socket=True), x_forwarded_for=f"9.9.9.9, {EDGE}", cf_connecting_ip=CLIENT)
    assert (found.end, client_of(found), found.via_cloudflare) == (End.NAMED, CLIENT, True)
    assert found.verified_hops == 2


@pytest.mark.parametrize("peer", [CLIENT, f"::ffff:{CLIENT}", f"{CLIENT}:1234"])
def test_whoever_is_not_trusted_is_the_client(peer):
    found = ask(peer, x_forwarded_for="9.9.9.9", cf_connecting_ip="9.9.9.9")
    assert (found.end, client_of(found)) == (End.CLIENT, CLIENT)
    assert (found.is_peer_trusted, found.via_cloudflare, found.verified_hops) == (False, False, 0)


@pytest.mark.parametrize(
    "peer", [EDGE, f"::ffff:{EDGE}", f"[::ffff:{EDGE}]:443", TUNNEL, "2606:4700::5", WORKER]
)
def test_an_edge_or_a_tunnel_names_the_client(peer):
    found = ask(peer, x_forwarded_for="9.9.9.9", cf_connecting_ip=CLIENT)
    assert (found.end, client_of(found)) == (End.NAMED, CLIENT)
    assert (found.is_peer_trusted, found.via_cloudflare, found.verified_hops) == (True, True, 1)


@pytest.mark.parametrize(
    ("said", "expected", "hops"),
    [
        (CLIENT, CLIENT, 1),
        (f"9.9.9.9, {CLIENT}", CLIENT, 1),
        (f"{TRAEFIK}, {CLIENT}", CLIENT, 1),
        (f"9.9.9.9,{CLIENT},{NGINX}", CLIENT, 2),
        (f"9.9.9.9, 8.8.8.8 , {CLIENT} ,{NGINX},fd00::2 , {NGINX}", CLIENT, 4),
        (f"[2001:db8::9]:443, {NGINX}:80", "2001:db8::9", 2),
        ("::ffff:203.0.113.9", CLIENT, 1),
    ],
)
def test_our_proxies_are_followed_from_the_right(said, expected, hops):
    found = ask(x_forwarded_for=said)
    assert (found.end, client_of(found), found.verified_hops) == (End.CLIENT, expected, hops)
    assert found.is_peer_trusted
    assert not found.via_cloudflare


@pytest.mark.parametrize(
    ("said", "end", "expected"),
    [
        (None, End.NOTHING_SAID, TRAEFIK),
        ("", End.NOTHING_SAID, TRAEFIK),
        (5, End.NOTHING_SAID, TRAEFIK),
        (b"203.0.113.9", End.NOTHING_SAID, TRAEFIK),
        ([CLIENT], End.NOTHING_SAID, TRAEFIK),
        (NGINX, End.NOTHING_SAID, NGINX),
        (f",{NGINX}", End.NOTHING_SAID, NGINX),
        (f" ,{NGINX}", End.NOT_AN_ADDRESS, NGINX),
        (f"{CLIENT},", End.NOT_AN_ADDRESS, TRAEFIK),
        (f"{CLIENT},,{NGINX}", End.NOT_AN_ADDRESS, NGINX),
        (f"{CLIENT}, unknown", End.NOT_AN_ADDRESS, TRAEFIK),
        (f"{CLIENT}, unknown, {NGINX}", End.NOT_AN_ADDRESS, NGINX),
        (f"{CLIENT}, 127.0.0.1", End.NOT_AN_ADDRESS, TRAEFIK),
        (f"{CLIENT}, ::1", End.NOT_AN_ADDRESS, TRAEFIK),
        (f"{CLIENT}, ::ffff:127.0.0.1", End.NOT_AN_ADDRESS, TRAEFIK),
        (f"{CLIENT}, 0.0.0.0, {NGINX}", End.NOT_AN_ADDRESS, NGINX),
        (f"{CLIENT}, 240.0.0.1", End.NOT_AN_ADDRESS, TRAEFIK),
        (f"{CLIENT}, \ud800", End.NOT_AN_ADDRESS, TRAEFIK),
        (f"{CLIENT};{NGINX}", End.NOT_AN_ADDRESS, TRAEFIK),
    ],
)
def test_where_a_proxy_names_nobody_the_last_good_hop_is_the_client(said, end, expected):
    found = ask(x_forwarded_for=said, cf_connecting_ip="9.9.9.9", x_real_ip="9.9.9.9")
    assert (found.end, client_of(found)) == (end, expected)
    assert found.is_peer_trusted
    assert not found.via_cloudflare


def test_loopback_is_followed_where_it_is_one_of_ours():
    trust = trust_of(proxies=[parse_network("127.0.0.1")])
    found = ask("127.0.0.1", trust, x_forwarded_for=f"{CLIENT}, 127.0.0.1")
    assert (found.end, client_of(found)) == (End.CLIENT, CLIENT)


@pytest.mark.parametrize("hop", [EDGE, TUNNEL, f"::ffff:{EDGE}", "2606:4700::5"])
def test_a_cloudflare_hop_behind_our_proxies_names_the_client(hop):
    found = ask(x_forwarded_for=f"9.9.9.9, {CLIENT}, {hop}, {NGINX}", cf_connecting_ip=CLIENT)
    assert (found.end, client_of(found), found.via_cloudflare) == (End.NAMED, CLIENT, True)
    assert found.verified_hops == 3


@pytest.mark.parametrize(
    "said",
    [
        f"9.9.9.9, {WORKER}, {EDGE}",
        f"9.9.9.9, {EDGE}, {WORKER}",
        f"{TRAEFIK}, {WORKER}",
        f"9.9.9.9, {TRAEFIK}, {EDGE}",
        f"9.9.9.9, {TUNNEL}, {EDGE}",
    ],
)
@pytest.mark.parametrize("peer", [EDGE, TRAEFIK, WORKER])
def test_nothing_left_of_the_edge_is_read(said, peer):
    """A Worker's address is one of Cloudflare's: who skips it lands on what the Worker wrote."""
    found = ask(peer, x_forwarded_for=said, cf_connecting_ip=WORKER)
    assert (found.end, client_of(found)) == (End.NAMED, WORKER)
    found = ask(peer, x_forwarded_for=said)
    assert found.end is End.NOT_NAMED
    assert client_of(found) == (peer if peer != TRAEFIK else said.rpartition(", ")[2])


@pytest.mark.parametrize(
    "said",
    [
        "",
        "unknown",
        f"{CLIENT}, {CLIENT}",
        f"{CLIENT},9.9.9.9",
        f"{CLIENT},",
        "127.0.0.1",
        "0.0.0.0",
        "::1",
        "::ffff:127.0.0.1",
        "224.0.0.1",
        "010.0.0.1",
        "2001:db8::7%a b c",
        "\ud800",
        CLIENT + " " * 64,
        b"203.0.113.9",
        5,
    ],
)
@pytest.mark.parametrize(("peer", "chain"), [(EDGE, "9.9.9.9"), (TRAEFIK, f"9.9.9.9, {EDGE}")])
def test_a_name_that_is_not_one_address_is_tampering(said, peer, chain):
    found = ask(peer, x_forwarded_for=chain, cf_connecting_ip=said, true_client_ip="9.9.9.9")
    assert (found.end, client_of(found)) == (End.TAMPERED, EDGE)
    assert found.is_peer_trusted
    assert not found.via_cloudflare


def test_a_name_that_is_missing_means_the_edge():
    for said in ({}, {"cf_connecting_ip": None}):
        found = ask(
            EDGE,
            x_forwarded_for="9.9.9.9",
            true_client_ip="9.9.9.9",
            cf_connecting_ipv6="2001:db8::9",
            **said,
        )
        assert (found.end, client_of(found), found.via_cloudflare) == (End.NOT_NAMED, EDGE, True)


@pytest.mark.parametrize(
    ("said", "end", "expected"),
    [
        ("2001:db8::9", End.NAMED, "2001:db8::9"),
        (None, End.NOT_NAMED, EDGE),
        ("", End.TAMPERED, EDGE),
        ("2001:db8::9,2001:db8::8", End.TAMPERED, EDGE),
        ("::1", End.TAMPERED, EDGE),
        ("240.0.0.2", End.TAMPERED, EDGE),
        (CLIENT, End.TAMPERED, EDGE),
        (f"::ffff:{CLIENT}", End.TAMPERED, EDGE),
        (7, End.TAMPERED, EDGE),
    ],
)
def test_a_pseudo_address_stands_for_the_ipv6_address_beside_it(said, end, expected):
    found = ask(EDGE, cf_connecting_ip="240.16.0.1", cf_connecting_ipv6=said)
    assert (found.end, client_of(found)) == (end, expected)


def test_the_ipv6_address_beside_a_real_one_is_not_read():
    found = ask(EDGE, cf_connecting_ip=CLIENT, cf_connecting_ipv6="2001:db8::9", cf_pseudo_ipv4="240.0.0.1")
    assert client_of(found) == CLIENT


@pytest.mark.parametrize("said", [None, "", "wrong", "right,right", "rightwrong", 5, b"right"])
def test_without_the_proof_of_our_account_nobody_is_named(said):
    trust = trust_of(secrets=["right", "next"])
    headers = {"cf_connecting_ip": CLIENT, "x_origin_secret": said}
    for peer in (EDGE, TUNNEL):
        found = ask(peer, trust, **headers)
        assert (found.end, client_of(found)) == (End.UNPROVEN, peer)
        assert (found.is_peer_trusted, found.via_cloudflare, found.verified_hops) == (False, False, 0)
    found = ask(TRAEFIK, trust, x_forwarded_for=f"{CLIENT}, {EDGE}", **headers)
    assert (found.end, client_of(found)) == (End.UNPROVEN, EDGE)
    assert (found.is_peer_trusted, found.via_cloudflare, found.verified_hops) == (True, False, 1)


@pytest.mark.parametrize("said", ["right", "next"])
def test_with_the_proof_of_our_account_the_client_is_named(said):
    trust = trust_of(secrets=["right", "next"])
    found = ask(EDGE, trust, cf_connecting_ip=CLIENT, x_origin_secret=said)
    assert (found.end, client_of(found), found.via_cloudflare) == (End.NAMED, CLIENT, True)


def test_a_secret_makes_nobody_trusted():
    trust = trust_of(secrets=["right"])
    found = ask("198.51.100.1", trust, cf_connecting_ip=CLIENT, x_origin_secret="right")
    assert (found.end, client_of(found)) == (End.CLIENT, "198.51.100.1")


def test_ranges_that_cloudflare_gave_up_are_not_trusted():
    """104.28.0.0/14 was in 104.16.0.0/12 until 2021: people's own addresses, by now."""
    found = ask("104.28.0.1", x_forwarded_for="9.9.9.9", cf_connecting_ip="9.9.9.9")
    assert (found.end, client_of(found)) == (End.CLIENT, "104.28.0.1")


def test_the_walk_ends_after_so_many_hops():
    chain = [f"10.0.0.{number}" for number in range(100, 100 + MOST_HOPS)]
    found = ask(x_forwarded_for=", ".join(["9.9.9.9", *chain]))
    assert (found.end, client_of(found), len(found.hops)) == (End.TOO_MANY_HOPS, chain[0], MOST_HOPS + 1)
    found = ask(x_forwarded_for=", ".join([CLIENT, *chain[1:]]))
    assert (found.end, client_of(found), len(found.hops)) == (End.CLIENT, CLIENT, MOST_HOPS + 1)


def test_only_the_right_end_of_a_long_header_is_read():
    filling = "x" * 65536
    assert client_of(ask(x_forwarded_for=f"{filling}, {CLIENT}")) == CLIENT
    padded = f"{' ' * (LONGEST_HEADER - len(CLIENT))}{CLIENT}"
    for said in (f"9.9.9.9,{filling}", f"9.9.9.9,{padded}", f",{padded}"):
        found = ask(x_forwarded_for=said)
        assert (found.end, client_of(found)) == (End.NOT_AN_ADDRESS, TRAEFIK)


def test_what_was_found_is_packed():
    found = ask(x_forwarded_for=CLIENT)
    assert found.hops == [parse(TRAEFIK), parse(CLIENT)]
