"""Ends statements that run too long where the server cannot be told to: behind PgBouncer.

PgBouncer refuses the startup options that would limit them, and hands what ``SET`` leaves behind in
transaction mode to the next client. So the client keeps the time, as ``STATEMENT_LIMIT_S`` of an entry of
``DATABASES`` says, and asks for the statement to be cancelled, which PgBouncer passes on to the server that
works on it: nothing of it stays in any session. From version 1.18 on it holds a server's connection back
while a cancel is on its way, so it cannot hit the next client.
https://www.pgbouncer.org/changelog.html#pgbouncer-118x

Limited is what goes through Django's cursors: the ORM, ``cursor.execute()``; not ``copy()``. A limit of the
role's own (``ALTER ROLE shop SET statement_timeout``) holds beside it, and also for a client that has died.
"""

from __future__ import annotations

import logging
import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["KEY", "limit_statements"]

KEY = "STATEMENT_LIMIT_S"

# PgBouncer ignores a cancel while the client waits for a connection to the server: it is sent again.
_AGAIN_S = 1.0
# For a cancel to arrive: it needs a connection of its own.
_CANCEL_TIMEOUT_S = 5.0

logger = logging.getLogger(__name__)


def limit_statements(connection: BaseDatabaseWrapper, **_kwargs: object) -> None:
    """Limit the statements of a connection whose entry says so: a receiver of ``connection_created``."""
    limit_s = connection.settings_dict.get(KEY)
    if not limit_s or connection.vendor != "postgresql":
        return
    wrappers = connection.execute_wrappers
    if not any(isinstance(wrapper, _Limit) for wrapper in wrappers):
        # In front: connection.execute_wrapper() removes the last one, which is to be its own.
        wrappers.insert(0, _Limit(float(limit_s)))


@dataclass(frozen=True, slots=True)
class _Limit:
    """What Django calls around each statement.

    https://docs.djangoproject.com/en/stable/topics/db/instrumentation/
    """

    limit_s: float

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        with _watch().over(context["connection"].connection, self.limit_s):
            return execute(sql, params, many, context)


@dataclass(slots=True, eq=False)
class _Statement:
    connection: Any
    due_s: float  # when it is to be cancelled, by time.monotonic()
    is_cancelled: bool = False


class _Watch:
    """One thread, which sleeps until the first of all statements is due."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running: set[_Statement] = set()
        self._cancelling: _Statement | None = None
        self._wakes_s = math.inf
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, connection: Any, limit_s: float) -> Iterator[None]:
        """Cancel the statement of the block when it runs longer than ``limit_s``."""
        statement = _Statement(connection, time.monotonic() + limit_s)
        self._begin(statement)
        try:
            yield
        except Exception as error:
            if statement.is_cancelled:
                error.add_note(f"It ran longer than {limit_s:g} s, the {KEY} of its entry in DATABASES.")
            raise
        finally:
            self._end(statement)

    def _begin(self, statement: _Statement) -> None:
        with self._changed:
            self._running.add(statement)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="prodready-statements", daemon=True)
                self._thread.start()
            # Most limits are equal, so the thread seldom has to be woken for a new one.
            if statement.due_s < self._wakes_s:
                self._changed.notify_all()

    def _end(self, statement: _Statement) -> None:
        with self._changed:
            self._running.discard(statement)
            # A cancel that is on its way would hit the next statement of the connection.
            while self._cancelling is statement:
                self._changed.wait()

    def _run(self) -> None:
        while True:
            statement = self._due()
            try:
                _cancel(statement.connection)
            except Exception as error:  # noqa: BLE001 - a thread that ends would leave everything unlimited
                logger.warning("A statement could not be cancelled (%s).", type(error).__name__)
            with self._changed:
                self._cancelling = None
                self._changed.notify_all()

    def _due(self) -> _Statement:
        """Return the next statement to cancel; sleep until there is one."""
        with self._changed:
            while True:
                now_s = time.monotonic()
                first = min(self._running, key=lambda statement: statement.due_s, default=None)
                if first is not None and first.due_s <= now_s:
                    first.is_cancelled, first.due_s = True, now_s + _AGAIN_S
                    self._cancelling = first
                    return first
                self._wakes_s = math.inf if first is None else first.due_s
                self._changed.wait(None if first is None else first.due_s - now_s)


def _cancel(connection: Any) -> None:
    """Ask the server to end what it does for a connection of psycopg 3, or of psycopg2."""
    if hasattr(connection, "cancel_safe"):
        connection.cancel_safe(timeout=_CANCEL_TIMEOUT_S)
    else:
        connection.cancel()


_watches: dict[int, _Watch] = {}


def _watch() -> _Watch:
    """Return this process's own: the thread of its parent has not come along, a lock may have been held."""
    process = os.getpid()
    return _watches.get(process) or _watches.setdefault(process, _Watch())
