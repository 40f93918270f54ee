"""PostgreSQL takes every client's address for its type ``inet``, and gives it back as it was."""

import itertools
import random

from django_prodready.realip.networks import parse_network
from django_prodready.realip.ranges_file import bundled
from django_prodready.realip.settle import settle
from django_prodready.realip.trust import Trust

EDGE, TRAEFIK = "173.245.48.10", "10.0.0.2"
TRUST = Trust(proxies=[parse_network("10.0.0.0/24")], edges=bundled().networks)
NASTY = [
    "203.0.113.9:80",
    " 203.0.113.9\t",
    "::ffff:203.0.113.9",
    "[::FFFF:cb00:7109]:443",
    "2001:DB8:0:0:1:0:0:9",
    "2001:db8:0:1:1:1:1:1",
    "2001:0db8::0",
    "fe80::1%eth0",
    "[fe80::1%25en.0~_-]:8000",
    "64:ff9b::203.0.113.9",
    "2001:db8::7%a b c",
    "2001:db8::7'; DROP TABLE visits; --",
    "010.0.0.1",
    "203.0.113.9/32",
    "203.0.113.9\x00",
    "\ud800",
    "unknown",
]
PEERS = [
    "::",
    "::1",
    "::5",
    "::1.2.3.4",
    "127.0.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "ff02::1",
    "::ffff:0:1.2.3.4",
]


def random_texts(count):
    chance = random.Random(2026)
    for _ in range(count):
        groups = [
            chance.choice(["0", "0", "0", "ffff", "1", f"{chance.getrandbits(16):04X}"]) for _ in range(8)
        ]
        yield ":".join(groups)
        yield ".".join(str(chance.choice([0, 1, 10, 127, 203, 255])) for _ in range(4))


def clients():
    for text in itertools.chain(NASTY, PEERS, random_texts(2000)):
        for headers in (
            {"REMOTE_ADDR": text},
            {"REMOTE_ADDR": TRAEFIK, "HTTP_X_FORWARDED_FOR": f"9.9.9.9, {text}"},
            {"REMOTE_ADDR": EDGE, "HTTP_CF_CONNECTING_IP": text},
            {"REMOTE_ADDR": EDGE, "HTTP_CF_CONNECTING_IP": "240.0.0.1", "HTTP_CF_CONNECTING_IPV6": text},
        ):
            address, _ = settle(headers, TRUST)
            yield address.client_ip
            yield address.peer_ip


def test_each_client_is_an_inet(postgres_url):
    import psycopg

    texts = sorted({text for text in clients() if text is not None})
    assert len(texts) > 2000
    with psycopg.connect(postgres_url) as connection:
        # As an array: one text that is no address would fail the whole statement.
        query = "SELECT text, host(text::inet) FROM unnest(%s::text[]) AS text"
        given_back = connection.execute(query, [texts]).fetchall()
    assert dict(given_back) == {text: text for text in texts}
