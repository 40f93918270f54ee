"""A connection of a probe's own: beside the project's connections, never one of them, and bounded in time.

The project's connections belong to the threads of requests, may come from a pool that slow requests have
emptied, and wait as long as the project allows. A probe must do none of that. What this opens differs from
what the project opens in its time-outs alone; it is built as ``django.db.connections`` builds its own.

No time-out is set on the server. A pooler such as PgBouncer refuses ``options`` when a connection begins,
and a ``SET`` through it would stay behind on a connection that it then lends to the project's queries:
https://www.pgbouncer.org/features.html
"""

from __future__ import annotations

import functools
import time
import traceback
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend

from django_prodready.health.probe import Skipped
from django_prodready.health.probes._options import require_text

T = TypeVar("T")

STATEMENT_TIMEOUT_S = 1.0
# A kept connection that fails within this was closed by the server while nobody used it.
CLOSED_WITHIN_S = 0.25

# psycopg waits no less than 2 s for a connection. Keepalives end the wait for an answer when the network
# is gone after the question arrived: https://www.postgresql.org/docs/current/libpq-connect.html
_LIBPQ = {
    "connect_timeout": 2,
    "tcp_user_timeout": 2000,  # milliseconds
    "keepalives_idle": 1,
    "keepalives_interval": 1,
    "keepalives_count": 2,
}
_MYSQL = {"connect_timeout": 2, "read_timeout": 2, "write_timeout": 2}
# The options of each driver that bound it, by the driver's package. A project's own stay when they are lower.
_LIMITS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "psycopg": _LIBPQ,
        "psycopg2": _LIBPQ,
        "MySQLdb": _MYSQL,
        "pymysql": _MYSQL,
        "mysql": {"connection_timeout": 2},  # MySQL Connector/Python
        "oracledb": {"tcp_connect_timeout": 2},
        "sqlite3": {"timeout": 1},
    }
)


class OwnConnection:
    """One connection to the database ``alias``, opened when it is first asked. One thread at a time."""

    def __init__(self, alias: object) -> None:
        self.alias = require_text("alias", alias)
        if self.alias not in connections.settings:
            raise ValueError(f"alias must be a key of DATABASES: {', '.join(connections.settings)}.")
        self._wrapper: BaseDatabaseWrapper | None = None

    @property
    def vendor(self) -> str:
        """The kind of database, in Django's words. Raises Skipped when there is no database."""
        return _wrapper_class(self._settings()["ENGINE"]).vendor

    def ask(self, question: Callable[[BaseDatabaseWrapper], T]) -> T:
        """Return what ``question`` does; after any error the connection is closed, and the error raised.

        A kept connection may have been closed by the server since: then ``question`` is asked once more.
        """
        is_kept = self._wrapper is not None
        begun_s = time.monotonic()
        try:
            return self._try(question)
        except Error:
            if not is_kept or time.monotonic() - begun_s > CLOSED_WITHIN_S:
                raise
        return self._try(question)

    def close(self) -> None:
        """Close the connection, if there is one."""
        wrapper, self._wrapper = self._wrapper, None
        if wrapper is not None:
            wrapper.close()

    def _try(self, question: Callable[[BaseDatabaseWrapper], T]) -> T:
        if self._wrapper is None:
            self._wrapper = self._make()
        try:
            return question(self._wrapper)
        except BaseException:
            self.close()
            raise

    def _make(self) -> BaseDatabaseWrapper:
        settings = self._settings()
        wrapper_class = _wrapper_class(settings["ENGINE"])
        wrapper = wrapper_class(_bounded(settings, wrapper_class), self.alias)
        wrapper.inc_thread_sharing()  # whoever closes it need not be the thread that opened it
        return wrapper

    def _settings(self) -> Mapping[str, Any]:
        # The dict that every thread's connection shares: test runners write the test database's name into it.
        settings: Mapping[str, Any] = connections.settings[self.alias]
        if settings["ENGINE"] == "django.db.backends.dummy":
            raise Skipped("No database is configured.")
        return settings


