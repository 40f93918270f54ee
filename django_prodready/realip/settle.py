"""Settle who a request is from, and make its headers say so: what this room is for, in one call."""

from __future__ import annotations

from functools import lru_cache

from django_prodready.realip.address import spell
from django_prodready.realip.client_address import ClientAddress, make_client_address
from django_prodready.realip.headers import (
    Meta,
    remove_cloudflare,
    remove_forwarded,
    rewrite_claims,
    rewrite_identity,
)
from django_prodready.realip.scheme import header_of, settle_scheme
from django_prodready.realip.trust import Trust
from django_prodready.realip.walk import End, resolve

__all__ = ["Settled", "settle"]


# Peers that are nobody's clients are few; clients are not kept, because whoever has many addresses would push
# out the rest.
_spell_trusted = lru_cache(maxsize=4096)(spell)


# Whom a request is from, and why that is believed. A plain tuple is made in a tenth of a named one's time.
Settled = tuple[ClientAddress, End]


def settle(meta: Meta, trust: Trust, scheme: tuple[str, str] | None = None) -> Settled:
    """Resolve the client of ``meta``, and edit ``meta`` in place so that nothing in it says otherwise.

    ``scheme`` is ``SECURE_PROXY_SSL_HEADER``. Whatever the headers hold, nothing is raised.
    """
    found = resolve(meta, trust)
    client = None if found.client is None else spell(found.client)
    scheme_header = header_of(scheme)
    is_claimed = False
    if found.via_cloudflare:
        rewrite_identity(meta, client if found.end is End.NAMED else None)
    else:
        is_claimed = remove_cloudflare(meta, found.client)
    if found.is_peer_trusted:
        if scheme and scheme_header:
            settle_scheme(meta, scheme_header, scheme[1], found)
        rewrite_claims(meta, client)
    elif remove_forwarded(meta, scheme_header):
        is_claimed = True
    if trust.needs_proof:
        meta.pop(trust.secret_name, None)
    if client is not None:
        _name_client(meta, client)
    peer = found.hops[0]
    peer_text = None if peer is None else client if peer is found.client else _spell_trusted(peer)
    address = make_client_address(client, peer_text, found.via_cloudflare, is_claimed and trust.is_any)
    return address, found.end


def _name_client(meta: Meta, client: str) -> None:
    """Put the client where CGI has it. The peer's name and port are not the client's."""
    if meta.get("REMOTE_ADDR") == client:
        return
    meta["REMOTE_ADDR"] = client
    if meta.get("REMOTE_HOST"):
        meta["REMOTE_HOST"] = client
    port = meta.get("REMOTE_PORT")
    if port is not None:
        meta["REMOTE_PORT"] = "0" if isinstance(port, str) else 0  # a number under ASGI
