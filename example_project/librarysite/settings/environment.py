"""Read settings from environment variables, with the standard library alone.

An unset variable and an empty one mean the same. No message shows a value: it may be a password.
"""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BOOLEANS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}
POSTGRES_SCHEMES = {"postgres", "postgresql"}


def text(name: str, default: str = "") -> str:
    """Return the variable without surrounding blanks."""
    return os.environ.get(name, "").strip() or default


def required(name: str) -> str:
    """Return the variable; ImproperlyConfigured when it is missing."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def boolean(name: str, *, default: bool) -> bool:
    """Return the variable as true or false; ImproperlyConfigured when it reads as neither."""
    value = text(name)
    if not value:
        return default
    try:
        return BOOLEANS[value.lower()]
    except KeyError:
        raise ImproperlyConfigured(f"The environment variable {name} must be true or false.") from None


def integer(name: str, default: int) -> int:
    """Return the variable as a whole number; ImproperlyConfigured when it is none."""
    try:
        return int(text(name, str(default)))
    except ValueError:
        raise ImproperlyConfigured(f"The environment variable {name} must be a whole number.") from None


def items(name: str) -> list[str]:
    """Return the comma-separated parts of the variable, each without surrounding blanks."""
    return [part for raw in text(name).split(",") if (part := raw.strip())]


def database(name: str, sqlite_path: str) -> dict[str, Any]:
    """Return the DATABASES entry for a postgresql:// or sqlite:/// address; unset is SQLite at `sqlite_path`.

    User, password and database name are percent-decoded; the query becomes OPTIONS (`?sslmode=require`).
    """
    address = text(name)
    if not address:
        return sqlite(sqlite_path)
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(f"The environment variable {name} is not a database address.") from None
    if parts.scheme == "sqlite":
        # sqlite:///relative.db and sqlite:////absolute.db, as in SQLAlchemy and dj-database-url.
        return sqlite(unquote(parts.path.removeprefix("/")) or ":memory:")
    if parts.scheme not in POSTGRES_SCHEMES:
        raise ImproperlyConfigured(
            f"The environment variable {name} must begin with postgresql:// or sqlite:///."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # Without it a database host that drops packets holds a worker for the kernel's two minutes.
        "OPTIONS": {"connect_timeout": 5, **dict(parse_qsl(parts.query))},
    }


def sqlite(path: str) -> dict[str, Any]:
    """Return the DATABASES entry for an SQLite file."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        # A transaction that reads, then writes, fails at once when it starts in SQLite's deferred mode.
        # https://docs.djangoproject.com/en/stable/ref/databases/#sqlite-transaction-behavior
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
    }


def redis_cache(name: str) -> dict[str, Any]:
    """Return the CACHES entry for a Redis address; local memory when unset.

    An address without a database number gets number 1: the broker of an address without one is number 0,
    and clearing a cache empties its whole database.
    """
    address = text(name)
    if not address:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "library"}
    parts = urlsplit(address)
    if parts.path in ("", "/"):
        address = parts._replace(path="/1").geturl()
    return {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": address,
        "KEY_PREFIX": "library",
        "OPTIONS": {
            "CLIENT_CLASS": "django_redis.client.DefaultClient",
            "SOCKET_CONNECT_TIMEOUT": 2,
            "SOCKET_TIMEOUT": 2,
        },
    }
