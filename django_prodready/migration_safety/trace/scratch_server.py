"""The PostgreSQL server that scratch databases are made on, and sessions there that make and drop them.

Sessions are those of the driver alone: no signal of Django's is sent, so no code of the project runs.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.db import Error
from django.db.utils import ConnectionHandler

from django_prodready.migration_safety.answering import answered_within
from django_prodready.migration_safety.trace.protocol import TraceError
from django_prodready.reporting.redaction import Redactor
from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.kinds import database
from django_prodready.settings.mixins.postgres_address import is_postgres
from django_prodready.settings.mixins.postgres_limits import TCP

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["DIRECT", "ENGINE", "ScratchError", "Server", "Session", "from_target", "from_url", "state_of"]

ENGINE = "django.db.backends.postgresql"
DIRECT = (
    "Behind a pooler such as PgBouncer no database can be made and used: "
    "give the server's own address by --scratch-url."
)

_MAINTENANCE = "postgres"
_CONNECT_TIMEOUT_S = 10
# DROP DATABASE ... WITH (FORCE): https://www.postgresql.org/docs/release/13.0/
_OLDEST = 13
# To drop a database waits for a checkpoint.
_STATEMENT_TIMEOUT_S = 60
# The server's limit does not run while it is stopped.
_ANSWER_S = _STATEMENT_TIMEOUT_S + 10
_QUICK_ANSWER_S = 20
# What Django and psycopg read out of OPTIONS, beside what is libpq's; and what would limit the session.
_NOT_LIBPQ = frozenset(
    {
        "assume_role",
        "client_encoding",
        "connection_factory",
        "context",
        "cursor_factory",
        "dbname",
        "isolation_level",
        "pool",
        "prepare_threshold",
        "row_factory",
        "server_side_binding",
    }
)
# A backslash keeps the blank behind it: https://www.postgresql.org/docs/current/libpq-connect.html
_SETTING = re.compile(r"(?:-c\s*|--)[\w.-]+=(?:\\.|\S)*")
# PgBouncer's words for a database that it does not know, and for start-up options that it refuses.
_POOLERS_WORDS = ("no such database", "unsupported startup parameter", "bouncer config")


class ScratchError(TraceError):
    """There is no scratch database. The message says why, and what to change."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where scratch databases are made."""

    entry: Mapping[str, Any] = field(repr=False)  # of DATABASES, with plain values, and no NAME of use
    maintenance: tuple[str, ...]  # databases to be connected to meanwhile, the first that lets us

    @property
    def place(self) -> str:
        """Host and port, for messages."""
        options = self.entry.get("OPTIONS", {})
        if options.get("service") and not self.entry.get("HOST"):
            return f"the service {options['service']}"
        host = self.entry.get("HOST") or options.get("host") or os.environ.get("PGHOST") or "localhost"
        port = self.entry.get("PORT") or options.get("port") or os.environ.get("PGPORT") or 5432
        return f"{host}:{port}"

    def named(self, name: str) -> dict[str, Any]:
        """Return the entry of DATABASES for a database there."""
        return {**self.entry, "NAME": name, "OPTIONS": dict(self.entry.get("OPTIONS", {}))}

    def scrub(self, error: BaseException) -> str:
        """Return the first line of an error's text, without secrets."""
        lines = str(error).strip().splitlines() or [type(error).__name__]
        secrets = [str(self.entry.get("PASSWORD") or ""), *_secret_options(self.entry)]
        return Redactor(filter(None, secrets)).scrub(lines[0]).rstrip(".")


def from_url(url: str, target: Mapping[str, Any] | None = None) -> Server:
    """Read ``--scratch-url``; a URL without a database's name means the database ``postgres``.

    ``target`` is the entry of DATABASES that the URL must not name. Raises ScratchError.
    """
    try:
        entry = database(_with_database(url))
    except Invalid as invalid:
        raise ScratchError(f"--scratch-url: {invalid.rule}.") from None
    if not is_postgres(entry["ENGINE"]):
        raise ScratchError("--scratch-url: expected a postgresql:// URL, for the trace needs a PostgreSQL.")
    server = _server(entry, (str(entry["NAME"]),))
    if target is not None and _identity(entry) == _identity(target):
        raise ScratchError(
            "--scratch-url names the target database itself, which the trace must not touch: give the URL "
            "of another PostgreSQL, or say --scratch-on-target to use the target's server."
        )
    return server


def from_target(alias: str, entry: Mapping[str, Any]) -> Server:
    """Take the server of an alias, for ``--scratch-on-target``. Raises ScratchError."""
    if not is_postgres(entry.get("ENGINE")):
        raise ScratchError(
            f"DATABASES[{alias!r}] is no PostgreSQL, so nothing can be traced there: "
            "give the address of a PostgreSQL by --scratch-url, or leave out --trace."
        )
    # The target's own database is only connected to when there is no other, and never written.
    name = str(entry.get("NAME") or "")
    options = dict(entry.get("OPTIONS") or {})
    if "options" in options:
        options["options"] = _without_settings(str(options["options"]))
    return _server({**entry, "OPTIONS": options}, tuple(dict.fromkeys((_MAINTENANCE, name))))


