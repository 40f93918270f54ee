"""What a rolling restart costs users: requests that fail while two gunicorns behind nginx are replaced.

Steady GET and POST requests go through nginx, which retries nothing (``proxy_next_upstream off``) and never
judges a backend itself. A poller asks each backend for ``/ready/`` and takes it out of nginx's configuration
and back in, as kubelet and the endpoints controller do. Then each backend gets SIGTERM, and a replacement
once it has ended. Run with and without draining:

    python benchmarks/rolling_restart.py [--repeat N] [--seconds DRAIN_SECONDS] [--worker sync|gthread]
"""

import argparse
import contextlib
import http.client
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from prodready_services import binaries
from prodready_services.server import LOOPBACK, Home, Plan, free_port, make_home, plain_environment, running

CLIENTS = 6
PAUSE_S = 0.01  # between two requests of one client
POLL_S = 0.2
STEADY_S = 1.0  # load before, between and after the restarts
LIMIT_S = 60.0  # for anything to come up or to end
BODY = b"x" * 2000

WORKERS = {"sync": ["--workers", "3"], "gthread": ["--workers", "2", "--threads", "4"]}

PROJECT = """\
import os, time

from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

SECRET_KEY = "for this benchmark only"
ALLOWED_HOSTS = ["www.example.org"]
ROOT_URLCONF = __name__
MIDDLEWARE = ["django_prodready.middleware.HealthMiddleware"]
PRODREADY = {"DRAIN_SECONDS": float(os.environ["ROLLING_DRAIN_SECONDS"])}


def page(request):
    time.sleep(0.02)
    return HttpResponse(f"{request.method} {len(request.body)}")


urlpatterns = [path("", page)]
application = get_wsgi_application()
"""
NGINX = """\
daemon off;
worker_processes 1;
pid {home}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    upstream backends {{
        {servers}
        keepalive 16;
        # Below gunicorn's keepalive of 2 s: else both may let go of an idle connection, and use it, at once.
        keepalive_timeout 1s;
    }}
    server {{
        listen {address}:{port};
        location / {{
            proxy_pass http://backends;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host;
            proxy_next_upstream off;
        }}
    }}
}}
"""


@dataclass
class Figures:
    """What the users saw."""

    requests: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    restarts_s: float = 0.0

    @property
    def failed(self) -> int:
        """How many requests got anything but their answer."""
        return self.failures.total()


class Backend:
    """One gunicorn on its port, and its replacements."""

    def __init__(self, folder: Path, drain_seconds: float, worker: str) -> None:
        self.folder, self.drain_seconds, self.worker = folder, drain_seconds, worker
        self.port = free_port()
        self.start()

    def start(self) -> None:
        """Start it; the poller finds out when it is ready."""
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "--bind", f"{LOOPBACK}:{self.port}"),
                *("--worker-class", self.worker, *WORKERS[self.worker]),
                *("--log-level", "error", "--no-control-socket", "rolling_project:application"),
            ],
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "rolling_project",
                "PYTHONPATH": os.pathsep.join([str(self.folder), *filter(None, sys.path)]),
                "ROLLING_DRAIN_SECONDS": str(self.drain_seconds),
            },
            cwd=self.folder,
        )

    def stop(self) -> None:
        """Send SIGTERM and wait for the end."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(LIMIT_S)

    def is_ready(self) -> bool:
        """Ask as kubelet does: by address, with its time-out."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=1)
        try:
            connection.request("GET", "/ready/", headers={"Connection": "close"})
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class Balancer:
    """nginx, and the poller that tells it which backends are ready."""

    def __init__(self, home: Home, backends: list[Backend]) -> None:
        self.home, self.backends = home, backends
        self.port = free_port()
        self.configuration = home.directory / "nginx.conf"
        self.ready = frozenset(backend.port for backend in backends)
        self.write()

    def write(self) -> None:
        """Write the configuration for the backends that are ready."""
        # nginx wants one: without any that is ready, requests are refused here as a Service refuses them.
        servers = [f"server {LOOPBACK}:{port} max_fails=0;" for port in sorted(self.ready)]
        text = NGINX.format(
            home=self.home.directory,
            servers=" ".join(servers or [f"server {LOOPBACK}:1;"]),
            address=LOOPBACK,
            port=self.port,
        )
        self.configuration.write_text(text)

    def poll(self) -> None:
        """Look at every backend once; reload nginx when one has turned."""
        ready = frozenset(backend.port for backend in self.backends if backend.is_ready())
        if ready != self.ready:
            self.ready = ready
            self.write()
            os.kill(int((self.home.directory / "nginx.pid").read_text()), signal.SIGHUP)

    def plan(self) -> Plan:
        """How to run nginx."""
        pid_file = self.home.directory / "nginx.pid"
        return Plan(
            name="nginx",
            command=[
                str(binaries.system_program("nginx")),
                "-e",
                "stderr",
                "-p",
                str(self.home.directory),
                "-c",
                str(self.configuration),
            ],
            environment=plain_environment(self.home),
            is_ready=lambda: pid_file.exists() and pid_file.read_text().strip() != "",
            stop_signal=signal.SIGTERM,
        )


