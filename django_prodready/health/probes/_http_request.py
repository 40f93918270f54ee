"""One HTTP request under one deadline, which holds for slow headers and slow bodies too. Standard library."""

from __future__ import annotations

import re
import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from typing import Any, cast
from urllib.parse import urlsplit

from django_prodready.health.probes._deadline_socket import (
    Deadline,
    DeadlineSocket,
    connect,
    start_tls,
    tls_context,
)
from django_prodready.health.probes._options import require_address

# More of an answer than this is not read: a probe asks for its status.
MOST_BYTES = 65536

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class UnexpectedStatusError(Exception):
    """The answer has a status that says no."""


@dataclass(frozen=True, slots=True, repr=False)
class HttpReply:
    """What came back; at most ``MOST_BYTES`` of the body."""

    status: int
    body: bytes


class HttpRequest:
    """A request that can be sent again and again. Redirects are not followed: they are an answer."""

    def __init__(
        self, option: str, url: object, method: str, headers: Mapping[str, str], ca_file: str | None = None
    ) -> None:
        text = require_address(option, url, _DEFAULT_PORTS)
        parts = urlsplit(text)
        if not text.isascii() or " " in text or not parts.hostname:
            raise ValueError(
                f"{option} must have a host, and only characters that URLs may have: encode others."
            )
        if "@" in parts.netloc:
            raise ValueError(f"{option} must not hold a user or a password: give an Authorization header.")
        self._is_tls = parts.scheme == "https"
        self._host = parts.hostname
        self._port = parts.port or _DEFAULT_PORTS[parts.scheme]
        self._netloc = parts.netloc
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._method = method
        self._headers = headers
        self._ca_file = ca_file

    def send(self, budget_s: float) -> HttpReply:
        """Return the answer; raise OSError or HTTPException without one within ``budget_s``."""
        deadline = Deadline(budget_s)
        context = tls_context(self._ca_file) if self._is_tls else None
        raw = connect(self._host, self._port, deadline)
        if context is not None:
            raw = start_tls(raw, context, self._host, deadline)
        connection = HTTPConnection(self._host, self._port)
        connection.sock = cast("socket.socket", DeadlineSocket(raw, deadline))
        try:
            connection.request(self._method, self._target, headers={"Host": self._netloc, **self._headers})
            return _read(connection.getresponse())
        finally:
            connection.close()
            raw.close()


def _read(response: HTTPResponse) -> HttpReply:
    with response:
        return HttpReply(response.status, response.read(MOST_BYTES))


def require_headers(option: str, value: object) -> dict[str, str]:
    """Return headers by name; what could end a line is refused, and no value is told."""
    if not isinstance(value, Mapping):
        raise ValueError(f"{option} must be a mapping of names to values.")  # noqa: TRY004 - what options raise
    if not all(_is_header(name, text) for name, text in value.items()):
        raise ValueError(f"{option} must map names of headers to printable ASCII text.")
    return dict(value)


def _is_header(name: Any, text: Any) -> bool:
    are_texts = isinstance(name, str) and isinstance(text, str)
    return are_texts and bool(_HEADER_NAME.fullmatch(name)) and text.isascii() and text.isprintable()


def check_status(status: int, expected: Collection[int] | None) -> None:
    """Raise UnexpectedStatusError unless the status is expected; None expects any from 200 to 299."""
    if not (200 <= status < 300 if expected is None else status in expected):
        raise UnexpectedStatusError(f"The answer has the status {status}.")
