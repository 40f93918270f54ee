"""A mail server that demands STARTTLS, then a password, and keeps the messages that it takes."""

import base64
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO

from prodready_peers.sockets import server_context, serving

USER = "shop"
PASSWORD = "8scHj4CVAVV wdswtsdo9:ncVwS"


@dataclass
class Mailbox:
    """What came in. `port` is where the server listens."""

    port: int = 0
    senders: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    refused: list[bytes] = field(default_factory=list)


@contextmanager
def mailbox(*, is_tls_first: bool = False) -> Iterator[Mailbox]:
    """Serve for the length of the block."""
    box = Mailbox()

    def talk(connection: socket.socket, ended: threading.Event) -> None:
        _Conversation(box, connection, is_secure=is_tls_first).hold()

    with serving(talk, certificate="valid" if is_tls_first else None) as port:
        box.port = port
        yield box


class _Conversation:
    """One connection: https://www.rfc-editor.org/rfc/rfc5321"""

    def __init__(self, box: Mailbox, connection: socket.socket, *, is_secure: bool) -> None:
        self.box = box
        self.connection = connection
        self.is_secure = is_secure
        self.is_known = False

    def hold(self) -> None:
        self.say(b"220 mail.example.org")
        self.listen()

    def say(self, line: bytes) -> None:
        self.connection.sendall(line + b"\r\n")

    def listen(self) -> None:
        answers: dict[bytes, Callable[[bytes], bytes]] = {
            b"EHLO": self.ehlo,
            b"AUTH": self.auth,
            b"MAIL": self.mail,
            b"RCPT": self.rcpt,
            b"QUIT": lambda _line: b"221 bye",
        }
        with self.connection.makefile("rb") as lines:
            for line in lines:
                verb = line[:4].upper()
                if verb == b"STAR":
                    break
                self.say(self.data(lines) if verb == b"DATA" else answers[verb](line))
            else:
                return
        self.secure()

    def secure(self) -> None:
        self.say(b"220 ready")
        with server_context().wrap_socket(self.connection, server_side=True) as secured:
            self.connection, self.is_secure = secured, True
            self.listen()

    def ehlo(self, line: bytes) -> bytes:
        return b"250-mail.example.org\r\n250 " + (b"AUTH PLAIN" if self.is_secure else b"STARTTLS")

    def auth(self, line: bytes) -> bytes:
        expected = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode())
        self.is_known = self.is_secure and line.split()[-1] == expected
        return b"235 welcome" if self.is_known else self.refuse(line, b"535 wrong")

    def mail(self, line: bytes) -> bytes:
        if not self.is_known:
            return self.refuse(line, b"530 who are you")
        self.box.senders.append(_address(line))
        return b"250 ok"

    def rcpt(self, line: bytes) -> bytes:
        self.box.recipients.append(_address(line))
        return b"250 ok"

    def data(self, lines: IO[bytes]) -> bytes:
        self.say(b"354 go on")
        self.box.messages.append(b"".join(iter(lines.readline, b".\r\n")).decode())
        return b"250 taken"

    def refuse(self, line: bytes, answer: bytes) -> bytes:
        self.box.refused.append(line.strip())
        return answer


def _address(line: bytes) -> str:
    return line.partition(b"<")[2].partition(b">")[0].decode()
