"""Database URLs, in the dialect of dj-database-url, with errors where that one guesses.

What is accepted here gives the same entry of ``DATABASES`` there: https://github.com/jazzband/dj-database-url
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote

from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.kinds.locator import host_of, port_of, split_url

__all__ = ["database"]

Entry = dict[str, Any]

_IN_MEMORY = "sqlite://:memory:"  # no URL: "memory" would be its port


@dataclass(frozen=True, slots=True)
class _Engine:
    backend: str
    finish: Callable[[Entry], None]
    is_file: bool = False
    needs_name: bool = True
    needs_host: bool = False  # others have a Unix socket, a default or a whole address in their name
    nameless: tuple[str, ...] = ()  # options that stand for the name of the database, and for its host


def database(
    text: str,
    *,
    engine: str | None = None,
    conn_max_age: int | None = 0,
    conn_health_checks: bool = False,
    disable_server_side_cursors: bool = False,
    ssl_require: bool = False,
    test_options: dict[str, Any] | None = None,
) -> Entry:
    """Return the entry of ``DATABASES`` for a URL; the keywords are those of ``dj_database_url.parse``."""
    if text == _IN_MEMORY:
        return {"ENGINE": _ENGINES["sqlite"].backend, "NAME": ":memory:"}
    parts = split_url(text, _ENGINES, files=_FILES)
    known = _ENGINES[parts.scheme]
    entry = _entry(parts, known)
    _refuse_missing(entry, known)
    known.finish(entry)
    entry |= {
        "CONN_MAX_AGE": conn_max_age,
        "CONN_HEALTH_CHECKS": conn_health_checks,
        "DISABLE_SERVER_SIDE_CURSORS": disable_server_side_cursors,
    }
    if engine:
        entry["ENGINE"] = engine
    if test_options:
        entry["TEST"] = test_options
    if ssl_require:
        entry["OPTIONS"]["sslmode"] = "require"
    if not entry["OPTIONS"]:
        del entry["OPTIONS"]
    return entry


def _entry(parts: SplitResult, known: _Engine) -> Entry:
    if known.is_file and parts.netloc:
        raise Invalid(
            f"expected no host: a relative path follows {parts.scheme}:/// and an absolute one {parts.scheme}:////"
        )
    host = host_of(parts, several=True, socket=True)
    return {
        "ENGINE": known.backend,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port_of(parts) or "",
        "NAME": unquote(parts.path[1:]),
        "OPTIONS": _options(parts.query),
    }


def _refuse_missing(entry: Entry, known: _Engine) -> None:
    if any(entry["OPTIONS"].get(option) for option in known.nameless):
        return
    if known.needs_host and not entry["HOST"]:
        raise Invalid("expected a host")
    if known.needs_name and not entry["NAME"]:
        raise Invalid("expected the name of the database after the host and a slash")


def _options(query: str) -> dict[str, Any]:
    """Return the options of the query: a list for one that is there more than once."""
    options: dict[str, Any] = {}
    for name, values in parse_qs(query).items():
        parsed = [_option(value) for value in values]
        options[name] = parsed[0] if len(parsed) == 1 else parsed
    return options


def _option(value: str) -> int | str | bool:
    if value.isdigit():
        if not value.isdecimal() or len(value) > _MOST_DIGITS:
            raise Invalid("expected options of text or of numbers in plain digits")
        return int(value)
    return value.lower() == "true" if value.lower() in ("true", "false") else value


_MOST_DIGITS = 640  # convert under any limit of the interpreter


def _as_is(entry: Entry) -> None:
    """Leave the entry as the URL says it."""


def _or_in_memory(entry: Entry) -> None:
    entry["NAME"] = entry["NAME"] or ":memory:"


def _port_as_text(entry: Entry) -> None:
    entry["PORT"] = str(entry["PORT"])


def _ca_as_ssl(entry: Entry) -> None:
    authority = entry["OPTIONS"].pop("ssl-ca", None)
    if authority:
        entry["OPTIONS"]["ssl"] = {"ca": authority}


def _schema_as_search_path(entry: Entry) -> None:
    schema = entry["OPTIONS"].pop("currentSchema", None)
    if schema:
        entry["OPTIONS"]["options"] = f"-c search_path={schema}"


def _postgres(backend: str, *, needs_host: bool = False) -> _Engine:
    return _Engine(backend, _schema_as_search_path, needs_host=needs_host, nameless=("service",))


def _mysql(backend: str, finish: Callable[[Entry], None]) -> _Engine:
    return _Engine(backend, finish, nameless=("read_default_file",))


_ENGINES = {
    "cockroach": _Engine("django_cockroachdb", _as_is, needs_host=True),
    "mssql": _Engine("sql_server.pyodbc", _port_as_text, needs_host=True, nameless=("dsn",)),
    "mssqlms": _Engine("mssql", _port_as_text, needs_host=True, nameless=("dsn",)),
    "mysql": _mysql("django.db.backends.mysql", _ca_as_ssl),
    "mysql-connector": _mysql("mysql.connector.django", _as_is),
    "mysql2": _mysql("django.db.backends.mysql", _ca_as_ssl),
    "mysqlgis": _mysql("django.contrib.gis.db.backends.mysql", _as_is),
    "oracle": _Engine("django.db.backends.oracle", _port_as_text),
    "oraclegis": _Engine("django.contrib.gis.db.backends.oracle", _as_is),
    "pgsql": _postgres("django.db.backends.postgresql"),
    "postgis": _postgres("django.contrib.gis.db.backends.postgis"),
    "postgres": _postgres("django.db.backends.postgresql"),
    "postgresql": _postgres("django.db.backends.postgresql"),
    "redshift": _postgres("django_redshift_backend", needs_host=True),
    "spatialite": _Engine("django.contrib.gis.db.backends.spatialite", _as_is, is_file=True),
    "sqlite": _Engine("django.db.backends.sqlite3", _or_in_memory, is_file=True, needs_name=False),
    "timescale": _postgres("timescale.db.backends.postgresql"),
    "timescalegis": _postgres("timescale.db.backends.postgis"),
}
_FILES = frozenset(scheme for scheme, engine in _ENGINES.items() if engine.is_file)
