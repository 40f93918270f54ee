"""A mail server that knows EHLO, STARTTLS and QUIT, and remembers every line it was sent."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from prodready_peers.sockets import server_context, serving


@dataclass
class MailServer:
    """What the server says, and what was said to it."""

    port: int = 0
    lines: list[bytes] = field(default_factory=list)
    greeting: bytes = b"220 mail.example.org"
    ehlo: bytes = b"250-mail.example.org\r\n250 STARTTLS"
    starttls: bytes = b"220 ready"


@contextmanager
def mail_server(*, certificate: str | None = None, is_tls_first: bool = False) -> Iterator[MailServer]:
    """Serve for the length of the block."""
    server = MailServer()

    def talk(connection: socket.socket, ended: threading.Event) -> None:
        connection.sendall(server.greeting + b"\r\n")
        _converse(connection, server, certificate)

    with serving(talk, certificate=certificate if is_tls_first else None) as port:
        server.port = port
        yield server


def _converse(connection: socket.socket, server: MailServer, certificate: str | None) -> None:
    with connection.makefile("rb") as lines:
        for line in lines:
            server.lines.append(line.strip())
            verb = line[:4].upper()
            if verb == b"STAR":
                connection.sendall(server.starttls + b"\r\n")
                break
            connection.sendall((b"221 bye" if verb == b"QUIT" else server.ehlo) + b"\r\n")
        else:
            return
    with server_context(certificate or "valid").wrap_socket(connection, server_side=True) as secured:
        _converse(secured, server, certificate)
