"""Watch a statement that runs in no transaction, such as CREATE INDEX CONCURRENTLY.

Its locks are gone when it returns, so others look meanwhile: one session holds what a writer holds on
every table until the statement waits for it, and another one reads pg_locks all the time.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

from django_prodready.migration_safety.trace import catalog

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.backends.base.base import BaseDatabaseWrapper

T = TypeVar("T")

_LOCKS = """
SELECT relation::bigint, mode, granted FROM pg_locks WHERE pid = %s AND locktype IN ('relation',
'virtualxid', 'transactionid') AND NOT (locktype = 'virtualxid' AND granted)
"""
_LOOK_AGAIN_S = 0.001


def run_outside(
    connection: BaseDatabaseWrapper, run: Callable[[], T], existing: catalog.Relations
) -> tuple[T, dict[int, frozenset[str]]]:
    """Run a statement; return its result, and the modes of the locks that it asked for by relation.

    Raises what the statement raises.
    """
    (row,) = catalog.ask(connection, "SELECT pg_backend_pid()")
    watch = _Watch(connection, row[0], existing)
    watch.start()
    try:
        result = run()
    finally:
        watch.stop()
    return result, watch.modes()


class _Watch(threading.Thread):
    """Holds ROW EXCLUSIVE on all tables until the watched process waits, and notes its locks."""

    def __init__(self, connection: BaseDatabaseWrapper, pid: int, existing: catalog.Relations) -> None:
        super().__init__(name="prodready-lock-watch", daemon=True)
        self._writer = connection.copy()
        self._eyes = connection.copy()
        for shared in (self._writer, self._eyes):  # made here, used and closed in the thread
            shared.inc_thread_sharing()
        self._pid = pid
        self._existing = existing
        self._seen: defaultdict[int, set[str]] = defaultdict(set)
        self._over = threading.Event()

    def start(self) -> None:
        """Begin, with the locks held."""
        names = ", ".join(relation.sql for relation in self._existing.values() if relation.kind in "rp")
        self._writer.set_autocommit(False)
        if names:
            with self._writer.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {names} IN ROW EXCLUSIVE MODE")
        self._eyes.ensure_connection()
        super().start()

    def stop(self) -> None:
        """End, and close both sessions."""
        self._over.set()
        self.join()

    def modes(self) -> dict[int, frozenset[str]]:
        """Give what was seen, of the relations that existed before."""
        return {oid: frozenset(modes) for oid, modes in self._seen.items() if oid in self._existing}

    def run(self) -> None:
        """Look until told to stop."""
        try:
            is_held = True
            while not self._over.wait(_LOOK_AGAIN_S):
                is_waiting = self._look()
                if is_held and is_waiting:
                    self._writer.rollback()
                    is_held = False
        finally:
            self._writer.close()
            self._eyes.close()

    def _look(self) -> bool:
        is_waiting = False
        for oid, mode, is_granted in catalog.ask(self._eyes, _LOCKS, [self._pid]):
            is_waiting = is_waiting or not is_granted
            if oid is not None:
                self._seen[oid].add(mode)
        return is_waiting
