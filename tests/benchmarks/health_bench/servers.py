"""The servers that are measured: gunicorn with one sync worker, and uvicorn, each on a loopback port."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prodready_services.server import LOOPBACK, free_port

START_S = 30.0
OURS = "django_prodready.middleware.HealthMiddleware"


@dataclass(frozen=True)
class Server:
    """How one of them is set up. Two that are equal are the same process."""

    application: str = "applications:plain"
    asgi_http: str | None = None  # uvicorn's --http; None: gunicorn serves it
    middleware: str = ""
    urls: str = "urls"
    conn_max_age_s: int = 0
    ready_ttl_s: float = 1.0

    def command(self, port: int) -> list[str]:
        """Return the command that runs it."""
        target = f"health_bench.{self.application}"
        if self.asgi_http is not None:
            arguments = ["uvicorn", "--host", LOOPBACK, "--port", str(port), "--no-access-log"]
            arguments += ["--http", self.asgi_http]
            return [sys.executable, "-m", *arguments, "--log-level", "error", target]
        arguments = ["gunicorn", "--bind", f"{LOOPBACK}:{port}", "--workers", "1", "--worker-class", "sync"]
        return [sys.executable, "-m", *arguments, "--log-level", "error", "--no-control-socket", target]

    def environment(self, database_url: str) -> dict[str, str]:
        """Return what it reads there."""
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "health_bench.project",
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, sys.path)]),
            "BENCH_URLCONF": f"health_bench.{self.urls}",
            "BENCH_MIDDLEWARE": self.middleware,
            "BENCH_DATABASE_URL": database_url,
            "BENCH_CONN_MAX_AGE": str(self.conn_max_age_s),
            "BENCH_READY_TTL": str(self.ready_ttl_s),
        }


@contextlib.contextmanager
def serving(servers: set[Server], database_url: str) -> Iterator[dict[Server, int]]:
    """Run them all for the length of the block; yield their ports."""
    ports = {server: free_port() for server in servers}
    with contextlib.ExitStack() as stack:
        started = {}
        for server, port in ports.items():
            process = subprocess.Popen(server.command(port), env=server.environment(database_url))
            stack.callback(_end, process)
            started[process] = port
        for process, port in started.items():
            _wait(process, port)
        yield ports


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    end_s = time.monotonic() + START_S
    while True:
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
            return
        if process.poll() is not None or time.monotonic() > end_s:
            raise RuntimeError(f"This did not start: {process.args}")
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)  # at once: nobody is being served
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
