"""What a connection of ``DATABASES`` is, read from its settings without importing its driver."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.reporting.finding import Location

__all__ = [
    "DatabaseServer",
    "database_name",
    "find_servers",
    "has_pool",
    "max_age_s",
    "server_name",
]

# Only servers whose drivers open a TCP or socket connection each time, under any package's engine:
# psqlextra.backend, django_tenants.postgresql_backend. ODBC (SQL Server) pools by itself.
_SERVERS = (
    (re.compile(r"postg|psql|timescale"), "PostgreSQL"),
    (re.compile(r"cockroach"), "CockroachDB"),
    (re.compile(r"mysql|mariadb"), "MySQL"),
    (re.compile(r"oracle"), "Oracle"),
)


def database_name(database: Mapping[str, Any]) -> str | None:
    """Name the database server that ``database``, an entry with its defaults, connects to.

    None for a file, for no database, and for an engine that is not known to connect each time.
    """
    if "pool" in str(database["ENGINE"]).lower():
        return None  # django_db_geventpool, dj_db_conn_pool: they keep connections by themselves
    return server_name(database)


def server_name(database: Mapping[str, Any]) -> str | None:
    """Name the database server of ``database``, whoever keeps its connections; None as above."""
    engine = str(database["ENGINE"]).lower()
    return next((name for pattern, name in _SERVERS if pattern.search(engine)), None)


def has_pool(database: Mapping[str, Any]) -> bool:
    """Whether the connection comes from the driver's pool.

    https://docs.djangoproject.com/en/stable/ref/databases/#connection-pool
    """
    options = database["OPTIONS"]
    return isinstance(options, Mapping) and bool(options.get("pool"))


def max_age_s(database: Mapping[str, Any]) -> float | None:
    """For how long a connection is kept: 0 for one request, infinity for ever; None when it is no number."""
    value = database["CONN_MAX_AGE"]
    if value is None:
        return float("inf")
    return float(value) if isinstance(value, int | float) else None


@dataclass(frozen=True, slots=True)
class DatabaseServer:
    """One entry of ``DATABASES`` on a server, with what else its driver reads."""

    facts: Facts
    alias: str
    name: str  # as server_name() says
    entry: Mapping[str, Any]

    @property
    def is_postgres(self) -> bool:
        """Whether its driver is libpq, or speaks like it."""
        return self.name in ("PostgreSQL", "CockroachDB")

    @property
    def options(self) -> Mapping[str, Any]:
        """``OPTIONS``, with names in small letters and with ``_`` for the ``-`` that URLs bring."""
        options = self.entry["OPTIONS"]
        if not isinstance(options, Mapping):
            return {}
        return {str(name).lower().replace("-", "_"): value for name, value in options.items()}

    @property
    def setting(self) -> str:
        """The entry, as a finding's subject or a part of it."""
        return f"DATABASES[{self.alias!r}]"

    def origin(self, *path: str) -> Location | None:
        """Where the entry, or what ``path`` leads to in it, got its value."""
        return self.facts.origin("DATABASES", self.alias, *path)


def find_servers(facts: Facts) -> Iterator[DatabaseServer]:
    """Yield each connection to a database server."""
    for alias, entry in facts.effective.databases.items():
        name = server_name(entry)
        if name is not None:
            yield DatabaseServer(facts, alias, name, entry)
