"""Nobody can lie about their address: each way to an application, attacked from every place on it.

The servers are modelled by what they do with headers by default, so that an attacker's headers arrive as they
would; the true ones are asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from ipaddress import ip_address

import pytest
from django.http import HttpRequest
from django.test import override_settings
from hypothesis import example, given, settings
from hypothesis import strategies as st

from django_prodready.realip.address import may_be_client, parse, spell
from django_prodready.realip.networks import parse_network
from django_prodready.realip.ranges_file import bundled
from django_prodready.realip.roles import Role
from django_prodready.realip.settle import settle
from django_prodready.realip.trust import Trust
from django_prodready.realip.walk import End

PROTO = ("HTTP_X_FORWARDED_PROTO", "https")
EDGE, EDGE_V6 = "173.245.48.10", "2606:4700::5"
NGINX, TRAEFIK, INGRESS, NODE, CLOUDFLARED = "10.0.0.3", "10.0.0.2", "10.0.0.4", "10.8.0.1", "10.9.0.1"
WORKER = "2a06:98c0:3600::103"


@dataclass(frozen=True)
class Sent:
    """A request on its way."""

    source: str
    headers: tuple[tuple[str, str], ...]
    is_tls: bool

    def values(self, name):
        return [value for other, value in self.headers if other.lower() == name.lower()]

    def without(self, *prefixes):
        kept = [header for header in self.headers if not header[0].lower().startswith(prefixes)]
        return replace(self, headers=tuple(kept))

    def having(self, name, value):
        return replace(self, headers=(*self.without(name.lower()).headers, (name, value)))

    def with_source_appended(self):
        return self.having("X-Forwarded-For", ", ".join([*self.values("X-Forwarded-For"), self.source]))


def cloudflare(sent: Sent, address: str = EDGE) -> Sent:
    """Append to X-Forwarded-For; name the visitor; let True-Client-IP, X-Real-IP and Forwarded pass."""
    scheme = "https" if sent.is_tls else "http"
    passed = (
        sent.with_source_appended()
        .without("cf-")
        .having("X-Forwarded-Proto", scheme)
        .having("CF-Connecting-IP", sent.source)
        .having("CF-Visitor", f'{{"scheme":"{scheme}"}}')
    )
    return replace(passed, source=address, is_tls=True)


def tunnel(sent: Sent) -> Sent:
    return replace(cloudflare(sent), source=CLOUDFLARED, is_tls=False)


def nginx(sent: Sent, address: str = NGINX) -> Sent:
    """Drop names with an underscore; append to X-Forwarded-For; know no header of Cloudflare's."""
    headers = tuple(header for header in sent.headers if "_" not in header[0])
    passed = (
        replace(sent, headers=headers)
        .with_source_appended()
        .having("X-Real-IP", sent.source)
        .having("X-Forwarded-Proto", "https" if sent.is_tls else "http")
    )
    return replace(passed, source=address, is_tls=False)


def traefik(sent: Sent, trusted: tuple[str, ...] = ()) -> Sent:
    """Drop X-Forwarded-* and X-Real-Ip of whom it does not trust; let CF-Connecting-IP of anybody pass."""
    if sent.source not in trusted:
        sent = sent.without("x-forwarded-", "x-real-ip")
    passed = sent.with_source_appended()
    for name, value in (
        ("X-Real-Ip", sent.source),
        ("X-Forwarded-Proto", "https" if sent.is_tls else "http"),
        ("X-Forwarded-Host", "example.org"),
    ):
        if not sent.values(name):
            passed = passed.having(name, value)
    return replace(passed, source=TRAEFIK, is_tls=False)


def ingress(sent: Sent) -> Sent:
    """Put in the place of each header what it saw itself, as ingress-nginx does."""
    passed = sent.without("x-forwarded-", "x-real-ip").with_source_appended().having("X-Real-IP", sent.source)
    passed = passed.having("X-Forwarded-Proto", "https" if sent.is_tls else "http")
    return replace(passed, source=INGRESS, is_tls=False)


