"""Real servers of the site."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from prodready_services.server import free_port

from prodready_faults import probing
from prodready_faults.kinds import Services
from prodready_faults.rows import Row

GRACE_S = 10
START_S = 60
THREADS = 6
APPLICATIONS = "prodready_faults.applications"

_GUNICORN = [
    *("-m", "gunicorn", "--no-control-socket", "--log-level", "error", "--workers", "1"),
    *("--graceful-timeout", str(GRACE_S), "--bind", "127.0.0.1:{port}"),
]
_UVICORN = [
    *("-m", "uvicorn", "--log-level", "error", "--port", "{port}"),
    *("--timeout-graceful-shutdown", str(GRACE_S)),
]
COMMANDS = {
    "sync": [*_GUNICORN, f"{APPLICATIONS}:wsgi"],
    "gthread": [*_GUNICORN, "--threads", str(THREADS), f"{APPLICATIONS}:wsgi"],
    "uvicorn": [*_UVICORN, f"{APPLICATIONS}:asgi"],
    "uvicorn-worker": [*_GUNICORN, "-k", "uvicorn_worker.UvicornWorker", f"{APPLICATIONS}:asgi"],
}


def environment(services: Services, site: dict[str, str]) -> dict[str, str]:
    """Return the environment of a process of the site."""
    return (
        os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "prodready_faults.site",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "FAULTS_POSTGRES": services.postgres_url,
            "FAULTS_REDIS": services.redis_url,
        }
        | site
    )


class Server:
    """One server of the site, and the process in it that answers."""

    def __init__(self, kind: str, folder: Path, environ: dict[str, str]) -> None:
        self.port = free_port()
        self.output = (folder / "output").open("w+b")
        self.process = subprocess.Popen(
            [sys.executable, *(part.format(port=self.port) for part in COMMANDS[kind])],
            env=environ,
            cwd=folder,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def ask(self, path: str) -> probing.Answer:
        """Ask once."""
        return probing.ask(self.port, path)

    def page(self, path: str = "/page/") -> probing.Answer:
        """Ask for a page as a user does, who has time."""
        return probing.ask(self.port, path, "www.example.org", timeout_s=60)

    def probe_threads(self) -> list[str]:
        """Return the names of the threads that run probes."""
        return self.ask("/threads/").body.decode().split()

    def begin(self) -> int:
        """Wait until it answers, and until it has all the threads it will have; return who answers."""
        self.wait_until(lambda: self.ask("/health/").status == 200, START_S)
        with ThreadPoolExecutor(THREADS) as pool:
            for _ in range(2):
                pids = {int(answer.body) for answer in pool.map(self.ask, ["/inside/"] * THREADS)}
        assert len(pids) == 1
        return pids.pop()

    def wait_until(self, what: Callable[[], bool], timeout_s: float) -> float:
        """Poll; return how long it took, in seconds."""
        began_s = time.monotonic()
        while not what():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() - began_s < timeout_s, self.said()
            time.sleep(0.02)
        return time.monotonic() - began_s

    def terminate(self) -> float:
        """Send SIGTERM; return how long it took to end, in seconds."""
        began_s = time.monotonic()
        self.process.terminate()
        return self.terminated_after(began_s)

    def terminated_after(self, began_s: float) -> float:
        """Wait for the end; return how long it took since then, in seconds."""
        self.process.wait(GRACE_S + 20)
        return time.monotonic() - began_s

    def said(self) -> str:
        """Return all that it wrote."""
        # pread, because the server writes through the same file position.
        size = os.fstat(self.output.fileno()).st_size
        return os.pread(self.output.fileno(), size, 0).decode(errors="replace")

    def health_log(self) -> list[str]:
        """Return what our logger and the one for responses said."""
        told = ("django_prodready.health ", "django.request ")
        return [line for line in self.said().splitlines() if line.partition(" ")[2].startswith(told)]

    def end(self) -> None:
        """Kill what is left of it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.output.close()


@contextmanager
def serving(
    kind: str, folder: Path, services: Services, environ: dict[str, str], row: Row
) -> Iterator[Server]:
    """Run a server of the row's site for the length of the block."""
    server = Server(kind, folder, environment(services, row.site | environ))
    try:
        yield server
    finally:
        server.end()
