"""The target, asked in a transaction that can write nothing and waits for nobody long."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import transaction

from django_prodready.migration_safety.answering import answered_within

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["patient", "reading"]

# Several statements at their limits. It only counts where the server is stopped, for then they have none.
_BLOCK_S = 30.0


@contextlib.contextmanager
def reading(
    connection: BaseDatabaseWrapper, *, statement_timeout_s: float, lock_timeout_s: float
) -> Iterator[None]:
    """Have the block's statements read only, and end by themselves. For PostgreSQL."""
    connection.ensure_connection()
    with answered_within(connection.connection, _BLOCK_S), transaction.atomic(connection.alias):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
            # LOCAL: behind a pooler, the next client gets this session.
            cursor.execute(f"SET LOCAL statement_timeout = {_milliseconds(statement_timeout_s)}")
            cursor.execute(f"SET LOCAL lock_timeout = {_milliseconds(lock_timeout_s)}")
        yield


@contextlib.contextmanager
def patient(connection: BaseDatabaseWrapper, connect_timeout_s: int) -> Iterator[None]:
    """Wait a limited time for the server, where the project names no limit of its own; close what was opened.

    libpq itself waits as long as TCP does, which is minutes, and a pool of connections 30 s: one will do.
    """
    was_open = connection.connection is not None
    given = connection.settings_dict.get("OPTIONS")
    if not was_open:
        options = {name: value for name, value in (given or {}).items() if name != "pool"}
        connection.settings_dict["OPTIONS"] = {"connect_timeout": connect_timeout_s, **options}
    try:
        yield
    finally:
        if not was_open:
            connection.close()
        connection.settings_dict["OPTIONS"] = given


def _milliseconds(seconds: float) -> int:
    # 0 would mean no limit.
    return max(1, round(seconds * 1000))
