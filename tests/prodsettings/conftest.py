"""What the tests of prodsettings share: the command, lists of ranges, and servers that have one or none."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError
from prodready_commands import run_command
from prodready_peers import sockets
from prodready_peers.http import http_site

import django_prodready
from django_prodready.management.prodsettings import published
from django_prodready.realip.cloudflare_ranges import BUNDLED
from django_prodready.settings import records

MIDDLEWARE = "django_prodready.middleware.real_ip.CloudflareRealIPMiddleware"
SECURITY_MIDDLEWARE = "django.middleware.security.SecurityMiddleware"
PACKAGE_ROOT = Path(django_prodready.__file__).parent.parent
TESTS = Path(__file__).parents[1]
PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def environment(settings, monkeypatch):
    """The middleware is there, and nothing of the machine's network."""
    settings.MIDDLEWARE = [MIDDLEWARE, *settings.MIDDLEWARE]
    settings.PRODREADY = {"CLOUDFLARE": True}
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", sockets.AUTHORITY)
    monkeypatch.setattr(published, "_URLS", ("https://127.0.0.1:9/ips-v4", "https://127.0.0.1:9/ips-v6"))


@pytest.fixture
def prodsettings():
    """Run the command; its exit code and what it printed."""

    def run(*arguments, **options):
        return run_command("prodsettings", *map(str, arguments), **options)

    return run


@pytest.fixture
def refused(prodsettings):
    """Run the command and return the exit code with which it refuses, and why."""

    def run(*arguments, **options):
        with pytest.raises(CommandError) as raised:
            prodsettings(*arguments, **options)
        return raised.value.returncode, str(raised.value)

    return run


@pytest.fixture
def python():
    """Run ``python -m django_prodready settings`` in a folder, with no more environment than it is given."""

    def run(*arguments, cwd, **environ):
        kept = {
            name: value for name, value in os.environ.items() if name.startswith(("COVERAGE", "LD_", "PATH"))
        }
        paths = [str(PACKAGE_ROOT), str(TESTS), os.environ.get("PYTHONPATH", "")]
        return subprocess.run(
            [sys.executable, "-m", "django_prodready", "settings", *map(str, arguments)],
            cwd=cwd,
            env={**kept, "PYTHONPATH": os.pathsep.join(filter(None, paths)), **environ},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def applied(monkeypatch):
    """Apply a class of settings, as a settings module does; the settings. Forgotten when the test ends."""
    monkeypatch.setattr(records, "_latest", [])

    def apply(cls, environ, module=()):
        namespace = {"MIDDLEWARE": [SECURITY_MIDDLEWARE], "DEBUG": False, **dict(module)}
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        cls.apply(namespace)
        return namespace

    return apply


@pytest.fixture
def list_of(tmp_path):
    """Write a list: the bundled one, with and without some, as of a day or of none; its path."""

    def write(*, name="list.txt", day=None, without=(), also=()):
        heading = [f"# as of {day}"] if day else []
        networks = [*(network for network in BUNDLED if network not in without), *also]
        path = tmp_path / name
        path.write_text("\n".join([*heading, *networks, ""]))
        return path

    return write


@pytest.fixture
def point_at(monkeypatch):
    """Let the published list be at a port of this machine, over HTTPS."""

    def point(port, host="localhost"):
        urls = tuple(f"https://{host}:{port}/ips-{family}" for family in ("v4", "v6"))
        monkeypatch.setattr(published, "_URLS", urls)

    return point


@pytest.fixture
def site(point_at):
    """A site with a valid certificate that publishes the bundled list, and remembers who asked."""
    with http_site("valid") as site:
        v4 = [network for network in BUNDLED if ":" not in network]
        v6 = [network for network in BUNDLED if ":" in network]
        site.pages["/ips-v4"] = (200, "\n".join(v4).encode())
        site.pages["/ips-v6"] = (200, "\n".join(v6).encode())
        point_at(site.port)
        yield site


@pytest.fixture
def unused_port():
    """A port that nobody listens on."""
    return sockets.closed_port()


@pytest.fixture
def serving():
    """Serve fixed bytes over TLS to whoever asks; gives the port."""

    def serve(data):
        def handle(connection, ended):
            connection.recv(4096)
            connection.sendall(data)

        return sockets.serving(handle, certificate="valid")

    return serve


@pytest.fixture
def dripping():
    """Serve bytes over TLS one by one, again and again; gives the port."""
    return lambda data: sockets.serving(sockets.dripping(data), certificate="valid")


@pytest.fixture
def proxy():
    """An HTTP proxy that tunnels, and remembers the first line of what it was asked; or refuses."""
    seen = SimpleNamespace(asked=[], refuses=False, port=None)

    def handle(connection, ended):
        request = connection.recv(4096).decode()
        if seen.refuses:
            connection.sendall(b"HTTP/1.1 407 pl4nted\r\nContent-Length: 0\r\n\r\n")
            return
        seen.asked.append(request.partition("\r\n")[0])
        host, _, port = request.split()[1].partition(":")
        with socket.create_connection((host, int(port)), timeout=10) as onward:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pump, args=(onward, connection))
            back.start()
            pump(connection, onward)
            back.join()

    with sockets.serving(handle) as seen.port:
        yield seen


def pump(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(4096):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
