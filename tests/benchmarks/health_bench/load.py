"""The load: a few requests always under way to one server, from one thread, over plain sockets.

Whoever is asked first answers first, with one worker, so that waiting for the oldest request is enough:
no event loop, hence a client that costs less than any server of Python, and needs no tool installed.
"""

import re
import socket
import time
from collections import deque
from dataclasses import dataclass

HOST = "127.0.0.1"
UNDER_WAY = 4
LIMIT_S = 20.0
SIZE = 65536
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What a while of load came to."""

    requests: int
    elapsed_s: float
    client_s: float  # of the processor, for the client: near elapsed_s the client would be the bottleneck

    def __add__(self, other: "Load") -> "Load":
        """Return both together."""
        return Load(
            self.requests + other.requests, self.elapsed_s + other.elapsed_s, self.client_s + other.client_s
        )

    @property
    def per_second(self) -> float:
        """Requests per second."""
        return self.requests / self.elapsed_s


class UnexpectedAnswerError(Exception):
    """A server answered something else than 200: its figure would mean nothing."""


def apply_load(port: int, path: str, seconds: float, *, keeps_alive: bool) -> Load:
    """Ask for ``path`` during ``seconds``. Without ``keeps_alive`` each request has its connection."""
    kind = "keep-alive" if keeps_alive else "close"
    question = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: {kind}\r\n\r\n".encode()
    under_way = deque(_asked(port, question) for _ in range(UNDER_WAY))
    count = 0
    began_s, client_began_s = time.perf_counter(), time.process_time()
    end_s = began_s + seconds
    while (now_s := time.perf_counter()) < end_s:
        connection = under_way.popleft()
        if keeps_alive:
            _read_one(connection, path)
            connection.sendall(question)
        else:
            _read_all(connection, path)
            connection = _asked(port, question)
        under_way.append(connection)
        count += 1
    load = Load(count, now_s - began_s, time.process_time() - client_began_s)
    for connection in under_way:
        (_read_one if keeps_alive else _read_all)(connection, path)
        connection.close()
    return load


def _asked(port: int, question: bytes) -> socket.socket:
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    connection.settimeout(LIMIT_S)
    connection.connect((HOST, port))
    connection.sendall(question)
    return connection


def _read_all(connection: socket.socket, path: str) -> None:
    """Read until the server closes, then close."""
    answer = connection.recv(SIZE)
    _require_ok(answer, path)
    while connection.recv(SIZE):
        pass
    connection.close()


def _read_one(connection: socket.socket, path: str) -> None:
    """Read one answer, as long as it says that it is."""
    answer = connection.recv(SIZE)
    while (end := answer.find(b"\r\n\r\n")) < 0:
        answer += _more(connection, path)
    _require_ok(answer, path)
    found = LENGTH.search(answer)
    if found is None:
        raise UnexpectedAnswerError(f"{path} has no Content-Length: {answer[:200]!r}")
    while len(answer) < end + 4 + int(found[1]):
        answer += _more(connection, path)


def _more(connection: socket.socket, path: str) -> bytes:
    more = connection.recv(SIZE)
    if not more:
        raise UnexpectedAnswerError(f"The connection to {path} ended within an answer.")
    return more


def _require_ok(answer: bytes, path: str) -> None:
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise UnexpectedAnswerError(f"{path} answered {answer[:200]!r}.")
