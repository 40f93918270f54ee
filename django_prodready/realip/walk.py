"""Who sent this request? Two phases, and no header is read that its writer could not know to be true.

Phase A begins at the peer of the connection and follows ``X-Forwarded-For`` from the right, through our own
proxies only: each appended the address that it saw. Phase B: where that ends at Cloudflare's edge, or at the
end of a tunnel, one ``CF-Connecting-IP`` names the client. What stands left of the edge is never read: a
Worker has an address inside Cloudflare's ranges, and may write there what it likes.

Headers are read as WSGI names them (PEP 3333): lines of the same name are one value, joined by commas.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django_prodready.realip.address import IPV4_BYTES, is_pseudo, may_be_client, parse
from django_prodready.realip.roles import Role
from django_prodready.realip.trust import Trust

__all__ = ["End", "Resolution", "resolve"]

MOST_HOPS = 32  # own proxies in a row; nobody has that many
LONGEST_HEADER = 8192  # characters of X-Forwarded-For that are looked at, from the right
# What servers give for the peer of a unix socket; gunicorn once gave the repr of empty bytes:
# https://github.com/benoitc/gunicorn/issues/1755
SOCKETS = (None, "", "b''")


class End(enum.Enum):
    """Why the search ended where it did."""

    NO_PEER = "no peer"  # a socket that nobody opted into, or a peer that is no address
    CLIENT = "client"  # an address that is neither ours nor Cloudflare's
    NOTHING_SAID = "nothing said"  # our proxy named nobody
    NOT_AN_ADDRESS = "not an address"  # our proxy named what can be no client
    TOO_MANY_HOPS = "too many hops"
    NAMED = "named"  # by Cloudflare
    NOT_NAMED = "not named"  # no CF-Connecting-IP: an owner may have it removed
    TAMPERED = "tampered"  # CF-Connecting-IP is not one address
    UNPROVEN = "unproven"  # Cloudflare, but without the secret of our account


@dataclass(slots=True)
class Resolution:
    """What is believed of one request. Addresses are packed."""

    end: End
    hops: list[bytes | None]  # the peer (None: a socket), then whom each named who stood before
    client: bytes | None  # None: nobody can say
    is_peer_trusted: bool
    via_cloudflare: (
        bool  # somebody of Cloudflare's sent it, said who is asking or nothing, and proved what it must
    )

    @property
    def verified_hops(self) -> int:
        """How many in a row, from the peer on, are ours or Cloudflare's."""
        is_last_strange = self.end in (End.CLIENT, End.UNPROVEN)
        return len(self.hops) - is_last_strange


def resolve(meta: Mapping[str, Any], trust: Trust) -> Resolution:
    """Return whom the request of ``meta`` is from. Whatever its headers hold, nothing is raised."""
    said = meta.get("REMOTE_ADDR")
    place: tuple[bytes | None, Role] | None = None
    if said in SOCKETS:
        place = (None, Role.PROXY) if trust.unix_socket else None
    elif isinstance(said, str):
        place = trust.roles.place(said)
    if place is None:
        return Resolution(End.NO_PEER, [None], None, False, False)
    peer, role = place
    hops = [peer]
    if role is Role.CLIENT:
        return Resolution(End.CLIENT, hops, peer, False, False)
    end = End.CLIENT
    if role is Role.PROXY:
        said = meta.get("HTTP_X_FORWARDED_FOR")
        role, end = _walk(said if isinstance(said, str) else "", trust, hops)
    if role is Role.PROXY or role is Role.CLIENT:
        return Resolution(end, hops, hops[-1], True, False)
    if trust.needs_proof and not trust.is_proof(meta.get(trust.secret_name)):
        return Resolution(End.UNPROVEN, hops, hops[-1], len(hops) > 1, False)
    client, end = _named(meta)
    return Resolution(end, hops, client or hops[-1], True, end is not End.TAMPERED)


def _walk(said: str, trust: Trust, hops: list[bytes | None]) -> tuple[Role, End]:
    """Append to ``hops`` whom our proxies saw; return the role of the last one, and why it is the last."""
    end = len(said)
    floor = max(0, end - LONGEST_HEADER)
    while end > 0:
        comma = said.rfind(",", floor, end)
        if comma < 0 < floor:
            return Role.PROXY, End.NOT_AN_ADDRESS  # cut off in the middle
        place = trust.roles.place(said[comma + 1 : end])
        if place is None:
            return Role.PROXY, End.NOT_AN_ADDRESS
        hop, role = place
        if role is Role.CLIENT and not may_be_client(hop):
            return Role.PROXY, End.NOT_AN_ADDRESS
        hops.append(hop)
        if role is not Role.PROXY:
            return role, End.CLIENT
        if len(hops) > MOST_HOPS:
            return Role.PROXY, End.TOO_MANY_HOPS
        end = comma
    return Role.PROXY, End.NOTHING_SAID


def _named(meta: Mapping[str, Any]) -> tuple[bytes | None, End]:
    """Return the client that Cloudflare names."""
    said = meta.get("HTTP_CF_CONNECTING_IP")
    if said is None:
        return None, End.NOT_NAMED
    client = parse(said)
    if client is not None and may_be_client(client):
        return client, End.NAMED
    if client is None or not is_pseudo(client):
        return None, End.TAMPERED
    said = meta.get("HTTP_CF_CONNECTING_IPV6")
    if said is None:
        return None, End.NOT_NAMED
    client = parse(said)
    if client is None or len(client) == IPV4_BYTES or not may_be_client(client):
        return None, End.TAMPERED
    return client, End.NAMED
