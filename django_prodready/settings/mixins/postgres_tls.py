"""How much TLS a connection to PostgreSQL asks for, by where its host is. Nothing is resolved.

https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION
"""

from __future__ import annotations

import enum
import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["MODES", "Distance", "apply_tls", "distance_of"]

# From the weakest to the strongest.
MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_STRICTEST = MODES[-1]

Refuse = Callable[[str, str], object]


class Distance(enum.IntEnum):
    """Where the server is, as its name tells."""

    MACHINE = 0  # a unix socket, or this machine: nobody is in between
    PRIVATE = 1  # a container beside this one, or a private network
    PUBLIC = 2


# Names that no public DNS has: of Docker, Kubernetes, Fly, Railway, Consul, Tailscale and private networks.
# https://www.iana.org/assignments/special-use-domain-names
_PRIVATE_NAME = re.compile(
    r"\.(?:internal|local|localdomain|lan|home|home\.arpa|intranet|corp|private|svc|consul|flycast|ts\.net)$"
    r"|\.svc\.|^tasks\.|_"
)


def distance_of(host: str) -> Distance:
    """Tell where ``host`` is; of several between commas, where the farthest is."""
    return max(map(_distance, host.split(",")))


def _distance(host: str) -> Distance:
    name = host.strip().lower().strip("[]").removesuffix(".")
    # "@" begins the name of an abstract socket.
    if not name or name.startswith(("/", "@")) or name == "localhost" or name.endswith(".localhost"):
        return Distance.MACHINE
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        is_private = "." not in name or _PRIVATE_NAME.search(name)
        return Distance.PRIVATE if is_private else Distance.PUBLIC
    if address.is_loopback:
        return Distance.MACHINE
    return Distance.PUBLIC if address.is_global else Distance.PRIVATE


def apply_tls(entry: dict[str, Any], asked: str | None, refuse: Refuse, *, must_exist: bool) -> None:
    """Put the mode of TLS into the options of ``entry``; none leaves it to libpq.

    ``asked`` is what the environment says, and holds. What the project's own settings say holds unless it
    is weaker than what the host needs. ``refuse`` is called with a name and a rule.
    """
    options = entry["OPTIONS"]
    certificate = options.get("sslrootcert")
    if certificate not in (None, "system") and must_exist and not Path(certificate).is_file():
        refuse("DB_SSL_ROOT_CERT", "the file that it names is not there (PGSSLROOTCERT, sslrootcert)")
    needed = _needed(entry["HOST"], has_root_certificate=bool(certificate))
    found = [mode for mode in (needed, options.get("sslmode")) if mode]
    if asked or found:
        options["sslmode"] = asked or max(found, key=_rank)
    if certificate == "system" and options.get("sslmode", _STRICTEST) != _STRICTEST:
        refuse("PGSSLMODE", f"expected {_STRICTEST}, as libpq does with the certificates of the system")


def _needed(host: str, *, has_root_certificate: bool) -> str | None:
    distance = distance_of(host)
    if distance is Distance.MACHINE:
        return None
    if has_root_certificate:
        return _STRICTEST
    # The images of PostgreSQL have no certificate: "require" would keep every such project from
    # connecting, for the sake of a network that it trusts anyway.
    return "prefer" if distance is Distance.PRIVATE else "require"


def _rank(mode: str) -> int:
    return MODES.index(mode) if mode in MODES else len(MODES)