class _OwnWrapper(BaseDatabaseWrapper):
    """What a probe's connection does otherwise than the project's, whatever the backend."""

    @property
    def queries_logged(self) -> bool:
        """False, under DEBUG too: a probe's queries are no queries of the project."""
        return False

    def get_new_connection(self, conn_params: Any) -> Any:
        """Connect, and let no statement take longer than STATEMENT_TIMEOUT_S where the driver can do it."""
        try:
            connection = super().get_new_connection(conn_params)
        except BaseException as error:
            # psycopg leaves the socket of a connection that was not made in time to the garbage collector:
            # the frame of its connect() holds it, and is itself held by the error that it raises.
            traceback.clear_frames(error.__traceback__)
            raise
        if _driver(type(self)) == "psycopg":
            connection.wait = functools.partial(_wait_at_most, connection.wait)
        return connection

    def close(self) -> None:
        """Close it, also where Django keeps it open lest a SQLite database in memory be lost."""
        try:
            super().close()
        finally:
            if self.connection is not None:
                BaseDatabaseWrapper.close(self)


@functools.cache
def _wrapper_class(engine: str) -> type[BaseDatabaseWrapper]:
    return type("OwnDatabaseWrapper", (_OwnWrapper, load_backend(engine).DatabaseWrapper), {})


def _driver(wrapper_class: type[BaseDatabaseWrapper]) -> str:
    module = getattr(wrapper_class, "Database", None)
    return str(getattr(module, "__name__", "")).partition(".")[0]


def _bounded(settings: Mapping[str, Any], wrapper_class: type[BaseDatabaseWrapper]) -> dict[str, Any]:
    """Copy a database's settings, for one connection outside the pool that waits for nothing for long."""
    options = {**settings["OPTIONS"]}
    options.pop("pool", None)
    for option, limit in _LIMITS.get(_driver(wrapper_class), {}).items():
        if not _is_lower(options.get(option), limit):
            options[option] = limit
    bounded = {**settings, "OPTIONS": options, "AUTOCOMMIT": True}  # else each question begins a transaction
    if wrapper_class.vendor == "sqlite":
        bounded["NAME"] = _existing_file(settings["NAME"])
    return bounded


def _is_lower(value: Any, limit: int) -> bool:
    try:
        return 0 < float(value) < limit
    except (TypeError, ValueError):
        return False


def _existing_file(name: Any) -> Any:
    """Name a SQLite database such that it is not created when it is missing.

    Django opens every name as a URI: https://www.sqlite.org/uri.html
    """
    text = str(name)
    if not text or text == ":memory:" or "mode=memory" in text:
        return name
    if not text.startswith("file:"):
        return f"{Path(text).absolute().as_uri()}?mode=rw"
    if "mode=" in text:
        return text.replace("mode=rwc", "mode=rw")
    return f"{text}{'&' if '?' in text else '?'}mode=rw"


def _wait_at_most(wait: Callable[..., T], statement: Generator[Any, Any, T], *args: Any, **kwargs: Any) -> T:
    """Stand in for ``psycopg.Connection.wait``, which waits for an answer as long as the server lives."""
    return wait(_ending(statement, time.monotonic() + STATEMENT_TIMEOUT_S), *args, **kwargs)


def _ending(statement: Generator[Any, Any, T], end_s: float) -> Generator[Any, Any, T]:
    """Do what ``statement`` does until ``end_s``. psycopg resumes it each 0.1 s, when nothing came too."""
    from psycopg import OperationalError

    ready = None
    while True:
        try:
            wanted = statement.send(ready)
        except StopIteration as ended:
            value: T = ended.value
            return value
        ready = yield wanted
        if time.monotonic() > end_s:
            raise OperationalError(f"The server did not answer within {STATEMENT_TIMEOUT_S:g} s.")