def snat(sent: Sent) -> Sent:
    return replace(sent, source=NODE)


def socket(sent: Sent) -> Sent:
    return replace(sent, source="")


def mapped(sent: Sent) -> Sent:
    """Name an IPv4 peer as a listener of both families does."""
    return sent if ":" in sent.source else replace(sent, source=f"::ffff:{sent.source}")


@dataclass(frozen=True)
class Topology:
    trust: Trust
    way: tuple[Callable[[Sent], Sent], ...] = ()  # from the internet to the application
    seen: str | None = None  # whom the application can see at best; None: the sender


def trusting(*proxies, **others):
    return Trust(proxies=[parse_network(text) for text in proxies], **others)


EDGES = bundled().networks
OURS = (NGINX, TRAEFIK, INGRESS)
TUNNELS = [parse_network(CLOUDFLARED)]
TOPOLOGIES = {
    "direct": Topology(Trust()),
    "cloudflare": Topology(Trust(edges=EDGES), (cloudflare,)),
    "cloudflare, IPv6": Topology(Trust(edges=EDGES), (partial(cloudflare, address=EDGE_V6),)),
    "cloudflare, IPv4-mapped": Topology(Trust(edges=EDGES), (cloudflare, mapped)),
    "cloudflare, traefik": Topology(trusting(*OURS, edges=EDGES), (cloudflare, traefik)),
    "cloudflare, traefik that trusts it": Topology(
        trusting(*OURS, edges=EDGES), (cloudflare, partial(traefik, trusted=(EDGE,)))
    ),
    "cloudflare, traefik, IPv4-mapped": Topology(
        trusting(*OURS, edges=EDGES), (cloudflare, mapped, traefik, mapped)
    ),
    "cloudflare, nginx, traefik": Topology(
        trusting(*OURS, edges=EDGES), (cloudflare, nginx, partial(traefik, trusted=(NGINX,)))
    ),
    "tunnel": Topology(Trust(tunnels=TUNNELS), (tunnel,)),
    "tunnel, traefik": Topology(trusting(*OURS, tunnels=TUNNELS), (tunnel, traefik)),
    "tunnel, nginx": Topology(trusting(*OURS, tunnels=TUNNELS), (tunnel, nginx)),
    "nginx": Topology(trusting(*OURS), (nginx,)),
    "nginx, traefik": Topology(trusting(*OURS), (nginx, partial(traefik, trusted=(NGINX,)))),
    "nginx, traefik that does not trust it": Topology(trusting(*OURS), (nginx, traefik), seen=NGINX),
    "unix socket": Topology(Trust(unix_socket=True), (nginx, socket)),
    "cloudflare, unix socket": Topology(Trust(unix_socket=True, edges=EDGES), (cloudflare, nginx, socket)),
    "ingress with SNAT": Topology(trusting(*OURS), (snat, ingress), seen=NODE),
    "ingress without SNAT": Topology(trusting(*OURS), (ingress,)),
    "cloudflare, ingress": Topology(trusting(*OURS, edges=EDGES), (cloudflare, ingress)),
    "a private network and cloudflare": Topology(trusting("10.0.0.0/24", edges=EDGES), (cloudflare, traefik)),
}

topologies = pytest.mark.parametrize("topology", TOPOLOGIES.values(), ids=TOPOLOGIES)

