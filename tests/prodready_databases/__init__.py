"""Databases for the tests of probes: entries of DATABASES, a gate that can be shut, a replica, PgBouncer."""

import select
import socket
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db import connections
from prodready_peers.sockets import LOOPBACK

PATIENCE_S = 20


def postgres_entry(url: str, /, **entry: Any) -> dict[str, Any]:
    """Return an entry of DATABASES for an address."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.removeprefix("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
    } | entry


def sqlite_entry(name: Any, **entry: Any) -> dict[str, Any]:
    """Return an entry of DATABASES for a file."""
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": name} | entry


def install(monkeypatch: Any, entry: dict[str, Any], alias: str = "default") -> None:
    """Put a complete entry into DATABASES until the test ends."""
    complete = connections.configure_settings({"default": {}, alias: entry})[alias]
    monkeypatch.setitem(connections.settings, alias, complete)


def sessions(url: str, application_name: str) -> int:
    """Count the sessions of that name at the server."""
    import psycopg

    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [application_name]
        ).fetchone()
    return found[0] if found else 0


def eventually(holds: Callable[[], bool]) -> bool:
    """Poll until it holds, or not within PATIENCE_S."""
    end_s = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end_s:
            return False
        time.sleep(0.02)
    return True


class Gate:
    """A handler for prodready_peers.sockets.serving that forwards bytes to a port while it is open.

    When shut it is what a stopped server is: the kernel takes what is sent, and nobody answers.
    """

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.is_open = threading.Event()
        self.is_open.set()

    def __call__(self, near: socket.socket, ended: threading.Event) -> None:
        with socket.create_connection(self.target, timeout=10) as far:
            while not ended.is_set():
                if not self.is_open.wait(0.02):
                    continue
                for ready in select.select([near, far], [], [], 0.02)[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    (far if ready is near else near).sendall(data)

    @classmethod
    def to(cls, url: str) -> "Gate":
        """Make one that leads to the server at an address."""
        parts = urlsplit(url)
        return cls(parts.hostname or LOOPBACK, parts.port or 5432)


def through(url: str, port: int) -> str:
    """Return the address with another port on this machine."""
    parts = urlsplit(url)
    account = parts.netloc.rpartition("@")[0]
    return parts._replace(netloc=f"{account}@{LOOPBACK}:{port}").geturl()
