"""What libpq, the driver beneath psycopg, is told of a connection: by Django, a service file, variables.

https://www.postgresql.org/docs/current/libpq-envars.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_prodready.audit.facts.database import DatabaseServer

__all__ = ["Parameter", "has_service", "libpq_parameter"]

# Django passes these from the entry, where they are not empty, in place of the option of their name.
_KEYS = {"dbname": "NAME", "host": "HOST", "password": "PASSWORD", "port": "PORT"}
_VARIABLES = {
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "dbname": "PGDATABASE",
    "gssencmode": "PGGSSENCMODE",
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "options": "PGOPTIONS",
    "password": "PGPASSWORD",
    "port": "PGPORT",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a connection."""

    value: str  # empty when nothing that can be read here sets it
    key: str | None = None  # where in the entry: "HOST" or "OPTIONS"
    variable: str | None = None  # of the environment


def has_service(server: DatabaseServer) -> bool:
    """Whether a service file, which is not read here, may say what the settings do not."""
    environ = server.facts.environ
    return bool(server.options.get("service") or environ.get("PGSERVICE"))


def libpq_parameter(server: DatabaseServer, name: str) -> Parameter:
    """Return what ``name`` is for a PostgreSQL connection. A service file goes before variables."""
    key = _KEYS.get(name)
    if key is not None and server.entry[key]:
        return Parameter(str(server.entry[key]).strip(), key=key)
    if server.options.get(name) not in (None, ""):
        return Parameter(str(server.options[name]).strip(), key="OPTIONS")
    variable = _VARIABLES[name]
    if has_service(server) or not server.facts.environ.get(variable):
        return Parameter("")
    return Parameter(server.facts.environ[variable].strip(), variable=variable)
