"""Chains of proxies, and what stands in their headers: the same ones for the same seed."""

import random
from collections.abc import Iterable, Iterator
from itertools import count

from prodready_nginx.sites import CONNECTING, CONNECTING_V6, FORWARDED, Chain, Site

OWN = ("10.20.0.1", "10.20.3.9", "10.21.0.4", "192.168.7.2", "172.18.0.5", "2001:db8:20::1", "fd00:20::5")
STRANGERS = ("198.51.100.7", "203.0.113.80", "10.99.0.3", "2001:db8:99::7", "2a00:1450:4001:80b::200e")
EDGES = ("173.245.48.5", "104.16.9.9", "162.158.3.3", "2400:cb00::17", "2606:4700::6810:1")
TUNNELS = ("10.30.0.2", "fd00:30::2")
WORKER = "2a06:98c0:3600::103"  # what Cloudflare gives for a Worker; inside its published ranges
SOURCES = (*OWN, *STRANGERS, *EDGES, *TUNNELS, WORKER)

# What may be of our own, and how settings may spell it.
NETWORKS = (
    "10.20.0.0/16",
    "10.20.3.9",
    "10.21.0.0/24",
    "::ffff:10.21.0.0/112",
    "192.168.0.0/16",
    "172.16.0.0/12",
    "2001:db8:20::/48",
    "fd00:20::/64",
    "127.0.0.0/8",
    "::1",
)
GARBAGE = (
    "unknown",
    "_hidden",
    "unix:",
    "10.20.0",
    "256.1.1.1",
    "10.20.0.1.5",
    "10.20.0.1:",
    "10.20.0.1:x",
    "10.20.0.1:65536",
    "[fd00:20::5",
    "[fd00:20::5]x",
    "fd00:20::g",
    "1::2::3",
    ":::",
    "1:2:3:4:5:6:7:8:9",
    "255.255.255.255",
    "0x0a.20.0.1",
    "10.20.0.1/32",
    '"10.20.0.1"',
    "for=10.20.0.1",
    "<script>",
    "\xe9",
    "-",
    "%",
)
# One spelling or another that only one of the two takes; which one is what the test is for.
ODD = (
    ",",
    "10.20.3.9,,10.20.0.1",
    "198.51.100.7" + ",10.20.0.1" * 40,
    "010.20.0.1",
    "198.051.100.007",
    "10..0.1",
    "198.51.100.",
    "[10.20.0.1]:443",
    "[fd00:20::5]",
    "fd00:20::5%eth0",
    "10.20.0.1:0",
    "10.20.0.1:000443",
    "10.20.0.1 10.20.0.1",
    "\t10.20.0.1",
    f"10.20.0.1{' ' * 60}, 10.20.0.1",
    ":fd00:20::5",
    "fd00:20::5:",
    "2001:db8:20:4:5:6:7::",
    "127.0.0.1",
    "0.0.0.0",
    "::",
    "::1",
    "::198.51.100.7",
    "224.0.0.1",
    "ff02::1",
    "240.0.0.9",
)


def generated(seed: int = 4) -> list[Chain]:
    """Return the chains, of every kind of site."""
    rng, number = random.Random(seed), count()
    own = [Site(next(number), FORWARDED, _networks(rng)) for _ in range(8)]
    by_socket = Site(next(number), FORWARDED, _networks(rng), unix_socket=True)
    by_edge = Site(next(number), CONNECTING, cloudflare=True, tunnels=TUNNELS)
    behind = tuple(network for network in NETWORKS if not network.startswith("::"))
    by_both = [Site(next(number), header, behind, cloudflare=True) for header in (FORWARDED, CONNECTING)]
    return [
        *(_own_proxies(rng, site) for site in own for _ in range(50)),
        *(_own_proxies(rng, by_socket) for _ in range(30)),
        *(_at_cloudflare(rng, by_edge) for _ in range(120)),
        *(_behind_cloudflare(rng, site) for site in by_both for _ in range(60)),
    ]


def _networks(rng: random.Random) -> tuple[str, ...]:
    return (NETWORKS[0], *rng.sample(NETWORKS[1:], rng.randint(1, 6)))


