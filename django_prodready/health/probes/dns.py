"""Ask the resolver for a name."""

from __future__ import annotations

import ipaddress
import socket
from typing import ClassVar

from django_prodready.health.probe import Probe
from django_prodready.health.probes._options import require_text


class DnsProbe(Probe):
    """Resolve a host name as every other part of the process does, by the system's resolver. Not critical.

    ``name``: a host name of a service that the application needs, not an address. Down: the name does not
    exist, or the resolver does not answer. Never degraded. It costs a query, or a look into the system's
    cache.

    The system's resolver takes no time-out from us: the probe's deadline ends the waiting, and the thread
    stays until the resolver gives up (``options timeout:1 attempts:1`` in resolv.conf makes that soon).
    """

    critical: ClassVar[bool] = False

    def __init__(self, *, name: str) -> None:
        self._name = require_text("name", name)
        if _is_address(self._name):
            raise ValueError("name must be a host name: an address needs no resolver.")

    def run(self) -> None:
        """Resolve the name."""
        socket.getaddrinfo(self._name, None, type=socket.SOCK_STREAM)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True
