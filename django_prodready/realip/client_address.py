"""What a view may know of who is asking."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SCOPE_KEY", "ClientAddress"]

SCOPE_KEY = "django_prodready.client_address"  # where an ASGI scope that is settled has it


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAddress:
    """Whom a request is from. Addresses are in their one spelling, without port and zone."""

    client_ip: str | None  # None: nobody can say; a socket without a header, or a peer that is no address
    peer_ip: str | None  # who opened the connection; None for a socket
    via_cloudflare: bool  # it came through Cloudflare's edge or tunnel, and proved our account if it must
    spoofed: bool  # somebody named an address who may not; only where anybody is trusted at all
