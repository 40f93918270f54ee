"""Where nginx and the package part, and every reason that they may have to: the rows of the page on it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from django_prodready.realip.address import LONGEST, is_pseudo, may_be_client, parse
from django_prodready.realip.roles import Role
from django_prodready.realip.settle import settle
from django_prodready.realip.trust import meta_name
from django_prodready.realip.walk import End, Resolution, resolve
from prodready_nginx.sites import CONNECTING, FORWARDED, Answer, Chain

SOCKET = "unix:"  # what nginx calls the peer of a unix socket


class Comparison(NamedTuple):
    """One chain, and what each says of it."""

    chain: Chain
    nginx: Answer
    here: str  # the client; SOCKET where nobody can say
    found: Resolution

    @property
    def is_same(self) -> bool:
        """Tell whether they agree to the letter."""
        return self.nginx.client == self.here


def compare(chain: Chain, nginx: Answer) -> Comparison:
    """Settle the chain as a WSGI server would hand it on, from the peer that nginx saw."""
    meta = {"REMOTE_ADDR": "" if nginx.peer == SOCKET else nginx.peer}
    for name in dict(chain.headers):
        meta[meta_name(name)] = ",".join(line.strip(" \t") for line in chain.lines(name))
    trust = chain.site.trust
    found = resolve(meta, trust)
    client = settle(meta, trust)[0].client_ip
    assert meta["REMOTE_ADDR"] == (client or "")
    return Comparison(chain, nginx, client or SOCKET, found)


@dataclass(frozen=True)
class Parting:
    """Where they may have parted: at one element, which one of the two took and the other did not."""

    said: Comparison
    element: str = ""
    nginx_took_it: bool = False
    we_took_it: bool = False
    stopped_at: bytes | None = None  # the hop that nginx believed last, where it stopped first

    @property
    def bare(self) -> str:
        """The element without what may stand around it."""
        return self.element.strip(" \t")


def reason(said: Comparison) -> str | None:
    """Return the name of the first reason that explains a difference; None when none does."""
    partings = list(_partings(said))
    return next((name for name, explains in REASONS.items() if any(map(explains, partings))), None)


def _partings(said: Comparison) -> Iterator[Parting]:
    yield Parting(said)
    if said.chain.site.header == CONNECTING:
        yield from _at_header(said)
    else:
        yield from _in_list(said)


def _at_header(said: Comparison) -> Iterator[Parting]:
    lines = said.chain.lines(CONNECTING)
    if len(lines) == 1:
        element = lines[0]
        yield Parting(
            said,
            element,
            nginx_took_it=said.found.end is End.TAMPERED,
            we_took_it=said.found.end is End.NAMED and said.nginx.client == said.nginx.peer,
        )


def _in_list(said: Comparison) -> Iterator[Parting]:
    lines, hops = said.chain.lines(FORWARDED), said.found.hops
    elements = [element for line in reversed(lines) for element in reversed(line.split(","))]
    if said.found.end is End.NOT_AN_ADDRESS:
        yield Parting(said, elements[len(hops) - 1], nginx_took_it=True)
    believed = parse(said.nginx.client)  # None for a socket
    for index, hop in enumerate(hops[:-1]):
        if hop == believed:
            yield Parting(said, elements[index], we_took_it=True, stopped_at=hop)


def _is_spelling(parting: Parting) -> bool:
    said = parting.said
    return said.nginx.client.startswith("::ffff:") and parse(said.nginx.client) == parse(said.here)


def _is_no_client(parting: Parting) -> bool:
    packed = parse(parting.element)
    if not parting.nginx_took_it or packed is None or may_be_client(packed):
        return False
    return parting.said.chain.site.header == FORWARDED or not is_pseudo(packed)


def _is_pseudo(parting: Parting) -> bool:
    lines = parting.said.chain.lines(CONNECTING)
    packed = parse(lines[0]) if len(lines) == 1 else None
    return packed is not None and is_pseudo(packed) and parting.said.found.end in (End.NAMED, End.NOT_NAMED)


def _is_mapped_network(parting: Parting) -> bool:
    site = parting.said.chain.site
    others = tuple(network for network in site.proxies if not network.startswith("::ffff:"))
    if parting.stopped_at is None or others == site.proxies:
        return False
    return replace(site, proxies=others).trust.roles.of(parting.stopped_at) is Role.CLIENT


def _is_first_comma(parting: Parting) -> bool:
    lines = parting.said.chain.lines(FORWARDED)
    return parting.we_took_it and any(line.split(",")[:2] == ["", parting.element] for line in lines)


def _is_workers(parting: Parting) -> bool:
    said, client = parting.said, parting.said.found.client
    if said.chain.site.header == CONNECTING or said.found.end is not End.NAMED or client is None:
        return False
    return said.chain.site.trust.roles.of(client) is Role.EDGE


def _behind_proxies(end: End, *, has_header: bool) -> Callable[[Parting], bool]:
    """Tell whether the search ended so, where nginx is to take CF-Connecting-IP from proxies of ours, too."""

    def explains(parting: Parting) -> bool:
        said = parting.said
        site, lines = said.chain.site, said.chain.lines(CONNECTING)
        is_there = site.header == CONNECTING and bool(site.proxies)
        return is_there and said.found.end is end and bool(lines) is has_header

    return explains


def _taken_by_nginx(pattern: str) -> Callable[[Parting], bool]:
    return lambda parting: parting.nginx_took_it and re.search(pattern, parting.bare) is not None


def _taken_here(pattern: str) -> Callable[[Parting], bool]:
    return lambda parting: parting.we_took_it and re.search(pattern, parting.bare) is not None


# By the first cell of its row in docs/nginx-differences.md.
REASONS: dict[str, Callable[[Parting], bool]] = {
    "an IPv4-mapped address": _is_spelling,
    "leading zeros": _taken_by_nginx(r"(^|[.\[:])0+\d+\."),
    "a part left out": _taken_by_nginx(r"\.\.|\.(:\d+)?$|^\."),
    "IPv4 in brackets": _taken_by_nginx(r"^\[[\d.]+\]"),
    "a colon too many": _taken_by_nginx(r"^\[?:(?!:)|(?<!:):(\]:\d+)?$"),
    "a port of more than five digits": _taken_by_nginx(r":\d{6,}$"),
    "`::` for a single group": _taken_here(r"^\[?(?=(?:[^:]*:){7,8}[^:]*$).*::"),
    "brackets without a port": _taken_here(r"\]$"),
    "a zone": _taken_here("%"),
    "port 0": _taken_here(r"[.\]][\d]*:0+$"),
    "an address that no client has": _is_no_client,
    "an empty element": lambda parting: parting.nginx_took_it and not parting.bare,
    "a space inside an element": _taken_by_nginx("^[^,]* [^,]*$"),
    "a tab": lambda parting: parting.we_took_it and "\t" in parting.element,
    "a comma in front": _is_first_comma,
    "an element of more than 64 characters": lambda parting: (
        parting.nginx_took_it and len(parting.element) > LONGEST
    ),
    "more than 32 proxies": lambda parting: parting.said.found.end is End.TOO_MANY_HOPS,
    "a trusted network in IPv4-mapped spelling": _is_mapped_network,
    "two lines": lambda parting: (
        parting.said.found.end is End.TAMPERED and len(parting.said.chain.lines(CONNECTING)) > 1
    ),
    "a comma": _taken_by_nginx(","),
    "Pseudo IPv4": _is_pseudo,
    "a Worker": _is_workers,
    "a list without `CF-Connecting-IP`": lambda parting: (
        parting.said.chain.site.header == FORWARDED and parting.said.found.end is End.NOT_NAMED
    ),
    "a forged header, past Cloudflare": _behind_proxies(End.CLIENT, has_header=True),
    "no header, past Cloudflare": _behind_proxies(End.CLIENT, has_header=False),
    "a proxy that names nobody": _behind_proxies(End.NOTHING_SAID, has_header=True),
    "an edge without `CF-Connecting-IP`": _behind_proxies(End.NOT_NAMED, has_header=False),
}
