"""How far away a database server is, told from its host name alone. Nothing is resolved."""

from __future__ import annotations

import enum
import ipaddress
import re
from typing import TYPE_CHECKING

from django_prodready.audit.facts.libpq import has_service, libpq_parameter

if TYPE_CHECKING:
    from django_prodready.audit.facts.database import DatabaseServer

__all__ = ["Distance", "distance_of_host", "distance_to"]


class Distance(enum.IntEnum):
    """Where the other end of a connection is."""

    SOCKET = 0  # a unix socket
    LOOPBACK = 1  # this machine, or a proxy on it
    PRIVATE = 2  # a container or service beside this one, a private network, a virtual private network
    REMOTE = 3


# Names that no public DNS has: of Kubernetes, Fly, Railway, Consul, Tailscale and private networks.
# https://www.iana.org/assignments/special-use-domain-names
_PRIVATE_NAME = re.compile(
    r"\.(?:internal|local|localdomain|lan|home|home\.arpa|intranet|corp|private|svc|consul|flycast|ts\.net)$"
    r"|\.svc\.|^tasks\.|_"
)
# "postgres.database" is a service and its namespace in Kubernetes, "example.org" is not.
_NAMESPACED = re.compile(
    r"[a-z0-9-]+\.(?!(?:[a-z]{2}|com|net|org|info|biz|dev|app|cloud|host|online|site|space|tech|xyz)$)[a-z0-9-]+"
)


def distance_to(server: DatabaseServer) -> Distance | None:
    """Tell how far away ``server`` is; None when a service or option file may say so."""
    if server.is_postgres:
        host = _libpq_host(server)
        is_elsewhere = has_service(server)
    else:
        host = str(server.entry["HOST"] or server.options.get("host") or "").strip()
        is_elsewhere = bool(server.options.get("read_default_file"))
    if not host and is_elsewhere:
        return None
    # libpq tries several hosts one after the other.
    return max(map(distance_of_host, host.split(",")))


def distance_of_host(host: str) -> Distance:
    """Tell how far away ``host`` is: a name, an address, or the path of a socket; empty is a socket, too."""
    bare = host.strip().lower().strip("[]").removesuffix(".")
    if not bare or bare.startswith(("/", "@")):  # "@" begins the name of an abstract socket
        return Distance.SOCKET
    if bare == "localhost" or bare.endswith(".localhost"):
        return Distance.LOOPBACK
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return Distance.PRIVATE if _is_private_name(bare) else Distance.REMOTE
    if address.is_loopback:
        return Distance.LOOPBACK
    return Distance.REMOTE if address.is_global else Distance.PRIVATE


def _is_private_name(name: str) -> bool:
    return "." not in name or bool(_PRIVATE_NAME.search(name) or _NAMESPACED.fullmatch(name))


def _libpq_host(server: DatabaseServer) -> str:
    """Return what libpq connects to: ``hostaddr`` where there is one, else ``host``."""
    return libpq_parameter(server, "hostaddr").value or libpq_parameter(server, "host").value
