"""What a connection's driver is told of TLS.

https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION,
https://dev.mysql.com/doc/c-api/en/c-api-encrypted-connections.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.audit.facts.libpq import has_service, libpq_parameter

if TYPE_CHECKING:
    from django_prodready.audit.facts.database import DatabaseServer

__all__ = ["OptionalTls", "optional_tls"]

_OPTIONAL = frozenset({"allow", "prefer"})
_OFF = frozenset({"disable", "disabled"})


@dataclass(frozen=True, slots=True)
class OptionalTls:
    """TLS that a connection can do without."""

    says: str  # "sslmode is 'prefer'", "sslmode is not set"
    is_off: bool  # switched off, not left open
    option: str  # "sslmode" or "ssl_mode"
    variable: str | None = None  # of the environment, where that says it


def optional_tls(server: DatabaseServer) -> OptionalTls | None:
    """Return what leaves TLS out; None when the driver insists on it, or a file that is not read may."""
    return _of_libpq(server) if server.is_postgres else _of_mysql(server)


def _of_libpq(server: DatabaseServer) -> OptionalTls | None:
    found = libpq_parameter(server, "sslmode")
    mode = found.value.lower()
    if libpq_parameter(server, "gssencmode").value == "require":
        return None
    if not mode:
        # With the system's certificates the default is "verify-full".
        if has_service(server) or libpq_parameter(server, "sslrootcert").value == "system":
            return None
        return OptionalTls(says="sslmode is not set, so it is 'prefer'", is_off=False, option="sslmode")
    if mode not in _OPTIONAL | _OFF:
        return None
    says = f"{found.variable or 'sslmode'} is {mode!r}"
    return OptionalTls(says=says, is_off=mode in _OFF, option="sslmode", variable=found.variable)


def _of_mysql(server: DatabaseServer) -> OptionalTls | None:
    if server.name != "MySQL" or server.options.get("read_default_file"):
        return None
    mode = str(server.options.get("ssl_mode") or "").lower()
    if mode in _OFF or server.options.get("ssl_disabled"):
        says = f"ssl_mode is {mode!r}" if mode else "ssl_disabled is set"
        return OptionalTls(says, is_off=True, option="ssl_mode" if mode else "ssl_disabled")
    if mode == "preferred":
        return OptionalTls("ssl_mode is 'preferred'", is_off=False, option="ssl_mode")
    if any(value for name, value in server.options.items() if name.startswith("ssl")):
        return None
    return OptionalTls("no option of TLS is set", is_off=False, option="ssl_mode")
