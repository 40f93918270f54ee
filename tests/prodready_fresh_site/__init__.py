"""A project of `startproject`, its production settings made of mixins, behind gunicorn and nginx with TLS."""

from __future__ import annotations

import http.client
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import prodready_peers
from prodready_services import binaries
from prodready_services.server import LOOPBACK, Plan, free_port, make_home, plain_environment, running

import django_prodready

HOST = "site.example"
TIMEOUT_S = 60
CERTIFICATES = Path(prodready_peers.__file__).parent / "certificates"
PACKAGE_ROOT = Path(django_prodready.__file__).parent.parent

NGINX = """\
daemon off;
worker_processes 1;
pid {home}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    server {{
        listen {plain};
        listen {tls} ssl;
        ssl_certificate {home}/valid.pem;
        ssl_certificate_key {home}/key.pem;
        location / {{
            proxy_pass http://127.0.0.1:{site};
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $scheme;
        }}
    }}
}}
"""


@dataclass
class Project:
    """The project's folder, and the whole environment of its processes."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def variables(self) -> dict[str, str]:
        """Return what a process gets: what Python needs, and what the site asks for."""
        paths = os.pathsep.join(filter(None, (str(PACKAGE_ROOT), os.environ.get("PYTHONPATH", ""))))
        kept = {
            name: os.environ[name]
            for name in ("PATH", "HOME", "COVERAGE_PROCESS_CONFIG")
            if name in os.environ
        }
        return kept | {"PYTHONPATH": paths} | self.environment

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run Python in the project's folder. Raises AssertionError with the output when it fails."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.variables(),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        assert not check or done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run manage.py."""
        return self.run("manage.py", *arguments, check=check)


def start_project(folder: Path, production: str) -> Project:
    """Make a project whose settings are base, as Django makes them, and ``production``."""
    subprocess.run(
        [sys.executable, "-m", "django", "startproject", "mysite", str(folder)],
        check=True,
        timeout=TIMEOUT_S,
        env={name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")},
    )
    settings = folder / "mysite" / "settings"
    settings.mkdir()
    base = (folder / "mysite" / "settings.py").rename(settings / "base.py")
    base.write_text(base.read_text().replace(".parent.parent", ".parent.parent.parent"))
    (settings / "__init__.py").write_text('"""Base, and production."""\n')
    (settings / "production.py").write_text(production)
    return Project(folder, {"DJANGO_SETTINGS_MODULE": "mysite.settings.production"})


class Served:
    """The site as visitors reach it."""

    def __init__(self, tls: int, plain: int) -> None:
        self._ports = {"https": tls, "http": plain}
        self._context = ssl.create_default_context(cafile=str(CERTIFICATES / "authority.pem"))

    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] = {},
        body: str = "",
        *,
        scheme: str = "https",
    ) -> tuple[http.client.HTTPResponse, str]:
        """Ask once, as a browser would by the site's name; return the answer, and its body."""
        port = self._ports[scheme]
        if scheme == "https":
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                "localhost", port, timeout=TIMEOUT_S, context=self._context
            )
        else:
            connection = http.client.HTTPConnection("localhost", port, timeout=TIMEOUT_S)
        with closing(connection):
            connection.request(method, path, body or None, {"Host": HOST, **headers})
            answer = connection.getresponse()
            return answer, answer.read().decode("utf-8", "replace")


@contextmanager
def serving(project: Project) -> Iterator[Served]:
    """Run gunicorn and nginx for the length of the block; MissingServiceError without nginx."""
    nginx = binaries.system_program("nginx")
    site, tls, plain = free_port(), free_port(), free_port()
    home = make_home("nginx")
    for name in ("valid.pem", "key.pem"):
        (home.directory / name).write_bytes((CERTIFICATES / name).read_bytes())
    configuration, pid_file = home.directory / "nginx.conf", home.directory / "nginx.pid"
    configuration.write_text(NGINX.format(home=home.directory, site=site, tls=tls, plain=plain))
    plan = Plan(
        name="nginx",
        command=[str(nginx), "-e", "stderr", "-p", str(home.directory), "-c", str(configuration)],
        environment=plain_environment(home),
        is_ready=lambda: pid_file.exists() and pid_file.read_text().strip() != "",
        stop_signal=signal.SIGTERM,
    )
    with ExitStack() as stack:
        stack.enter_context(_gunicorn(project, site))
        stack.enter_context(running(plan, home))
        yield Served(tls, plain)


@contextmanager
def _gunicorn(project: Project, port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--bind", f"{LOOPBACK}:{port}"]
    with (project.folder / "gunicorn.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--workers", "1", "--access-logfile", "-", "mysite.wsgi"],
            cwd=project.folder,
            env=project.variables(),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(process, port, project.folder / "gunicorn.log")
        yield
    finally:
        process.terminate()
        try:
            process.wait(TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        with (
            suppress(OSError),
            closing(http.client.HTTPConnection(LOOPBACK, port, timeout=TIMEOUT_S)) as connection,
        ):
            connection.request("GET", "/health/")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        time.sleep(0.05)
    raise AssertionError(log.read_text())
