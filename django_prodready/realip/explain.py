"""Say hop by hop who was believed, and why: what ``settle`` decides in silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django_prodready.realip.address import parse, spell
from django_prodready.realip.client_address import ClientAddress
from django_prodready.realip.headers import Meta
from django_prodready.realip.roles import Role
from django_prodready.realip.settle import settle
from django_prodready.realip.trust import Trust
from django_prodready.realip.walk import SOCKETS, End, Resolution, resolve

__all__ = ["Explanation", "explain", "header_name"]

_WHO = {
    Role.PROXY: "one of ours (TRUSTED_PROXIES: {network}), so what it appended is believed",
    Role.TUNNEL: "the end of a Cloudflare tunnel (CLOUDFLARED: {network})",
    Role.EDGE: "Cloudflare's edge ({network}), so nothing that stands left of it is read",
    Role.CLIENT: "nobody that is trusted",
}
_WHY = {
    End.CLIENT: "So it is the client.",
    End.NOTHING_SAID: "X-Forwarded-For names nobody further, so the search ends here.",
    End.NOT_AN_ADDRESS: "What it appended to X-Forwarded-For can be nobody's address: the search ends here.",
    End.TOO_MANY_HOPS: "That is one proxy too many: the search ends here.",
    End.NOT_NAMED: "It sent no CF-Connecting-IP that says who is asking, so it is taken for the client.",
    End.TAMPERED: (
        "CF-Connecting-IP is not one address that a client can have: somebody tampered with it, so it is not"
        " believed, and who sent it is taken for the client."
    ),
}
_NOBODY = "Nobody can say who is asking: REMOTE_ADDR stays."
_ACRONYMS = {"Cf": "CF", "Ip": "IP", "Ipv4": "IPv4", "Ipv6": "IPv6", "Ipcountry": "IPCountry"}


@dataclass(frozen=True, slots=True)
class Explanation:
    """The way to the client in sentences, what came of it, and what became of the headers, by their names."""

    steps: list[str]
    address: ClientAddress
    end: End
    removed: list[str]
    rewritten: list[str]  # and added
    meta: Meta  # as it is afterwards


def explain(meta: Meta, trust: Trust, scheme: tuple[str, str] | None = None) -> Explanation:
    """Return what is decided of ``meta``, which is left as it is. Of headers only addresses are repeated."""
    after = dict(meta)
    address, end = settle(after, trust, scheme)
    return Explanation(
        steps=list(_steps(meta, resolve(meta, trust), trust)),
        address=address,
        end=end,
        removed=[header_name(name) for name in meta if name.startswith("HTTP_") and name not in after],
        rewritten=[
            header_name(name) for name in after if name.startswith("HTTP_") and after[name] != meta.get(name)
        ],
        meta=after,
    )


def _steps(meta: Meta, found: Resolution, trust: Trust) -> Iterator[str]:
    if found.end is End.NO_PEER:
        is_socket = meta.get("REMOTE_ADDR") in SOCKETS
        yield (
            "The connection is from a unix socket, and TRUST_UNIX_SOCKET is off."
            if is_socket
            else "REMOTE_ADDR is no address."
        )
        yield _NOBODY
        return
    for number, hop in enumerate(found.hops):
        before = f"{_name(found.hops[number - 1])} was asked by" if number else "The connection is from"
        yield f"{before} {'a unix socket' if hop is None else spell(hop)}: {_who(hop, trust)}."
    if trust.needs_proof and found.end in (End.NAMED, End.NOT_NAMED, End.TAMPERED):
        yield f"{header_name(trust.secret_name)} proves that it came through our account."
    yield _why(meta, found, trust)
    if found.client is None:
        yield _NOBODY


def _why(meta: Meta, found: Resolution, trust: Trust) -> str:
    if found.end is End.UNPROVEN:
        return (
            f"{header_name(trust.secret_name)}, which proves our account, is missing or wrong, so"
            " CF-Connecting-IP is not believed, and who sent it is taken for the client."
        )
    if found.end is End.CLIENT and len(found.hops) > 1 and _is_more_said(meta, found):
        return "So it is the client, and what stands left of it in X-Forwarded-For is not read."
    if found.end is End.NAMED and found.client is not None:
        is_direct = parse(meta.get("HTTP_CF_CONNECTING_IP")) == found.client
        by = "" if is_direct else "CF-Connecting-IP is a pseudo IPv4 address, so CF-Connecting-IPv6"
        return f"{by or 'CF-Connecting-IP'} names the client: {spell(found.client)}."
    return _WHY[found.end]


def _is_more_said(meta: Meta, found: Resolution) -> bool:
    """Whether X-Forwarded-For goes on left of the client: each hop behind the peer took one of its values."""
    return str(meta.get("HTTP_X_FORWARDED_FOR")).count(",") >= len(found.hops) - 1


def _who(hop: bytes | None, trust: Trust) -> str:
    if hop is None:
        return "only our proxy can open it (TRUST_UNIX_SOCKET), so what it appended is believed"
    return _WHO[trust.roles.of(hop)].format(network=trust.roles.network_of(hop))


def _name(hop: bytes | None) -> str:
    return "Our proxy" if hop is None else spell(hop)


def header_name(name: str) -> str:
    """Return a header as people write it: "HTTP_X_REAL_IP" is "X-Real-IP"."""
    words = [word.capitalize() for word in name.removeprefix("HTTP_").split("_")]
    return "-".join(_ACRONYMS.get(word, word) for word in words)
