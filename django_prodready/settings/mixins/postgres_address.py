"""Where the database is, put together from ``DATABASE_URL``, ``DB_*`` and ``PG*``.

Each part of the address is taken from the first of the three that has it, and whoever gives a part twice
has to give the same. What is asked of libpq beside it (``sslmode``, ``service``) counts as a part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django_prodready.settings.environment import kinds
from django_prodready.settings.environment.invalid import Invalid

__all__ = [
    "ADDRESS",
    "Contradiction",
    "Given",
    "Parts",
    "combined",
    "from_url",
    "from_variables",
    "is_postgres",
]

# Keys of an entry of DATABASES, and what they are called in messages. All other keys are options of libpq.
ADDRESS = {
    "NAME": "database",
    "USER": "user",
    "PASSWORD": "password",
    "HOST": "host",
    "PORT": "port",
}
# What a query of the URL may say that is no option of libpq; django-environ's dialect of URLs knows them.
_OF_ENTRY = ("conn_max_age", "conn_health_checks", "disable_server_side_cursors", "atomic_requests")

# django_tenants.postgresql_backend, psqlextra.backend
_FAMILY = ("postg", "psql", "timescale")


@dataclass(frozen=True, slots=True)
class Given:
    """One part of the address."""

    value: Any
    variable: str  # who says so


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two variables that give the same part differently."""

    variable: str
    other: str
    part: str

    @property
    def rule(self) -> str:
        """What is wrong, without either value."""
        return f"gives another {self.part} than {self.other}: unset one of the two, or let them say the same"


Parts = dict[str, Given]


def from_url(variable: str, url: Mapping[str, Any] | str | None) -> Parts:
    """Return the parts of a URL, or of the entry of ``DATABASES`` that one was parsed to.

    Raises ``Invalid`` when it is of another database than PostgreSQL.
    """
    if not url:
        return {}
    entry = kinds.database(url) if isinstance(url, str) else url
    if not is_postgres(entry.get("ENGINE")):
        raise Invalid("expected a postgres:// URL: that is what Postgres is for")
    parts = {key: entry[key] for key in ("ENGINE", *ADDRESS) if entry.get(key) not in (None, "")}
    for name, value in entry.get("OPTIONS", {}).items():
        parts[name.upper() if name.lower() in _OF_ENTRY else name] = value
    return {key: Given(value, variable) for key, value in parts.items()}


def is_postgres(engine: object) -> bool:
    """Tell whether this is an engine for PostgreSQL: Django's, or one that a package names for it."""
    return any(word in str(engine or "").lower() for word in _FAMILY)


def from_variables(values: Mapping[str, tuple[str, Any]]) -> Parts:
    """Return the parts that are set, of a mapping from the key to a variable and its value or None."""
    return {key: Given(value, name) for key, (name, value) in values.items() if value is not None}


def combined(sources: Iterable[Parts]) -> tuple[Parts, list[Contradiction]]:
    """Return each part as the first of ``sources`` gives it, and where a later one disagrees."""
    found: Parts = {}
    wrong: list[Contradiction] = []
    for parts in sources:
        for key, given in parts.items():
            first = found.setdefault(key, given)
            if _comparable(key, first.value) != _comparable(key, given.value):
                wrong.append(Contradiction(first.variable, given.variable, ADDRESS.get(key, key)))
    return found, wrong


def _comparable(key: str, value: Any) -> str:
    return str(value).lower() if key == "HOST" else str(value)