SPECIAL = (
    EDGE, EDGE_V6, WORKER, NGINX, TRAEFIK, NODE, CLOUDFLARED, f"::ffff:{EDGE}", f"::ffff:{TRAEFIK}",
    "127.0.0.1", "::1", "0.0.0.0", "240.0.0.1", "9.9.9.9", "2001:db8::666", "010.0.0.2", "fe80::1%a b c",
    "unknown", "", "\udcff", "\x00",
)  # fmt: skip
NAMES = (
    "X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP", "X-Client-IP", "X-Cluster-Client-IP",
    "True-Client-IP", "Fastly-Client-IP", "Forwarded-For", "X-Forwarded", "CF-Connecting-IP",
    "CF-Connecting-IPv6", "CF-Pseudo-IPv4", "CF-Visitor", "CF-Ray", "CF-IPCountry", "CF-Worker",
    "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Ssl", "X-Forwarded-Scheme",
    "X-Origin-Secret", "X-Scheme", "Front-End-Https", "Remote-Addr", "Via",
    "Content-Type",
)  # fmt: skip
OTHER_VALUES = (
    "https",
    "http",
    "on",
    '{"scheme":"https"}',
    "evil.example",
    "443",
    "for=9.9.9.9;proto=https;host=evil",
)
CHAINS = st.lists(st.sampled_from(SPECIAL), min_size=1, max_size=5).map(", ".join)
VALUES = st.one_of(CHAINS, st.sampled_from(OTHER_VALUES), st.sampled_from(SPECIAL), st.text(max_size=20))
HEADERS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=8).map(tuple)


def spelled(name, turns):
    """Spell a name otherwise: underscores for hyphens, other cases."""
    return "".join(
        ("_" if letter == "-" and turn & 1 else letter.upper() if turn & 2 else letter.lower())
        for letter, turn in zip(name, turns, strict=False)
    )


SPELLED_NAMES = st.builds(
    spelled, st.sampled_from(NAMES), st.lists(st.integers(0, 3), min_size=20, max_size=20)
)
SPELLED_HEADERS = st.lists(st.tuples(SPELLED_NAMES, VALUES), max_size=8).map(tuple)


KNOWN = trusting("10.0.0.0/8", edges=EDGES).roles


def is_stranger(address):
    """Tell whether an address can be an attacker's, of the internet, and is in nobody's trust."""
    packed = address.packed
    is_usual = address.is_global and parse(str(address)) == packed and may_be_client(packed)
    return is_usual and KNOWN.of(packed) is Role.CLIENT


STRANGERS = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).filter(is_stranger).map(str)


def meta_of(sent: Sent) -> dict[str, object]:
    """Name the headers as WSGI does, those with underscores too, and join the lines of one name."""
    meta: dict[str, object] = {"SERVER_NAME": "app", "SERVER_PORT": "8000", "HTTP_HOST": "example.org"}
    for name, value in sent.headers:
        key = "HTTP_" + name.upper().replace("-", "_")
        key = "CONTENT_TYPE" if key == "HTTP_CONTENT_TYPE" else key
        meta[key] = f"{meta[key]},{value}" if key in meta else value
    return meta | {"REMOTE_ADDR": sent.source, "REMOTE_HOST": sent.source, "REMOTE_PORT": "5555"}


def is_secure(meta, scheme=PROTO):
    request = HttpRequest()
    request.META = meta
    with override_settings(SECURE_PROXY_SSL_HEADER=scheme):
        return request.is_secure()


def place(meta):
    """Return the host and the port that Django builds links with, where it believes proxies on both."""
    request = HttpRequest()
    request.META = meta
    with override_settings(USE_X_FORWARDED_HOST=True, USE_X_FORWARDED_PORT=True, ALLOWED_HOSTS=["*"]):
        return request.get_host(), request.get_port()


# The headers that name an address.
NAMING = {"HTTP_" + name.upper().replace("-", "_") for name in NAMES[:13]}


def is_claim(name):
    """Tell whether a header is one of those that only somebody trusted may set."""
    return name in NAMING or name.startswith(("HTTP_X_FORWARDED_", "HTTP_CF_"))