def _own_proxies(rng: random.Random, site: Site) -> Chain:
    """Let 0 to 8 hops stand in X-Forwarded-For: mostly our own, in more spellings than one."""
    separators = rng.choices((", ", ",", " , ", ",  "), (12, 4, 1, 1), k=9)
    elements = [_element(rng) for _ in range(rng.randint(0, 8))]
    if elements and rng.random() < 0.4:
        elements[-1] = rng.choice(ODD)
    if elements and rng.random() < 0.1:
        elements[0] = f",{elements[0]}"
    lines, line = [], ""
    for element, separator in zip(elements, separators, strict=False):
        if line and rng.random() < 0.15:
            lines.append(line)
            line = element
        else:
            line = f"{line}{separator}{element}" if line else element
    if elements:
        lines.append(line)
    is_dual_stack = rng.random() < 0.2
    source = rng.choice((*OWN, *OWN, *OWN, *STRANGERS))
    headers = tuple((FORWARDED, line) for line in lines)
    return Chain(site, None if site.unix_socket else source, headers, is_dual_stack)


def _element(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.7:
        return _spelled(rng, rng.choice(OWN))
    if kind < 0.9:
        return _spelled(rng, rng.choice(STRANGERS))
    return rng.choice(GARBAGE)


def _spelled(rng: random.Random, address: str) -> str:
    """Spell it as some proxy would."""
    if ":" in address:
        longer = address.replace("::", ":0::")
        return rng.choice((address, address, address.upper(), longer, f"[{address}]:51234"))
    return rng.choice((address, address, f"{address}:51234", f"::ffff:{address}"))


def _at_cloudflare(rng: random.Random, site: Site) -> Chain:
    """Let Cloudflare, or somebody who says so, ask without a proxy of ours."""
    source = rng.choice((*EDGES, *EDGES, *TUNNELS, *STRANGERS))
    stranger, odd = rng.choice(STRANGERS), rng.choice((*GARBAGE, *ODD))
    values = [rng.choice((stranger, _spelled(rng, stranger), odd))]
    if rng.random() < 0.05:
        values = ["240.0.0.9"]
    kind = rng.random()
    if kind < 0.1:
        values = []
    elif kind < 0.2:
        values.append(rng.choice(STRANGERS))
    elif kind < 0.3:
        values = [f"{values[0]}, {rng.choice(STRANGERS)}"]
    headers = [(CONNECTING, value) for value in values]
    if rng.random() < 0.3:
        headers.append((CONNECTING_V6, "2001:db8:99::7"))
    if rng.random() < 0.5:
        headers.append((FORWARDED, f"{rng.choice(STRANGERS)}, {rng.choice(STRANGERS)}"))
    return Chain(site, source, tuple(headers), is_dual_stack=rng.random() < 0.2)


def _behind_cloudflare(rng: random.Random, site: Site) -> Chain:
    """Let each hop do what it does: append whom it saw. Who asks first may have written anything."""
    visitor = rng.choice((*STRANGERS, *STRANGERS, WORKER))
    said = [rng.choice((*STRANGERS, *OWN, *EDGES, "unknown")) for _ in range(rng.randint(0, 3))]
    connecting = rng.choice((None, rng.choice(STRANGERS)))  # forged, unless Cloudflare overwrites it
    way = [visitor]
    if visitor == WORKER or rng.random() < 0.7:  # no Worker reaches an origin but through an edge
        way.append(rng.choice(EDGES))
        connecting = visitor if rng.random() < 0.8 else None  # its owner may have it removed
    way += rng.sample(OWN, rng.randint(0, 3))
    is_silent = way[-1] in OWN and rng.random() < 0.1  # a proxy of ours that knows no X-Forwarded-For
    forwarded = [] if is_silent else [*said, *way[:-1]]
    headers = [(FORWARDED, ", ".join(forwarded))] if forwarded else []
    if connecting is not None:
        headers.append((CONNECTING, connecting))
    return Chain(site, way[-1], tuple(headers))


def sites_of(chains: Iterable[Chain]) -> Iterator[Site]:
    """Yield each site once."""
    yield from {chain.site.number: chain.site for chain in chains}.values()
