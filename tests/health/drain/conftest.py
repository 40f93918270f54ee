"""A project that drains, and how to watch a server of it stop."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from prodready_services.server import LOOPBACK, free_port

START_S = 60  # a busy machine starts several servers at once
STOP_S = 30

PROJECT = """\
import os

from django.http import HttpResponse
from django.urls import include, path

SECRET_KEY = "for tests only"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = __name__
WSGI_APPLICATION = "drained.wsgi"
ASGI_APPLICATION = "drained.asgi"
INSTALLED_APPS = ["django.contrib.staticfiles", "django_prodready"]
if "DRAINED_APP" in os.environ:
    INSTALLED_APPS.insert(0, os.environ["DRAINED_APP"])
STATIC_URL = "static/"
IS_BARE = "DRAINED_WRAPPER" in os.environ or "DRAINED_URLCONF" in os.environ
MIDDLEWARE = [] if IS_BARE else ["django_prodready.middleware.HealthMiddleware"]
if "DRAINED_SYNC" in os.environ:
    MIDDLEWARE.append(f"{__name__}.knows_no_async")
PRODREADY = {
    "DRAIN_SECONDS": float(os.environ["DRAINED_SECONDS"]),
    "DRAIN_FILE": os.environ.get("DRAINED_FILE"),
    "VERSION": "1",
}


def knows_no_async(get_response):
    return lambda request: get_response(request)


def page(request):
    return HttpResponse(str(os.getpid()))


urlpatterns = [path("page/", page)]
if "DRAINED_URLCONF" in os.environ:
    urlpatterns.append(path("", include("django_prodready.urls")))
"""
APPLICATIONS = """\
import os

from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

wsgi = get_wsgi_application()
asgi = get_asgi_application()
if "DRAINED_WRAPPER" in os.environ:
    import django_prodready.asgi
    import django_prodready.wsgi

    wsgi = django_prodready.wsgi.with_health(wsgi)
    asgi = django_prodready.asgi.with_health(asgi)
"""


@dataclass
class Sight:
    """One look at a stopping process."""

    seen_s: float  # when the last answer was there, since the signal
    ready: object  # a status, or the name of the exception
    health: object
    page: object


@dataclass
class Stop:
    """How a process stopped."""

    sights: list[Sight] = field(default_factory=list)
    ended_s: float = 0  # since the signal
    code: int | None = None


class Process:
    """A server or a script of the project."""

    def __init__(self, folder: Path, command: list[str], drain_seconds: float, **environ: str) -> None:
        self.port = free_port()
        self.output = (folder / f"output-{self.port}").open("w+b")
        self.process = subprocess.Popen(
            [sys.executable, *(part.format(port=self.port) for part in command)],
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "drained_settings",
                "PYTHONPATH": os.pathsep.join([str(folder), *filter(None, sys.path)]),
                "DRAINED_SECONDS": str(drain_seconds),
            }
            | environ,
            cwd=folder,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def ask(self, path: str) -> tuple[object, bytes]:
        """Return status and body, or the name of what went wrong."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Connection": "close"})
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException) as error:  # a server that ends between head and body, too
            return type(error).__name__, b""
        finally:
            connection.close()

    def status(self, path: str) -> object:
        return self.ask(path)[0]

    def wait_until(self, what, timeout_s: float = START_S) -> None:
        deadline_s = time.monotonic() + timeout_s
        while not what():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline_s, self.said()
            time.sleep(0.05)

    def wait_until_ready(self) -> None:
        self.wait_until(lambda: self.status("/ready/") == 200)
        for _ in range(5):  # other workers, if there are some
            self.ask("/ready/")

    def send(self, number: int, pid: int | None = None) -> None:
        os.kill(self.process.pid if pid is None else pid, number)

    def send_to_group(self, number: int) -> None:
        os.killpg(self.process.pid, number)

    def watch(self) -> Stop:
        """Look at the process, which just got its signal, until it has ended."""
        stop, began_s = Stop(), time.monotonic()
        while self.process.poll() is None:
            assert time.monotonic() - began_s < STOP_S, self.said()
            answers = [self.status(path) for path in ("/ready/", "/health/", "/page/")]
            stop.sights.append(Sight(time.monotonic() - began_s, *answers))
            time.sleep(0.02)
        stop.ended_s, stop.code = time.monotonic() - began_s, self.process.returncode
        return stop

    def said(self) -> str:
        self.output.seek(0)
        return self.output.read().decode(errors="replace")

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.send_to_group(signal.SIGKILL)
        self.process.wait()
        self.output.close()


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """The folder of a project that drains."""
    folder = tmp_path_factory.mktemp("drained")
    (folder / "drained_settings.py").write_text(PROJECT)
    (folder / "drained.py").write_text(APPLICATIONS)
    return folder


@pytest.fixture(scope="module")
def running(project):
    """Return how to run a command of the project for the length of a block."""

    @contextlib.contextmanager
    def run(command, drain_seconds, **environ):
        process = Process(project, command, drain_seconds, **environ)
        try:
            yield process
        finally:
            process.end()

    return run
