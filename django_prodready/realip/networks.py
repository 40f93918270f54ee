"""Networks as settings and lists spell them: parsed strictly, and refused where they cannot be meant."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network

__all__ = ["Network", "parse_network", "parse_networks"]

Network = IPv4Network | IPv6Network

# The least that a trusted network must fix. 10.0.0.0/8 and fc00::/7 are the largest that one site can own.
SHORTEST_V4 = 8
SHORTEST_V6 = 7
_MAPPED = IPv6Network("::ffff:0:0/96")


def parse_network(text: str) -> Network:
    """Return the network, or of a lone address the network of it alone. An IPv4-mapped one is IPv4.

    Raises :class:`ValueError` whose text says what is wrong, and never repeats ``text``.
    """
    said = text.strip()
    if said in ("*", "0.0.0.0/0", "::/0"):
        raise ValueError("it is everybody: whoever reaches the server could name any client")
    if "%" in said:
        raise ValueError("it has a zone; write the address without")
    try:
        network = ip_network(said)
    except ValueError:
        raise ValueError(_what_is_wrong(said)) from None
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        network = IPv4Network((network.network_address.packed[12:], network.prefixlen - 96))
    shortest = SHORTEST_V4 if network.version == 4 else SHORTEST_V6
    if network.prefixlen < shortest:
        raise ValueError(f"it is larger than any one network: nothing shorter than /{shortest} is trusted")
    return network


def parse_networks(texts: Iterable[str]) -> tuple[list[Network], dict[int, str]]:
    """Return the networks that are right, and by their index what is wrong with the others."""
    networks: list[Network] = []
    wrong: dict[int, str] = {}
    for index, text in enumerate(texts):
        try:
            networks.append(parse_network(text))
        except ValueError as error:
            wrong[index] = str(error)
    return networks, wrong


def _what_is_wrong(said: str) -> str:
    try:
        meant = ip_network(said, strict=False)
    except ValueError:
        return "it is neither an address nor a network such as 10.0.0.0/24"
    return f"it has host bits set; write {meant} for the network"
