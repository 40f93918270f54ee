"""Which role an address has on a request's way to us: one search, whatever the number of networks."""

from __future__ import annotations

import enum
from bisect import bisect_right
from collections.abc import Iterable
from ipaddress import ip_address

from django_prodready.realip.address import IPV4_BYTES, parse
from django_prodready.realip.networks import Network

__all__ = ["Place", "Role", "RoleMap"]

MOST_KNOWN = 4096  # spellings of our own and of Cloudflare's addresses; a site meets a few hundred


class Role(enum.Enum):
    """Who may stand at an address."""

    CLIENT = "client"  # anybody
    PROXY = "own proxy"
    TUNNEL = "end of a Cloudflare tunnel"
    EDGE = "Cloudflare's edge"


Place = tuple[bytes, Role]  # an address, packed, and its role


class RoleMap:
    """The role of every address, also where networks overlap.

    Cloudflare's edge is nothing else, ever: who walks on behind it believes what a Worker wrote. Of own
    proxies and tunnels the smaller network is meant; of two that are the same, the proxy, whose word
    counts for less.
    """

    __slots__ = ("_known", "_layers", "_v4", "_v6")

    def __init__(
        self,
        *,
        proxies: Iterable[Network] = (),
        tunnels: Iterable[Network] = (),
        edges: Iterable[Network] = (),
    ) -> None:
        layers = [(network, Role.TUNNEL) for network in tunnels]
        layers += [(network, Role.PROXY) for network in proxies]
        layers.sort(key=lambda layer: layer[0].prefixlen)  # stable: the proxy over the tunnel
        layers += [(network, Role.EDGE) for network in edges]
        self._layers = layers
        self._v4 = _segments([layer for layer in layers if layer[0].version == 4])
        self._v6 = _segments([layer for layer in layers if layer[0].version == 6])
        # Clients are not kept: whoever has many addresses would push out what is asked for all the time.
        self._known: dict[str, Place] = {}

    def of(self, packed: bytes) -> Role:
        """Return the role of an address of 4 or 16 bytes."""
        starts, roles = self._v4 if len(packed) == IPV4_BYTES else self._v6
        return roles[bisect_right(starts, packed)]

    def network_of(self, packed: bytes) -> Network | None:
        """Return the network that gives an address its role; None for a client's. Slow: for people."""
        address = ip_address(packed)
        covering = (network for network, _ in reversed(self._layers) if address in network)
        return next(covering, None)

    def place(self, text: str) -> Place | None:
        """Parse an address and return it with its role; None when it is not exactly one address."""
        known = self._known.get(text)
        if known is not None:
            return known
        packed = parse(text)
        if packed is None:
            return None
        place = (packed, self.of(packed))
        if place[1] is not Role.CLIENT:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[text] = place
        return place


def _segments(layers: list[tuple[Network, Role]]) -> tuple[list[bytes], list[Role]]:
    """Return where the role changes, and the roles: one more, for what comes before the first start.

    Of the layers that cover an address the last one counts.
    """
    borders = {int(network.network_address) for network, _ in layers}
    borders |= {int(network.broadcast_address) + 1 for network, _ in layers}
    starts: list[bytes] = []
    roles = [Role.CLIENT]
    for border in sorted(borders):
        role = _role_at(border, layers)
        width = layers[0][0].max_prefixlen // 8
        if role is not roles[-1] and border < 1 << 8 * width:
            starts.append(border.to_bytes(width, "big"))
            roles.append(role)
    return starts, roles


def _role_at(address: int, layers: list[tuple[Network, Role]]) -> Role:
    for network, role in reversed(layers):
        if int(network.network_address) <= address <= int(network.broadcast_address):
            return role
    return Role.CLIENT
