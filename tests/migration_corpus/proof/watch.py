"""Be the writer beside a migration: try to write to every table all the time; measure how long it is refused.

The measure is the processor time that the migration's own server process spends between two refusals in a
row: it does not grow on a busy machine, as seconds would. Where the system does not tell it, seconds count.
"""

import contextlib
import os
import threading
import time
from dataclasses import dataclass, field

import psycopg
from psycopg import pq

LOCK_NOT_AVAILABLE = b"55P03"
# Short enough to see a lock that is held while 100,000 rows are read.
PAUSE_S = 0.0005
# As `from time import sleep`: a trial takes time.sleep away from migrations that pause between batches.
_sleep = time.sleep


@dataclass
class Writer:
    """A session that tries to lock each table as INSERT, UPDATE and DELETE do, without ever waiting."""

    url: str
    tables: list[str]
    backend_pid: int
    # By table; 0 where a write was refused, yet never twice in a row.
    refused_ms: dict[str, float] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Writer":
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(60)

    def _run(self, ready: threading.Event) -> None:
        last: dict[str, float] = {}
        with psycopg.connect(self.url, autocommit=True) as session:
            _prefer(threading.get_native_id())
            _prefer(session.info.backend_pid)
            ready.set()
            while not self._stop.is_set():
                for table in self.tables:
                    self._try(session.pgconn, table, last)
                _sleep(PAUSE_S)

    def _try(self, session: "pq.abc.PGconn", table: str, last: dict[str, float]) -> None:
        before = busy_ms(self.backend_pid)
        # Two statements in one message are one transaction, which is what LOCK wants.
        result = session.exec_(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE NOWAIT; SELECT 1".encode())
        if result.error_field(pq.DiagnosticField.SQLSTATE) != LOCK_NOT_AVAILABLE:
            last.pop(table, None)
            return
        longer = before - last[table] if table in last else 0.0
        self.refused_ms[table] = self.refused_ms.get(table, 0.0) + longer
        last[table] = busy_ms(self.backend_pid)


def _prefer(process: int) -> None:
    """Let a process have its turn at once, if root asks: on a busy machine it would miss short locks."""
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, process, -10)
        os.sched_setscheduler(process, os.SCHED_RR, os.sched_param(1))


def busy_ms(pid: int) -> float:
    """Return the processor time of a process, or the clock's time where that is unknown."""
    try:
        # clock_getcpuclockid(3), which Python lacks. It moves with the scheduler's tick, often 4 ms.
        return time.clock_gettime((~pid << 3) | 2) * 1000
    except OSError:
        return time.monotonic() * 1000