def _with_database(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:  # what is wrong with it is said by the reader of URLs
        return url
    is_nameless = parts.path in ("", "/") and bool(parts.scheme)
    return parts._replace(path=f"/{_MAINTENANCE}").geturl() if is_nameless else url


def _without_settings(options: str) -> str:
    """Return start-up options without ``-c name=value``: limits and the like are for those who serve.

    What is left is for a proxy, such as Neon's ``endpoint=NAME``.
    """
    return _SETTING.sub("", options).strip()


def _server(entry: Mapping[str, Any], maintenance: tuple[str, ...]) -> Server:
    given = entry.get("OPTIONS") or {}
    options = {
        name: value if isinstance(value, bool | int) else str(value)
        for name, value in given.items()
        if name not in _NOT_LIBPQ and isinstance(value, str | int | bool | os.PathLike)
    }
    options = {
        "connect_timeout": _CONNECT_TIMEOUT_S,
        **TCP,
        **options,
        "application_name": "django-prodready trace",
    }
    address = {key: str(entry.get(key) or "") for key in ("USER", "PASSWORD", "HOST", "PORT")}
    return Server(
        entry={"ENGINE": ENGINE, "NAME": "", **address, "OPTIONS": options}, maintenance=maintenance
    )


def _identity(entry: Mapping[str, Any]) -> tuple[str, ...]:
    options = entry.get("OPTIONS") or {}
    host = str(entry.get("HOST") or options.get("host") or "").lower()
    port = str(entry.get("PORT") or options.get("port") or 5432)
    return (
        "localhost" if host in ("127.0.0.1", "::1", "") else host,
        port,
        str(options.get("service", "")),
        str(entry.get("NAME") or ""),
    )


def _secret_options(entry: Mapping[str, Any]) -> list[str]:
    options = entry.get("OPTIONS", {})
    return [str(options[name]) for name in ("password", "sslpassword") if name in options]


class Session:
    """One session in a maintenance database, in autocommit."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._wrapper, self._raw = _connect(server)
        self._raw.autocommit = True
        self.rows(f"SET statement_timeout = '{_STATEMENT_TIMEOUT_S}s'")
        # Both are new in PostgreSQL 14. It does nothing while the migrations run.
        self._set("idle_session_timeout", "0")
        # What is being made for a killed run is not made to the end.
        with contextlib.suppress(Error):  # some systems cannot tell that a client is gone
            self._set("client_connection_check_interval", "1s")

    @property
    def version(self) -> int:
        """The server's, as in 150018."""
        return int(self._raw.info.server_version)

    @property
    def is_pooled(self) -> bool:
        """Whether somebody stands between: a pooler makes up the process id that it tells at the start."""
        ((pid,),) = self.rows("SELECT pg_backend_pid()")
        return bool(pid != self._raw.info.backend_pid)

    @property
    def oldest_version(self) -> int:
        """The oldest major version that this Django knows, and that can drop a database in use."""
        (major, *_) = self._wrapper.features.minimum_database_version or (0,)
        return max(_OLDEST, major)

    @property
    def is_lost(self) -> bool:
        """Whether it is known to have ended."""
        return bool(self._raw.closed)

    def fileno(self) -> int:
        """Return the number of its socket, where something can be read when the server ends it."""
        return int(self._raw.fileno())

    def rows(
        self, sql: str, params: Sequence[object] = (), *, answer_s: float = _QUICK_ANSWER_S
    ) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows. Raises errors of django.db, see ``state_of``."""
        with (
            self._wrapper.wrap_database_errors,  # also where the session is closed already
            answered_within(self._raw, answer_s),
            self._wrapper.wrap_database_errors,
            self._raw.cursor() as cursor,
        ):
            cursor.execute(sql, params or None)
            return cursor.fetchall() if cursor.description else []

    def change(self, sql: str) -> None:
        """Make or drop a database, which may take its time. Raises errors of django.db."""
        self.rows(sql, answer_s=_ANSWER_S)

    def _set(self, name: str, value: str) -> None:
        """Set what this server may not know."""
        self.rows("SELECT set_config(name, %s, false) FROM pg_settings WHERE name = %s", [value, name])

    def quote(self, name: str) -> str:
        """Quote an identifier."""
        return str(self._wrapper.ops.quote_name(name))

    def close(self) -> None:
        """End the session."""
        with contextlib.suppress(Exception):
            self._raw.close()


def state_of(error: BaseException) -> str:
    """Return the SQLSTATE of an error of django.db, empty when the server sent none."""
    cause = error.__cause__
    return str(getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or "")


def _connect(server: Server) -> tuple[BaseDatabaseWrapper, Any]:
    problems = []
    for name in server.maintenance:
        try:
            wrapper = ConnectionHandler({"default": server.named(name)})["default"]
            with wrapper.wrap_database_errors:
                return wrapper, wrapper.get_new_connection(wrapper.get_connection_params())
        except Error as error:
            problems.append(server.scrub(error))
        except ImproperlyConfigured as error:  # psycopg is not there
            problems.append(f'{server.scrub(error)} (pip install "psycopg[binary]")')
            break
    told = problems[-1]
    if any(words in told for words in _POOLERS_WORDS):
        raise ScratchError(f"{DIRECT} ({server.place}: {told}.)")
    raise ScratchError(f"The server for the scratch database ({server.place}) cannot be used: {told}.")
