"""A process that is confined: a migration tries to reach each service, and real servers see nothing of it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from prodready_peers.sockets import LOOPBACK, serving

from django_prodready.migration_safety.trace import client, scratch
from django_prodready.migration_safety.trace.protocol import ATTEMPTED, Job

SERVICES = ("MAIL", "REDIS", "S3", "HTTP", "BROKER")


class Listener:
    """Counts who comes, and keeps what they say."""

    def __init__(self) -> None:
        self.connections = 0
        self.heard = b""

    def __call__(self, near: socket.socket, ended: threading.Event) -> None:
        self.connections += 1
        near.settimeout(0.05)
        while not ended.is_set():
            with contextlib.suppress(TimeoutError):
                data = near.recv(1024)
                self.heard += data
                if not data:
                    return


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Listener]]:
    listeners = {name: Listener() for name in SERVICES}
    with contextlib.ExitStack() as stack:
        for name, listener in listeners.items():
            monkeypatch.setenv(f"TRACED_{name}", str(stack.enter_context(serving(listener))))
        yield listeners


@pytest.fixture
def datagrams(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((LOOPBACK, 0))
        sock.setblocking(False)
        monkeypatch.setenv("TRACED_UDP", str(sock.getsockname()[1]))
        yield sock


def test_a_migration_reaches_nothing(
    postgres_url: str,
    postgres_database: str,
    services: dict[str, Listener],
    datagrams: socket.socket,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("TRACED_TARGET", postgres_database)
    monkeypatch.setenv("TRACED_LOG", str(tmp_path / "log"))
    job = Job(
        settings_module="prodready_traced.settings", alias="default", call="prodready_traced.calls.reach"
    )
    shown: list[str] = []
    with scratch.created(scratch.from_url(postgres_url)) as database:
        messages = list(client.run(job, database, show=shown.append))
        name = database.name

    attempts = [message["words"] for message in messages if message["kind"] == ATTEMPTED]
    (found,) = [message["found"] for message in messages if message["kind"] == "found"]
    media = found.pop("media")
    assert media.endswith("/media/beside.txt")
    assert not Path(media).exists()
    assert found == {
        "mail": "1",
        "cache": "['text', 1, ['other']]",
        "storage": "b'text'",
        "broker": "True",
        "told broker": "True",
        "redis": "ConnectionError",
        "s3": "EndpointConnectionError",
        "http": "URLError",
        "named": "URLError",
        "udp": "ConnectionRefusedError",
        "opened": "BrokenPipeError",
        "target": "OperationalError",
        "target async": "OperationalError",
        "program": "PermissionError",
        "shell": "PermissionError",
        "spawned": "PermissionError",
        "slept": "True",
        "logged": "None",
        "databases": str([name]),
    }
    target = postgres_database.rpartition("/")[2]
    assert set(attempts) >= {
        "tried to reach api.example.org:443",
        f"tried to connect to the database {target} at 127.0.0.1",
        "tried to start the program touch",
    }
    assert sum("tried to start the program python" in words for words in attempts) == 1
    assert len(attempts) == len(set(attempts))
    assert "secret" not in " ".join(attempts)
    assert shown == ["all tried\n"]
    assert_nothing_was_seen(services, datagrams, postgres_database)
    assert (tmp_path / "log").read_text() == ""
    assert not (tmp_path / "log.sqlite3").exists()


def assert_nothing_was_seen(services: dict[str, Listener], datagrams: socket.socket, target: str) -> None:
    http = services.pop("HTTP")
    assert (http.connections, http.heard) == (1, b"")  # when the settings were loaded, as they may
    assert {name: listener.connections for name, listener in services.items()} == dict.fromkeys(services, 0)
    with pytest.raises(BlockingIOError):
        datagrams.recv(100)
    with psycopg.connect(target) as connection:
        tables: Any = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'own')"
        ).fetchone()
    assert tables == (0,)
