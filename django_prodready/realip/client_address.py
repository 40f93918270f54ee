"""What a view may know of who is asking."""

from __future__ import annotations

from dataclasses import dataclass, fields

__all__ = ["SCOPE_KEY", "ClientAddress", "make_client_address"]

SCOPE_KEY = "django_prodready.client_address"  # where an ASGI scope that is settled has it


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAddress:
    """Whom a request is from. Addresses are in their one spelling, without port and zone."""

    client_ip: str | None  # None: nobody can say; a socket without a header, or a peer that is no address
    peer_ip: str | None  # who opened the connection; None for a socket
    via_cloudflare: bool  # it came through Cloudflare's edge or tunnel, and proved our account if it must
    spoofed: bool  # somebody named an address who may not; only where anybody is trusted at all


# Its slots, written past the guard of a frozen dataclass: each request makes one, and its own __init__ takes
# three times as long.
_set_client_ip, _set_peer_ip, _set_via_cloudflare, _set_spoofed = (
    ClientAddress.__dict__[field.name].__set__ for field in fields(ClientAddress)
)


def make_client_address(
    client_ip: str | None, peer_ip: str | None, via_cloudflare: bool, spoofed: bool
) -> ClientAddress:
    """Return a :class:`ClientAddress`, as its own constructor does."""
    made: ClientAddress = object.__new__(ClientAddress)
    _set_client_ip(made, client_ip)
    _set_peer_ip(made, peer_ip)
    _set_via_cloudflare(made, via_cloudflare)
    _set_spoofed(made, spoofed)
    return made