@topologies
@settings(max_examples=40, deadline=None)
@given(
    attacker=STRANGERS,
    headers=SPELLED_HEADERS,
    scheme=st.sampled_from(
        [
            PROTO,
            ("HTTP_X_FORWARDED_SSL", "on"),
            ("HTTP_FRONT_END_HTTPS", "on"),
            ("HTTP_X_SCHEME", "https"),
            ("HTTP_CF_VISITOR", '{"scheme":"https"}'),
            ("HTTP_X_ORIGIN_SECRET", "https"),
            ("HTTP_FORWARDED", "for=9.9.9.9;proto=https;host=evil"),
            ("CONTENT_TYPE", "https"),
        ]
    ),
    is_mapped=st.booleans(),
)
@example(
    attacker="8.8.8.8",
    headers=(("Content-Type", "https"),),
    scheme=("CONTENT_TYPE", "https"),
    is_mapped=False,
)
@example(
    attacker="8.8.8.8",
    headers=(
        ("X_Forwarded_For", TRAEFIK),
        ("x-forwarded-host", "evil.example"),
        ("X_FORWARDED_PROTO", "https"),
        ("cf_connecting-ip", "9.9.9.9"),
        ("X-Forwarded-Port", "443"),
    ),
    scheme=PROTO,
    is_mapped=True,
)
def test_an_untrusted_peer_changes_nothing(topology, attacker, headers, scheme, is_mapped):
    source = f"::ffff:{attacker}" if is_mapped and "." in attacker else attacker
    plain = meta_of(Sent(source, (), is_tls=False))
    forged = meta_of(Sent(source, headers, is_tls=False))
    says_who = not NAMING.isdisjoint(forged)

    settle(plain, topology.trust, scheme)
    address, end = settle(forged, topology.trust, scheme)

    assert end is End.CLIENT
    assert address.client_ip == address.peer_ip == attacker
    assert not address.via_cloudflare
    assert {name: forged.get(name) for name in plain} == plain
    assert plain["REMOTE_ADDR"] == plain["REMOTE_HOST"] == attacker if source != attacker else True
    assert not [name for name in forged if is_claim(name) or name == scheme[0]]
    assert not is_secure(forged, scheme)
    assert place(forged) == ("example.org", "8000")
    assert address.spoofed is (says_who and topology.trust.is_any)


@topologies
@settings(max_examples=40, deadline=None)
@given(attacker=STRANGERS, headers=HEADERS, is_tls=st.booleans())
@example(attacker="8.8.8.8", headers=(("X-Forwarded-For", f"9.9.9.9, {WORKER}"),), is_tls=False)
@example(
    attacker="8.8.8.8",
    headers=(("CF-Connecting-IP", "9.9.9.9"), ("X-Forwarded-Proto", "https")),
    is_tls=False,
)
def test_through_the_front_door_everybody_is_who_they_are(topology, attacker, headers, is_tls):
    sent = Sent(attacker, headers, is_tls)
    for server in topology.way:
        sent = server(sent)
    meta = meta_of(sent)
    address, end = settle(meta, topology.trust, PROTO)

    assert address.client_ip == (topology.seen or attacker)
    assert address.via_cloudflare is (end is End.NAMED)
    passes_cloudflare = {cloudflare, tunnel} & {getattr(server, "func", server) for server in topology.way}
    assert address.via_cloudflare is bool(passes_cloudflare)
    if topology.seen is None and topology.way:
        assert is_secure(meta) is is_tls
    assert_names_only(meta, address.client_ip)


@topologies
@settings(max_examples=40, deadline=None)
@given(attacker=STRANGERS, headers=HEADERS, is_tls=st.booleans(), data=st.data())
@example(attacker="8.8.8.8", headers=(("CF-Connecting-IP", "9.9.9.9"),), is_tls=False, data=None)
def test_past_the_front_door_nobody_is_another(topology, attacker, headers, is_tls, data):
    """Whoever reaches a server behind Cloudflare is seen there, and cannot pass for Cloudflare's visitor."""
    entrance = 1 if data is None else data.draw(st.integers(1, max(1, len(topology.way))))
    if topology.way[entrance:] == (socket,):
        return  # only the proxy can open it
    sent = Sent(attacker, headers, is_tls)
    for server in topology.way[entrance:]:
        sent = server(sent)
    meta = meta_of(sent)
    says_who = any(name in meta for name in ("HTTP_CF_CONNECTING_IP", "HTTP_TRUE_CLIENT_IP"))
    address, _ = settle(meta, topology.trust, PROTO)

    assert address.client_ip == attacker
    assert not address.via_cloudflare
    assert address.spoofed or not says_who or not topology.trust.is_any
    assert not [name for name in meta if name.startswith("HTTP_CF_")]
    assert_names_only(meta, attacker)


