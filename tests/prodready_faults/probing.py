"""Probers: ask as kubelet does, again and again, and note what came and how long it took."""

import json
import math
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

TIMEOUT_S = 10
HEALTH_EVERY_S = 0.05
READY_EVERY_S = 0.1
SAMPLE_EVERY_S = 0.1


@dataclass(frozen=True)
class Answer:
    """One answer, and when it was asked for. A status of 0: none came."""

    asked_s: float
    took_s: float
    raw: bytes

    @property
    def status(self) -> int:
        """The HTTP status."""
        return int(self.raw.split(b" ", 2)[1]) if self.raw.startswith(b"HTTP/") else 0

    @property
    def body(self) -> bytes:
        """What follows the headers."""
        return self.raw.partition(b"\r\n\r\n")[2]

    @property
    def told(self) -> tuple[int, Any]:
        """Status and body, read."""
        return self.status, json.loads(self.body)


def ask(port: int, path: str, host: str = "10.1.2.3:8000", timeout_s: float = TIMEOUT_S) -> Answer:
    """Ask on a new connection, with an address as Host unless told otherwise, and read to the end."""
    asked_s, raw = time.monotonic(), b""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=timeout_s) as peer:
        peer.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        while data := peer.recv(65536):
            raw += data
    return Answer(asked_s, time.monotonic() - asked_s, raw)


@dataclass
class Watch:
    """What was seen while a component hung."""

    ready: list[Answer] = field(default_factory=list)
    health: list[Answer] = field(default_factory=list)
    threads: int = 0
    doubled: set[str] = field(default_factory=set)  # threads of which there was more than one
    connections: int = 0


@contextmanager
def repeating(action: Callable[[], object], every_s: float) -> Iterator[None]:
    """Do something again and again beside the block."""
    ended = threading.Event()

    def repeat() -> None:
        while not ended.wait(every_s):
            action()

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def probe(port: int, path: str, count: int) -> Iterator[Answer]:
    """Ask `count` times, every READY_EVERY_S; late ones are not made up for all at once."""
    due_s = time.monotonic()
    for _ in range(count):
        time.sleep(max(0.0, due_s - time.monotonic()))
        yield ask(port, path)
        due_s = max(due_s + READY_EVERY_S, time.monotonic())


def watch(port: int, count: int, sample: Callable[[Watch], None], path: str = "/ready/") -> Watch:
    """Probe readiness `count` times, liveness beside it, and take samples of the process."""
    seen = Watch()
    with (
        repeating(lambda: seen.health.append(ask(port, "/health/")), HEALTH_EVERY_S),
        repeating(lambda: sample(seen), SAMPLE_EVERY_S),
    ):
        seen.ready.extend(probe(port, path, count))
    return seen


def percentile_ms(answers: Iterable[Answer], percent: float) -> float:
    """Return the time that so many of the answers did not exceed, in milliseconds."""
    ordered = sorted(answer.took_s for answer in answers)
    return 1000 * ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
