"""What a connection of ``DATABASES`` is, read from its settings without importing its driver."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["database_name", "has_pool", "max_age_s"]

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
    engine = str(database["ENGINE"]).lower()
    if "pool" in engine:  # django_db_geventpool, dj_db_conn_pool: they keep connections by themselves
        return None
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
