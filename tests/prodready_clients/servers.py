"""Real servers of the site, on a port or on a unix socket, and how to ask them from any loopback address."""

import contextlib
import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from contextlib import closing, contextmanager

from prodready_services.server import LOOPBACK, free_port

from prodready_clients.asking import HOST, Answer

PATIENCE_S = 60
SOCKET, PORT = "socket", "port"

_SITE = "prodready_clients.applications"
_GUNICORN = ["gunicorn", "--no-control-socket", "--workers", "1", "--access-logfile", "-"]
_UVICORN = ["uvicorn", "--log-level", "info"]
COMMANDS = {
    "gunicorn": [*_GUNICORN, f"{_SITE}:wsgi"],
    "gunicorn, threads": [*_GUNICORN, "--threads", "2", f"{_SITE}:wsgi"],
    "gunicorn, asgi": [*_GUNICORN, "-k", "asgi", f"{_SITE}:wrapped"],
    "uvicorn": [*_UVICORN, f"{_SITE}:wrapped"],
    "uvicorn, told": [*_UVICORN, "--lifespan", "off", f"{_SITE}:told"],
    "uvicorn, bare": [*_UVICORN, f"{_SITE}:asgi"],
    "uvicorn-worker": [*_GUNICORN, "-k", "uvicorn_worker.UvicornWorker", f"{_SITE}:wrapped"],
}


class Server:
    """A server of the site."""

    def __init__(self, folder, kind, listens, options, prodready) -> None:
        self.listens = listens
        self.port = free_port()
        self.path = str(folder / "s")
        self.asked = 0
        self.output = (folder / "output").open("w+b")
        self.process = subprocess.Popen(
            [sys.executable, "-m", *COMMANDS[kind], *options, *self._binding(kind)],
            env={name: value for name, value in os.environ.items() if name != "FORWARDED_ALLOW_IPS"}
            | {
                "DJANGO_SETTINGS_MODULE": "prodready_clients.site",
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                "CLIENTS_PRODREADY": json.dumps(prodready),
            },
            cwd=folder,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def ask(self, headers=(), source=LOOPBACK):
        """Ask once, from this address; return what was answered, and the line of the access log."""
        self.asked += 1
        mark = f"asked={self.asked}&"
        with closing(http.client.HTTPConnection(HOST, timeout=PATIENCE_S)) as connection:
            connection.sock = self.connected(source)
            connection.request("GET", f"/told/?{mark}", headers={"Connection": "close", **dict(headers)})
            response = connection.getresponse()
            answer = Answer(response.status, dict(response.headers), response.read())
        return answer, self._line(mark)

    def reset(self, path, headers):
        """Send a request, and reset the connection before the server looks at it."""
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: {HOST}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        self.connected().close()
        self.process.send_signal(signal.SIGSTOP)
        try:
            connection = self._connect(LOOPBACK)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall("\r\n".join([*lines, "", ""]).encode())
            connection.close()
        finally:
            self.process.send_signal(signal.SIGCONT)
        return self._line(f"asked={path} ")

    def connected(self, source=LOOPBACK):
        """Return a connection, made again until the server has started."""
        deadline_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self._connect(source)
            except OSError:
                assert self.process.poll() is None, self.said()
                assert time.monotonic() < deadline_s, self.said()
                time.sleep(0.05)

    def said(self):
        """Return all that it wrote."""
        # pread, because the server writes through the same file position.
        size = os.fstat(self.output.fileno()).st_size
        return os.pread(self.output.fileno(), size, 0).decode(errors="replace")

    def end(self):
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.output.close()

    def _binding(self, kind):
        is_uvicorn = kind.partition(",")[0] == "uvicorn"
        if self.listens is SOCKET:
            return ["--uds", self.path] if is_uvicorn else ["--bind", f"unix:{self.path}"]
        return ["--port", str(self.port)] if is_uvicorn else ["--bind", f"{LOOPBACK}:{self.port}"]

    def _connect(self, source):
        if self.listens is PORT:
            return socket.create_connection((LOOPBACK, self.port), PATIENCE_S, (source, 0))
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(PATIENCE_S)
            connection.connect(self.path)
        except OSError:
            connection.close()
            raise
        return connection

    def _line(self, mark):
        deadline_s = time.monotonic() + PATIENCE_S
        while True:
            lines = [line for line in self.said().splitlines() if mark in line]
            if lines:
                return lines[0]
            assert time.monotonic() < deadline_s, self.said()
            time.sleep(0.02)


@contextmanager
def serving(folder, kind, listens=PORT, options=(), prodready=None):
    """Run a server for the length of the block."""
    server = Server(folder, kind, listens, options, prodready or {})
    try:
        yield server
    finally:
        server.end()
