"""A connection whose every use together ends by one deadline.

A time-out of a socket begins anew with each byte, so that a peer which sends one now and then is
never too late. Here each read has only what is left of the whole budget.
"""

from __future__ import annotations

import io
import socket
import ssl
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer


class Deadline:
    """A moment that everything in one run has to end by."""

    def __init__(self, budget_s: float) -> None:
        self._ends_s = time.monotonic() + budget_s

    def remaining_s(self) -> float:
        """Return what is left, always above 0; TimeoutError when nothing is."""
        left_s = self._ends_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("The time for this run is used up.")
        return left_s


def connect(host: str, port: int, deadline: Deadline) -> socket.socket:
    """Open a TCP connection to the first address that answers; each has its share of the time.

    Finding the addresses has no time-out: that is left to the deadline of the probe.
    """
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    failure: OSError = OSError("The name has no address.")
    for tried, (family, kind, protocol, _, address) in enumerate(addresses):
        try:
            return _connected(
                family, kind, protocol, address, deadline.remaining_s() / (len(addresses) - tried)
            )
        except OSError as error:  # or this machine does not have the family at all
            failure = error
    raise failure


def _connected(family: int, kind: int, protocol: int, address: Any, timeout_s: float) -> socket.socket:
    connection = socket.socket(family, kind, protocol)
    try:
        connection.settimeout(timeout_s)
        connection.connect(address)
    except BaseException:
        connection.close()
        raise
    return connection


def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Return a context that verifies the peer's chain and name, against ``ca_file`` when there is one."""
    return ssl.create_default_context(cafile=ca_file)


def start_tls(
    connection: socket.socket, context: ssl.SSLContext, host: str, deadline: Deadline
) -> ssl.SSLSocket:
    """Shake hands; the connection is closed when that fails."""
    try:
        connection.settimeout(deadline.remaining_s())
        return context.wrap_socket(connection, server_hostname=host)
    except OSError:
        connection.close()
        raise


class DeadlineSocket:
    """As much of a socket as ``http.client`` and ``smtplib`` use."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline

    def sendall(self, data: ReadableBuffer) -> None:
        """Send everything; the time-out of a ``sendall`` is one for the whole of it."""
        self._connection.settimeout(self._deadline.remaining_s())
        self._connection.sendall(data)

    def makefile(self, _mode: str = "rb") -> io.BufferedReader:
        """Return a file to read from."""
        return io.BufferedReader(_Reader(self._connection, self._deadline))

    def close(self) -> None:
        """Leave the connection open for whoever opened it: ``http.client`` closes before the body is read."""


class _Reader(io.RawIOBase):
    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        self._connection.settimeout(self._deadline.remaining_s())
        return self._connection.recv_into(buffer)
