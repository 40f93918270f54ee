"""What is refused, and in which words it is noted. The whole, in a process of its own: test_isolation."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from prodready_peers.sockets import LOOPBACK, serving

from django_prodready.migration_safety.trace import isolation_guards
from django_prodready.migration_safety.trace.isolation_drivers import Doorkeeper
from django_prodready.migration_safety.trace.isolation_guards import Guards
from django_prodready.migration_safety.trace.refusals import REFUSALS

SCRATCH = {"NAME": "prodready_scratch_0", "HOST": "db", "PORT": "5432", "OPTIONS": {"sslmode": "require"}}


@pytest.fixture
def noted() -> list[str]:
    return []


@pytest.fixture
def guards(noted: list[str], monkeypatch: pytest.MonkeyPatch) -> Guards:
    """Guards that hear of nothing but what the test tells them."""
    monkeypatch.setattr(isolation_guards, "_open_sockets", lambda: iter(()))
    fork = ModuleType("_posixsubprocess")
    monkeypatch.setitem(sys.modules, "_posixsubprocess", fork)
    REFUSALS.begin()
    made = Guards(noted.append, ["db.example.org"])
    made.shut_network()
    made.shut_programs()
    return made


@pytest.mark.parametrize(
    ("family", "address", "words"),
    [
        (socket.AF_INET, ("10.0.0.1", 6379), "tried to reach 10.0.0.1:6379"),
        (socket.AF_INET6, ("fd00::1", 6379, 0, 0), "tried to reach [fd00::1]:6379"),
        (socket.AF_UNIX, "/run/redis.sock", "tried to reach the socket /run/redis.sock"),
        (socket.AF_UNIX, b"/run/other.sock", "tried to reach the socket /run/other.sock"),
        (socket.AF_UNIX, 3, "tried to reach a socket"),
    ],
)
@pytest.mark.parametrize("event", ["socket.connect", "socket.sendto", "socket.sendmsg"])
def test_connections_are_refused(
    guards: Guards, noted: list[str], event: str, family: int, address: Any, words: str
) -> None:
    with socket.socket(family) as sock:
        for _ in range(2):
            with pytest.raises(ConnectionRefusedError, match="is out of reach in a trace"):
                guards.hear(event, (sock, address))
    assert noted == [words]
    assert tuple(guards.attempts) == (words,)


def test_each_migration_is_told_of_anew(guards: Guards, noted: list[str]) -> None:
    before = REFUSALS.count
    for begin in (lambda: None, lambda: None, REFUSALS.begin):
        begin()
        with pytest.raises(PermissionError):
            guards.hear("os.system", ("touch it",))
    assert noted == ["tried to start the program touch"] * 2
    assert REFUSALS.count == before + 3


def test_what_goes_nowhere_else_passes(guards: Guards, noted: list[str]) -> None:
    with socket.socket() as sock:
        guards.hear("socket.sendmsg", (sock, None))
    guards.hear("socket.getaddrinfo", (None, 80, 0, 0, 0))
    guards.hear("socket.getaddrinfo", ("127.0.0.1", 80, 0, 0, 0))
    guards.hear("socket.getaddrinfo", (b"::1", 80, 0, 0, 0))
    guards.hear("socket.getaddrinfo", ("db.example.org", 5432, 0, 0, 0))
    guards.hear("open", ("/etc/hosts", "r", 0))
    assert noted == []


def test_names_are_not_found(guards: Guards, noted: list[str]) -> None:
    for event, args in (
        ("socket.getaddrinfo", ("redis.internal", 6379, 0, 0, 0)),
        ("socket.getaddrinfo", ("redis.internal", b"http", 0, 0, 0)),
        ("socket.gethostbyname", ("redis.internal",)),
        ("socket.gethostbyaddr", ("this-machine",)),
        ("socket.getnameinfo", (("10.0.0.1", 80),)),
    ):
        with pytest.raises(socket.gaierror):
            guards.hear(event, args)
    assert noted == [
        "tried to reach redis.internal:6379",
        "tried to reach redis.internal:http",
        "tried to reach redis.internal",
    ]


@pytest.mark.parametrize(
    ("event", "args", "name"),
    [
        ("subprocess.Popen", ("pg_dump", ["pg_dump", "--password=secret"], None, None), "pg_dump"),
        ("subprocess.Popen", (Path("/usr/bin/pg_dump"), "pg_dump", None, None), "pg_dump"),
        ("subprocess.Popen", ("/bin/sh", ["/bin/sh", "-c", "PW=secret /opt/send it"], None, None), "send"),
        ("subprocess.Popen", ("/bin/sh", ["/bin/sh", "-c", "PW=secret"], None, None), "a shell"),
        ("os.system", (b"curl https://me:secret@example.org",), "curl"),
        ("os.exec", ("/usr/bin/env", ["env"], {}), "env"),
        ("os.posix_spawn", ("/usr/bin/env", ["env"], {}), "env"),
        ("os.spawn", (0, "/usr/bin/env", ["env"], {}), "env"),
    ],
)
def test_programs_are_refused(
    guards: Guards, noted: list[str], event: str, args: tuple[Any, ...], name: str
) -> None:
    with pytest.raises(PermissionError, match=f"The program {name} is not started"):
        guards.hear(event, args)
    assert noted == [f"tried to start the program {name}"]


def test_interpreters_are_not_started_anew(guards: Guards, noted: list[str]) -> None:
    fork: Any = sys.modules["_posixsubprocess"]
    with pytest.raises(PermissionError):
        fork.fork_exec([b"python", b"-c"], [b"/usr/bin/python3"], True)
    assert noted == ["tried to start the program python3"]


def test_a_system_without_fork_has_nothing_to_replace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "_posixsubprocess", None)
    Guards(print).shut_programs()


def test_guards_refuse_nothing_until_told(noted: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    hooks: list[Any] = []
    slept: list[float] = []
    monkeypatch.setattr(sys, "addaudithook", hooks.append)
    monkeypatch.setattr(time, "sleep", slept.append)
    guards = Guards(noted.append)
    ended = threading.Event()

    def keep(near: socket.socket, _: threading.Event) -> None:
        near.recv(10)
        ended.set()

    with socket.create_server((LOOPBACK, 0)) as before, serving(keep) as port:
        pair = socket.socketpair()
        guards.install()
        time.sleep(3)
        (hook,) = hooks
        with socket.create_connection((LOOPBACK, port)) as opened:
            kept = socket.socketpair()
            hook("socket.connect", (opened, (LOOPBACK, port)))
            guards.shut_network()
            assert ended.wait(5)  # the connection has ended
            assert opened.recv(1) == b""
            with pytest.raises(ConnectionRefusedError):
                hook("socket.connect", (opened, (LOOPBACK, port)))
        for one, other in (pair, kept):
            one.send(b"!")
            assert other.recv(1) == b"!"
            one.close()
            other.close()
        time.sleep(3)
        assert slept == [3, 0.01]
        assert before.fileno() >= 0


def test_a_system_that_lists_no_descriptors_has_none_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> list[str]:
        raise PermissionError

    monkeypatch.setattr(os, "listdir", refuse)
    monkeypatch.setattr(Path, "is_dir", lambda _: False)
    assert list(isolation_guards._open_sockets()) == []


class RefusedError(Exception):
    pass


class TestDoorkeeper:
    """With stand-ins for the drivers: the real ones in test_isolation."""

    @pytest.fixture
    def door(self, noted: list[str]) -> Doorkeeper:
        made = Doorkeeper(SCRATCH, noted.append)
        made.is_open = False
        return made

    @pytest.fixture
    def psycopg2(self, door: Doorkeeper, monkeypatch: pytest.MonkeyPatch) -> Any:
        driver: Any = ModuleType("psycopg2")
        extensions: Any = ModuleType("psycopg2.extensions")
        extensions.parse_dsn = lambda dsn: dict(pair.split("=") for pair in dsn.split())
        driver.OperationalError = RefusedError
        driver.connect = lambda *args, **named: "connected"
        monkeypatch.setitem(sys.modules, "psycopg", None)
        monkeypatch.setitem(sys.modules, "psycopg2", driver)
        monkeypatch.setitem(sys.modules, "psycopg2.extensions", extensions)
        door.install()
        return driver

    def test_the_scratch_database_and_its_copies_are_let_through(self, psycopg2: Any) -> None:
        assert psycopg2.connect("host=db port=5432 dbname=prodready_scratch_0") == "connected"
        assert psycopg2.connect(host="db", port=5432, dbname="prodready_scratch_0_copy") == "connected"
        assert psycopg2.connect(host="db", port=5432, database="prodready_scratch_0") == "connected"

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"dbname": "shop", "host": "db", "port": 5432}, "the database shop at db"),
            (
                {"dbname": "prodready_scratch_00", "host": "db", "port": 5432},
                "the database prodready_scratch_00 at db",
            ),
            (
                {"dbname": "prodready_scratch_0", "hostaddr": "10.0.0.1"},
                "the database prodready_scratch_0 at 10.0.0.1",
            ),
            ({"dbname": "prodready_scratch_0"}, "the database prodready_scratch_0"),
            ({"service": "shop"}, "the database of the environment at shop"),
            ({}, "the database of the environment"),
        ],
    )
    def test_others_are_not(self, psycopg2: Any, noted: list[str], given: dict[str, Any], words: str) -> None:
        with pytest.raises(RefusedError, match="Only the scratch database is within reach"):
            psycopg2.connect(**given)
        assert noted == [f"tried to connect to {words}"]

    def test_everything_is_let_through_before(self, door: Doorkeeper, psycopg2: Any) -> None:
        door.is_open = True
        assert psycopg2.connect("dbname=shop") == "connected"

    def test_no_driver_is_fine(self, door: Doorkeeper, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("psycopg", "psycopg2"):
            monkeypatch.setitem(sys.modules, name, None)
        door.install()
