"""A TCP server in threads, for the length of a block."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

LOOPBACK = "127.0.0.1"
CERTIFICATES = Path(__file__).with_name("certificates")
AUTHORITY = str(CERTIFICATES / "authority.pem")

Handler = Callable[[socket.socket, threading.Event], None]


def server_context(name: str = "valid") -> ssl.SSLContext:
    """Return what a server with one of the certificates needs."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{name}.pem", CERTIFICATES / "key.pem")
    return context


@contextmanager
def serving(handler: Handler, *, certificate: str | None = None) -> Iterator[int]:
    """Call `handler` with each connection, in a thread of its own; yield the port."""
    ended = threading.Event()
    context = server_context(certificate) if certificate else None
    with socket.create_server((LOOPBACK, 0)) as listener:
        listener.settimeout(0.05)
        acceptor = threading.Thread(target=_accept, args=(listener, handler, context, ended))
        acceptor.start()
        try:
            yield listener.getsockname()[1]
        finally:
            ended.set()
            acceptor.join()


def _accept(
    listener: socket.socket, handler: Handler, context: ssl.SSLContext | None, ended: threading.Event
) -> None:
    threads = []
    while not ended.is_set():
        with contextlib.suppress(TimeoutError):
            connection, _ = listener.accept()
            connection.settimeout(10)
            thread = threading.Thread(target=_handle, args=(connection, handler, context, ended))
            thread.start()
            threads.append(thread)
    for thread in threads:
        thread.join()


def _handle(
    connection: socket.socket, handler: Handler, context: ssl.SSLContext | None, ended: threading.Event
) -> None:
    with contextlib.suppress(OSError), connection:
        if context is None:
            handler(connection, ended)
        else:
            with context.wrap_socket(connection, server_side=True) as secured:
                handler(secured, ended)


def silent(connection: socket.socket, ended: threading.Event) -> None:
    """Take the connection and never say a word."""
    ended.wait()


def dripping(data: bytes, pause_s: float = 0.05) -> Handler:
    """Return a handler that sends `data` byte by byte, again and again."""

    def drip(connection: socket.socket, ended: threading.Event) -> None:
        while True:
            for value in data:
                connection.sendall(bytes([value]))
                if ended.wait(pause_s):
                    return

    return drip


def closed_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        return listener.getsockname()[1]
