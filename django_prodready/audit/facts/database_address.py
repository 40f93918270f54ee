"""Whether a database URL was cut at a character of its password that nobody escaped.

What is left of it then stands in HOST, PORT and NAME: nothing here gives any of them away.
https://docs.djangoproject.com/en/stable/ref/settings/#databases, https://www.rfc-editor.org/rfc/rfc3986#section-3.2
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from django_prodready.audit.facts.database import DatabaseServer

__all__ = ["Damage", "find_damage", "is_damaged"]

_SCHEMES = re.compile(r"(?:postgres|pgsql|postgis|psql|timescale|cockroach|mysql|mariadb|oracle)")
# After the host has ended: "…@host/name", the host that the URL was to have.
_SECOND_HOST = re.compile(r"@[^@/\s]+/[^/]")
_NO_PORT = re.compile(r"[\d\s]+(?:,[\d\s]*)*")
# Django's own engines, and those made of them, connect to what NAME names and to nothing without it.
_NEEDS_NAME = re.compile(
    r"django\.(?:contrib\.gis\.)?db\.backends\.(?:postgresql|postgresql_psycopg2|postgis)"
    r"|django_prometheus\.db\.backends\.\w+|django_tenants\.postgresql_backend|psqlextra\.backend"
)


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that no sound URL leaves behind."""

    key: str  # of the entry
    says: str  # completes "HOST …", without what it holds
    is_certain: bool = True


def is_damaged(server: DatabaseServer) -> bool:
    """Whether what the entry says of the server is not to be believed, nor shown."""
    return any(damage.is_certain for damage in find_damage(server))


def find_damage(server: DatabaseServer) -> Iterator[Damage]:
    """Yield every sign that the URL was cut."""
    yield from _of_host(str(server.entry["HOST"] or ""))
    yield from _of_port(str(server.entry["PORT"] or "").strip())
    yield from _of_name(server)
    if _is_cut_in_environment(str(server.entry["HOST"] or ""), server.facts.environ):
        yield Damage("HOST", "is what a URL in the environment gives that has another host further on")


def _of_host(host: str) -> Iterator[Damage]:
    if host.startswith(("/", "@")) or _is_address(host):  # sockets, and addresses with a scope: fe80::1%eth0
        return
    odd = sorted({character for character in host if character in "%#@?"})
    if odd:
        yield Damage("HOST", f"holds {' and '.join(odd)}, as no host name does")


def _of_port(port: str) -> Iterator[Damage]:
    if port.startswith("tcp://"):
        yield Damage("PORT", "is an address, as Kubernetes sets it in *_PORT for each service")
    elif port and not _NO_PORT.fullmatch(port):
        yield Damage("PORT", "is not a number")


def _of_name(server: DatabaseServer) -> Iterator[Damage]:
    name = server.entry["NAME"]
    if (
        name == ""
        and _NEEDS_NAME.fullmatch(str(server.entry["ENGINE"]))
        and not server.options.get("service")
    ):
        yield Damage("NAME", "is empty, and Django connects to no PostgreSQL database without it")
    if server.name == "Oracle" or not isinstance(name, str):  # Oracle's NAME may be a whole address
        return
    if "@" in name or "?" in name:
        yield Damage("NAME", f"holds {'@' if '@' in name else '?'}")
    elif "%" in name or "#" in name:
        yield Damage("NAME", f"holds {'%' if '%' in name else '#'}", is_certain=False)


def _is_address(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return False


def _is_cut_in_environment(host: str, environ: Mapping[str, str]) -> bool:
    """Whether a URL in ``environ`` has ``host`` for its host and a second one behind it."""
    for url in environ.values() if host else ():
        scheme, separator, rest = url.partition("://")
        if separator and _SCHEMES.match(scheme):
            try:
                netloc = urlsplit(url).netloc
            except ValueError:  # brackets that are none of an IPv6 address
                continue
            found = netloc.rpartition("@")[2].partition(":")[0].lower()
            if found == host.lower() and _SECOND_HOST.search(rest[len(netloc) :]):
                return True
    return False