def ask(port: int, method: str) -> str:
    """Send one request on a connection of its own; return "ok", or what went wrong."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=20)
    body = BODY if method == "POST" else b""
    try:
        connection.request(method, "/", body or None, {"Host": "www.example.org", "Connection": "close"})
        response = connection.getresponse()
        answer = response.read()
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()
    if response.status != http.HTTPStatus.OK:
        return str(response.status)
    return "ok" if answer == f"{method} {len(body)}".encode() else "another answer"


@contextlib.contextmanager
def repeating(*works: tuple[object, float]) -> Iterator[None]:
    """Do each work again and again, with its pause, in a thread of its own, for the length of the block."""
    over = threading.Event()

    def go_on(work, pause_s: float) -> None:
        while not over.is_set():
            work()
            over.wait(pause_s)

    threads = [threading.Thread(target=go_on, args=work) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def until(what) -> None:
    """Wait for it."""
    deadline_s = time.monotonic() + LIMIT_S
    while not what():
        if time.monotonic() > deadline_s:
            raise TimeoutError(what)
        time.sleep(POLL_S / 4)


def load(port: int, figures: Figures, lock: threading.Lock):
    """Return one client: GET and POST in turns."""
    methods = itertools.cycle(["GET", "POST"])

    def once() -> None:
        method = next(methods)
        result = ask(port, method)
        with lock:
            figures.requests += 1
            if result != "ok":
                figures.failures[f"{method} {result}"] += 1

    return once


def measure(drain_seconds: float, worker: str = "gthread") -> Figures:
    """Replace both backends one after the other under load; MissingServiceError without nginx."""
    figures, lock = Figures(), threading.Lock()
    binaries.system_program("nginx")
    home = make_home("nginx")
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, home.directory, ignore_errors=True)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "rolling_project.py").write_text(PROJECT)
        backends: list[Backend] = []
        stack.callback(lambda: [_end(backend) for backend in backends])
        backends.extend(Backend(folder, drain_seconds, worker) for _ in range(2))
        until(lambda: all(backend.is_ready() for backend in backends))
        # nginx begins with both: for a moment after a reload, it still serves by the configuration before.
        balancer = Balancer(home, backends)
        stack.enter_context(running(balancer.plan(), home))
        stack.enter_context(repeating((balancer.poll, POLL_S)))
        clients = [(load(balancer.port, figures, lock), PAUSE_S) for _ in range(CLIENTS)]
        with repeating(*clients):
            _restart_each(backends, balancer, figures)
    return figures


def _restart_each(backends: list[Backend], balancer: Balancer, figures: Figures) -> None:
    time.sleep(STEADY_S)
    began_s = time.monotonic()
    for backend in backends:
        backend.stop()
        until(lambda backend=backend: backend.port not in balancer.ready)
        backend.start()
        until(lambda: len(balancer.ready) == len(backends))
        time.sleep(STEADY_S)
    figures.restarts_s = time.monotonic() - began_s


def _end(backend: Backend) -> None:
    backend.process.send_signal(signal.SIGQUIT)  # at once, draining or not
    try:
        backend.process.wait(5)
    except subprocess.TimeoutExpired:
        backend.process.kill()
        backend.process.wait()


def main() -> int:
    """Print the figures of each run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--worker", choices=WORKERS, default="gthread")
    options = parser.parse_args()
    for _ in range(options.repeat):
        for drain_seconds in (0, options.seconds):
            figures = measure(drain_seconds, options.worker)
            kinds = ", ".join(f"{kind}: {count}" for kind, count in sorted(figures.failures.items()))
            print(
                f"DRAIN_SECONDS {drain_seconds:g}, {options.worker}: {figures.requests} requests, "
                f"{figures.failed} failed{f' ({kinds})' if kinds else ''}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
