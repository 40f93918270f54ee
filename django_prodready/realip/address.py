"""Addresses as other machines write them: parsed strictly, packed, and given back in one spelling.

``ipaddress`` takes any text as the zone of an IPv6 address, so what it accepts may carry markup into logs,
cache keys or an ``inet`` column; ``inet_pton`` knows no zone and is ten times as fast.
"""

from __future__ import annotations

import re
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton
from typing import Any

__all__ = ["IPV4_BYTES", "is_private", "is_pseudo", "may_be_client", "parse", "spell"]

LONGEST = 64  # characters; the longest that is right, with brackets, zone and port, is shorter
IPV4_BYTES = 4
FIRST_PSEUDO = 240
LAST_PORT = 65535
_MAPPED = bytes(10) + b"\xff\xff"  # ::ffff:0:0/96, as dual-stack listeners name IPv4 peers
_ZONE = re.compile(r"[0-9A-Za-z._~-]+")  # RFC 6874, section 2
_LOOPBACK_V6 = bytes(15) + b"\x01"
_COMPATIBLE = bytes(12)  # ::/96, "IPv4-compatible", which RFC 4291 took back; :: and ::1 are in it


def parse(text: Any) -> bytes | None:
    """Return the address as 4 or 16 bytes in network order; None for whatever is not exactly one address.

    Spaces and tabs around it, a port, brackets and a zone are dropped. An IPv4-mapped address is IPv4.
    """
    if not isinstance(text, str) or len(text) > LONGEST:
        return None
    text = text.strip(" \t")
    if ":" not in text:
        return _packed(AF_INET, text)
    if "." in text and text.count(":") == 1:
        text, _, port = text.partition(":")
        return _packed(AF_INET, text) if _is_port(port) else None
    if text.startswith("["):
        text, closing, port = text[1:].partition("]")
        if not closing or (port and not (port.startswith(":") and _is_port(port[1:]))):
            return None
    return _ipv6(text)


def spell(packed: bytes) -> str:
    """Return the one spelling of an address: lower case, shortest (RFC 5952)."""
    return inet_ntop(AF_INET if len(packed) == IPV4_BYTES else AF_INET6, packed)


def may_be_client(packed: bytes) -> bool:
    """Tell whether a packet can come from there over a network.

    Not from "this network", loopback, multicast or the reserved block 240.0.0.0/4 (RFC 6890, RFC 1112); nor
    from ::/96, which spells each of them once more.
    """
    if len(packed) == IPV4_BYTES:
        return packed[0] not in (0, 127) and packed[0] < 224
    return packed[0] != 0xFF and not packed.startswith(_COMPATIBLE)


def is_pseudo(packed: bytes) -> bool:
    """Tell whether it stands for an IPv6 client: Cloudflare's "Pseudo IPv4" is in the reserved 240.0.0.0/4.

    https://developers.cloudflare.com/network/pseudo-ipv4/
    """
    return len(packed) == IPV4_BYTES and packed[0] >= FIRST_PSEUDO


def is_private(packed: bytes) -> bool:
    """Tell whether it is this machine, or one beside it that nobody else reaches.

    Loopback, RFC 1918, the shared block of RFC 6598 (pods have addresses of it), unique and link local ones.
    """
    if len(packed) == IPV4_BYTES:
        first, second = packed[0], packed[1]
        return (
            first in (10, 127)
            or (first == 172 and second & 0xF0 == 16)
            or (first == 192 and second == 168)
            or (first == 100 and second & 0xC0 == 64)
            or (first == 169 and second == 254)
        )
    return (
        packed == _LOOPBACK_V6 or packed[0] & 0xFE == 0xFC or (packed[0] == 0xFE and packed[1] & 0xC0 == 0x80)
    )


def _ipv6(text: str) -> bytes | None:
    text, percent, zone = text.partition("%")
    if percent and not _ZONE.fullmatch(zone):
        return None
    packed = _packed(AF_INET6, text)
    return packed[12:] if packed is not None and packed.startswith(_MAPPED) else packed


def _packed(family: int, text: str) -> bytes | None:
    try:
        return inet_pton(family, text)
    except (OSError, ValueError):  # ValueError: a NUL, or a character that cannot be encoded
        return None


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= LAST_PORT
