"""Traces in processes of their own, the moments at which faults meet them, and these faults."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from prodready_linted import INDEX, Project, make_project

import django_prodready
from prodready_faults import processes

PATIENCE_S = 60
HEADINGS = ("command ended after", "left behind", "next run took")
PACKAGE_ROOT = Path(django_prodready.__file__).parent.parent
OURS = "application_name = 'django-prodready trace'"
# Runs until a file is there. The server is asked now and then, as a long migration does.
WAITS = """
import os
import time


def forwards(apps, schema_editor):
    open(os.environ["FAULTS_AT"], "w").close()
    while not os.path.exists(os.environ["FAULTS_GO"]):
        schema_editor.execute("SELECT pg_sleep(0.05)")
"""


def project_that_waits(root: Path) -> Project:
    """Make a project whose second migration waits to be let go, and whose third needs a copy."""
    project = make_project(root)
    call = "migrations.RunPython(forwards, migrations.RunPython.noop),"
    project.migration("0002_wait", call, "0001_initial", head=WAITS)
    project.migration("0003_index", INDEX, "0002_wait", body="atomic = False")
    return project


def eventually(holds: Callable[[], bool]) -> bool:
    """Poll until it holds, or not within PATIENCE_S: on a busy machine a command takes its time to begin."""
    end_s = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end_s:
            return False
        time.sleep(0.02)
    return True


def ask(url: str, sql: str, *params: Any) -> list[tuple[Any, ...]]:
    """Ask the server as a superuser, in a session of its own."""
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        cursor = connection.execute(sql, params or None)
        return cursor.fetchall() if cursor.description else []


def scratches(url: str) -> set[str]:
    """Return the scratch databases that are there."""
    found = ask(url, "SELECT datname FROM pg_database WHERE starts_with(datname, 'prodready_scratch_')")
    return {name for (name,) in found}


class Trace:
    """One run of ``manage.py prodmigrate --lint --trace``; its scratch database is on ``url``."""

    def __init__(
        self, project: Project, url: str, folder: Path, choice: tuple[str, ...], holds: bool
    ) -> None:
        folder.mkdir()
        self.at, self.go = folder / "at", folder / "go"
        self.url = url
        self._holder: psycopg.Connection[Any] | None = None
        if holds:
            self.hold()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "prodmigrate", "--lint", "--trace", *choice],
            cwd=project.root,
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")},
                "PYTHONPATH": str(PACKAGE_ROOT),
                "PRODREADY_SCRATCH_URL": url,
                "FAULTS_AT": str(self.at),
                "FAULTS_GO": str(self.go),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def hold(self) -> None:
        """Let nobody make or drop a database."""
        self._holder = psycopg.connect(self.url)
        self._holder.execute("LOCK TABLE pg_database IN SHARE MODE")

    def release(self) -> None:
        """Let them again."""
        if self._holder is not None:
            self._holder.close()
            self._holder = None

    def run_on(self) -> None:
        """Let the migration that waits go on."""
        self.go.touch()

    def is_running(self) -> None:
        """Wait until its migrations run."""
        assert eventually(lambda: self.at.exists() or self.has_ended), "not begun"
        assert not self.has_ended, self.end()

    def is_held(self, word: str) -> None:
        """Wait until it waits to CREATE or DROP a database."""
        waits = f"SELECT 1 FROM pg_stat_activity WHERE {OURS} AND wait_event_type = 'Lock' AND query ~ %s"
        assert eventually(lambda: bool(ask(self.url, waits, f"^{word} DATABASE"))), f"no {word}"

    @property
    def has_ended(self) -> bool:
        """Tell whether the command has ended."""
        return self.process.poll() is not None

    def end(self, timeout_s: float = PATIENCE_S) -> tuple[int, str, str]:
        """Wait for the end; return the exit code, standard output, and standard error."""
        out, err = self.process.communicate(timeout=timeout_s)
        return self.process.returncode, out, err

    def workers(self) -> set[int]:
        """Return the processes that it has started."""
        return processes.family(self.process.pid) - {self.process.pid}


@contextlib.contextmanager
def tracing(project: Project, url: str, folder: Path, *choice: str, holds: bool = False) -> Iterator[Trace]:
    """Start a run, and kill what is left of it at the end of the block."""
    trace = Trace(project, url, folder, choice or ("--all",), holds)
    try:
        yield trace
    finally:
        trace.release()
        if not trace.has_ended:
            for pid in processes.family(trace.process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        trace.process.communicate()


# Moments


@contextlib.contextmanager
def running(project: Project, url: str, folder: Path) -> Iterator[Trace]:
    """A migration runs."""
    with tracing(project, url, folder) as trace:
        trace.is_running()
        yield trace


@contextlib.contextmanager
def creating(project: Project, url: str, folder: Path) -> Iterator[Trace]:
    """The scratch database is being made."""
    with tracing(project, url, folder, holds=True) as trace:
        trace.is_held("CREATE")
        yield trace


@contextlib.contextmanager
def copying(project: Project, url: str, folder: Path) -> Iterator[Trace]:
    """The scratch database is being copied for a migration."""
    with running(project, url, folder) as trace:
        trace.hold()
        trace.run_on()
        trace.is_held("CREATE")
        yield trace


@contextlib.contextmanager
def dropping(project: Project, url: str, folder: Path) -> Iterator[Trace]:
    """All is judged, and the scratch database is being dropped."""
    with tracing(project, url, folder, "shop", "0002") as trace:
        trace.is_running()
        trace.hold()
        trace.run_on()
        trace.is_held("DROP")
        yield trace


# Faults


def signalled(number: int) -> Callable[[Trace], None]:
    """Send the command a signal."""
    return lambda trace: trace.process.send_signal(number)


def interrupted(trace: Trace) -> None:
    """Press Ctrl-C: the terminal sends SIGINT to the whole process group."""
    os.killpg(trace.process.pid, signal.SIGINT)


def interrupted_twice(trace: Trace) -> None:
    """Press Ctrl-C again while it tidies up."""
    interrupted(trace)
    time.sleep(0.2)
    interrupted(trace)


def worker_killed(trace: Trace) -> None:
    """Kill the process that runs the migrations, as the kernel does when memory is short."""
    for pid in trace.workers():
        os.kill(pid, signal.SIGKILL)


def sessions_ended(trace: Trace) -> None:
    """Have the server end all sessions of the run, which is the last that began."""
    _end_sessions(trace, f"backend_start >= ({_BEGINNING})")


def keeper_ended(trace: Trace) -> None:
    """Have the server end the session that the command keeps, which tells that it lives."""
    _end_sessions(trace, f"backend_start = ({_BEGINNING})")


_BEGINNING = f"SELECT max(backend_start) FROM pg_stat_activity WHERE {OURS} AND datname = %s"


def _end_sessions(trace: Trace, which: str) -> None:
    terminate = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {OURS} AND {which}"
    assert ask(trace.url, terminate, urlsplit(trace.url).path[1:])


def crashed(trace: Trace) -> None:
    """Kill one process of the server, which has it end all the others and recover."""
    ((pid, *_), *_) = ask(trace.url, f"SELECT pid FROM pg_stat_activity WHERE {OURS}")
    os.kill(pid, signal.SIGKILL)


def is_back(url: str) -> bool:
    """Tell whether the server lets us in."""
    with contextlib.suppress(psycopg.OperationalError):
        return bool(ask(url, "SELECT 1"))
    return False