def assert_names_only(meta, client):
    """Assert that no header is left that names another address."""
    names = ("HTTP_X_REAL_IP", "HTTP_TRUE_CLIENT_IP", "HTTP_CF_CONNECTING_IP", "HTTP_CF_CONNECTING_IPV6")
    for name in ("HTTP_X_FORWARDED_FOR", "HTTP_CLIENT_IP", "HTTP_X_CLIENT_IP", *names):
        assert meta.get(name, client) == client
    assert "HTTP_FORWARDED" not in meta
    if client is not None:
        assert meta["REMOTE_ADDR"] == client
        assert meta.get("REMOTE_HOST") in ("", None, client)


ANYTHING = st.one_of(
    VALUES,
    st.text(max_size=100),
    st.none(),
    st.integers(),
    st.binary(max_size=20),
    st.lists(st.sampled_from(SPECIAL), max_size=2),
)
METAS = st.dictionaries(
    st.one_of(
        st.sampled_from(["HTTP_" + name.upper().replace("-", "_") for name in NAMES]),
        st.sampled_from(["REMOTE_HOST", "REMOTE_PORT", "HTTPS", "SERVER_PORT", "HTTP_HOST"]),
        st.text(max_size=10),
    ),
    ANYTHING,
    max_size=10,
)
PEERS = st.one_of(st.sampled_from(SPECIAL), st.sampled_from(["b''", "unix:", None]), STRANGERS, ANYTHING)
SCHEMES = st.sampled_from(
    [
        None,
        (),
        PROTO,
        ("HTTP_CF_VISITOR", "x"),
        ("HTTP_HOST", "https"),
        ("HTTPS", "on"),
        ("HTTP_X_REAL_IP", "x"),
    ]
)
STRICT = Trust(
    proxies=[parse_network(text) for text in OURS],
    tunnels=TUNNELS,
    edges=EDGES,
    unix_socket=True,
    secrets=["s\u0142crét", "https"],
)


@pytest.mark.parametrize("trust", [*(topology.trust for topology in TOPOLOGIES.values()), STRICT])
@settings(max_examples=40, deadline=None)
@given(meta=METAS, peer=PEERS, scheme=SCHEMES)
def test_whatever_comes_nothing_is_raised_and_the_answer_is_canonical(trust, meta, peer, scheme):
    before = dict(meta)
    meta["REMOTE_ADDR"] = peer
    address, end = settle(meta, trust, scheme)
    for text in (address.client_ip, address.peer_ip):
        if text is not None:
            assert spell(parse(text)) == text
            assert ip_address(text)
    if address.client_ip is None:
        assert meta["REMOTE_ADDR"] is peer
        assert end in (End.NO_PEER, End.NOTHING_SAID, End.NOT_AN_ADDRESS)
    else:
        assert meta["REMOTE_ADDR"] == address.client_ip
        assert meta.get("REMOTE_HOST") in (before.get("REMOTE_HOST"), address.client_ip)
    assert meta.get("HTTP_HOST") == before.get("HTTP_HOST")
    assert address.spoofed <= trust.is_any


@pytest.mark.parametrize("trust", [*(topology.trust for topology in TOPOLOGIES.values()), STRICT])
@settings(max_examples=25, deadline=None)
@given(meta=METAS, peer=PEERS)
def test_who_is_settled_twice_is_the_same(trust, meta, peer):
    meta |= {"REMOTE_ADDR": peer, "REMOTE_HOST": ""}
    first, _ = settle(meta, trust, PROTO)
    again, _ = settle(meta, trust, PROTO)
    assert again.client_ip == first.client_ip
    assert_names_only(meta, first.client_ip)
