"""An HTTP client for one small question: a total timeout that holds, no redirects, no proxies, no cookies."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

from django_prodready.probe.query import ProbeError, Query, UsageError

TYPE_CHECKING = False  # importing typing takes longer than the rest of this module
if TYPE_CHECKING:
    import ssl

MAX_HEAD_BYTES = 1 << 16
MAX_BODY_BYTES = 1 << 18  # what comes behind is not read; a health answer has some hundred bytes
MAX_WORD = 80  # characters of what a server says that are shown

_HINTS = {
    400: "if it is the Host header that it refuses, put HealthMiddleware first or send --header 'Host: NAME'",
    401: "send a token with --token-env or --token-file",
}


class Reply:
    """What the server said. ``headers`` has lower-case names."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body


def ask(query: Query) -> Reply:
    """Return the answer, whatever its status. Raises :class:`ProbeError` when none came whole and in time.

    A thread asks: a name lookup takes no timeout, so nothing else can give one up.
    """
    ended: list[Reply | Exception] = []

    def run() -> None:
        try:
            ended.append(_exchange(query, time.monotonic() + query.timeout_s))
        except Exception as error:  # noqa: BLE001 - it is raised again where it is waited for
            ended.append(error)

    thread = threading.Thread(target=run, name="prodready-probe", daemon=True)
    thread.start()
    thread.join(query.timeout_s)
    result = ended[0] if ended else TimeoutError()
    if isinstance(result, Reply):
        return result
    if isinstance(result, UsageError):
        raise result
    raise ProbeError(query.without_secrets(f"{query.place}: {_words(query, result)}.")) from result


def judge(query: Query, reply: Reply) -> str:
    """Describe ``reply`` if it is a 2xx; else raise :class:`ProbeError`."""
    line = f"HTTP {reply.status}"
    if 200 <= reply.status < 300:
        return line
    if 300 <= reply.status < 400 and "location" in reply.headers:
        line += f", a redirect to {_site(reply.headers['location'])}"
        line += ": put HealthMiddleware first, or probe what stands at its end"
    elif reply.status in _HINTS:
        line += f": {_HINTS[reply.status]}"
    else:
        line = ", ".join([line, *_told(reply.body)])
    raise ProbeError(query.without_secrets(f"{query.place}: {line.removesuffix('.')}."))


def _exchange(query: Query, deadline_s: float) -> Reply:
    with _connected(query, deadline_s) as connection:
        connection.settimeout(_left(deadline_s))
        connection.sendall(query.encoded())
        status, headers, rest = _head(connection, deadline_s)
        body = bytearray(rest)
        length = headers.get("content-length", "")
        expected = int(length) if length.isdigit() else None
        while len(body) < (MAX_BODY_BYTES if expected is None else min(expected, MAX_BODY_BYTES)):
            received = _received(connection, deadline_s)
            if not received:
                break
            body += received
    is_chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    is_whole = len(body) >= min(expected or 0, MAX_BODY_BYTES)
    if is_chunked and len(body) < MAX_BODY_BYTES:
        body[:], is_whole = _unchunked(bytes(body))
    if not is_whole:
        raise ProbeError(f"the answer, HTTP {status}, broke off")
    return Reply(status, headers, bytes(body))


def _connected(query: Query, deadline_s: float) -> socket.socket:
    connection = _unix(query.unix_socket, deadline_s) if query.unix_socket else _tcp(query, deadline_s)
    if not query.is_tls:
        return connection
    try:
        connection.settimeout(_left(deadline_s))
        return _tls_context(query).wrap_socket(connection, server_hostname=query.server_name)
    except BaseException:
        connection.close()
        raise


def _unix(path: str, deadline_s: float) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    return _opened(connection, path, _left(deadline_s))


def _tcp(query: Query, deadline_s: float) -> socket.socket:
    """Try the host's addresses in turn; each gets its share of the time that is left."""
    # As bytes: for a str Python imports its whole IDNA tables.
    found = socket.getaddrinfo(query.host.encode(), query.port, type=socket.SOCK_STREAM)
    for position, (family, kind, protocol, _, address) in enumerate(found, start=1):
        share_s = _left(deadline_s) / (len(found) - position + 1)
        try:
            return _opened(socket.socket(family, kind, protocol), address, share_s)
        except OSError:
            if position == len(found):
                raise
    raise ProbeError("its name has no address")


def _opened(connection: socket.socket, address: str | tuple[object, ...], timeout_s: float) -> socket.socket:
    connection.settimeout(timeout_s)
    try:
        connection.connect(address)
    except BaseException:
        connection.close()
        raise
    return connection


def _tls_context(query: Query) -> ssl.SSLContext:
    import ssl  # doubles the time of a probe that needs none

    if query.insecure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    try:
        return ssl.create_default_context(cafile=query.cacert)
    except OSError as error:
        raise UsageError(f"--cacert {query.cacert!a} holds no certificate that can be read.") from error


def _head(connection: socket.socket, deadline_s: float) -> tuple[int, dict[str, str], bytes]:
    """Read the status, the headers by lower-case name, and what came of the body along with them."""
    data = b""
    while True:
        while b"\r\n\r\n" not in data:
            received = _received(connection, deadline_s)
            if not received or len(data) > MAX_HEAD_BYTES:
                raise ProbeError("it does not answer in HTTP" if data else "it closed the connection unasked")
            data += received
        head, _, data = data.partition(b"\r\n\r\n")
        first, *fields = head.decode("latin-1").split("\r\n")
        status = _status(first)
        if (
            status >= 200
        ):  # those below announce another: https://www.rfc-editor.org/rfc/rfc9110#name-informational-1xx
            pairs = (field.partition(":") for field in fields)
            return status, {name.strip().lower(): value.strip() for name, _, value in pairs}, data


def _status(line: str) -> int:
    """Read the status out of an answer's first line."""
    version, _, rest = line.partition(" ")
    if not version.startswith("HTTP/1.") or not rest[:3].isdecimal() or len(rest[:3]) != 3:
        raise ProbeError("it does not answer in HTTP")
    return int(rest[:3])


def _received(connection: socket.socket, deadline_s: float) -> bytes:
    connection.settimeout(_left(deadline_s))
    return connection.recv(1 << 16)


def _left(deadline_s: float) -> float:
    left_s = deadline_s - time.monotonic()
    if left_s <= 0:
        raise TimeoutError
    return left_s


def _unchunked(body: bytes) -> tuple[bytes, bool]:
    """Join the chunks; also whether the last one is there.

    https://www.rfc-editor.org/rfc/rfc9112#name-chunked-transfer-coding
    """
    joined = b""
    while True:
        size, mark, body = body.partition(b"\r\n")
        digits = size.partition(b";")[0].strip()
        if not mark or not digits or digits.strip(b"0123456789abcdefABCDEF"):
            return joined, False
        length = int(digits, 16)
        if length == 0:
            return joined, True
        joined, body = joined + body[:length], body[length + 2 :]


def _words(query: Query, error: Exception) -> str:
    """Say why there is no answer: reasons of the system and of TLS, never the text of another exception."""
    if isinstance(error, ProbeError):
        return str(error)
    if isinstance(error, TimeoutError):
        return f"no whole answer within {query.timeout_s:g} s"
    if isinstance(error, socket.gaierror):
        return f"its name cannot be resolved ({error.strerror})"
    distrust = getattr(error, "verify_message", "")
    if distrust:
        return f"its certificate is not trusted ({distrust}): give --cacert FILE, or --insecure"
    if hasattr(error, "reason"):
        return f"TLS failed ({error.reason}), as when it is no https address"
    return str(getattr(error, "strerror", None) or type(error).__name__)


def _site(location: str) -> str:
    """Show where a redirect leads without its path and query, and without a user and password."""
    scheme, mark, rest = location.partition("://")
    if not mark:
        return "another path"
    authority = rest.replace("?", "/").replace("#", "/").partition("/")[0]
    return f"{scheme}://{authority.rpartition('@')[2]}"[:MAX_WORD]


def _told(body: bytes) -> Iterator[str]:
    """Give the words of an answer in the shape of /ready/: status, reason, and what is down."""
    import json  # only an unfit answer needs it

    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return
    if not isinstance(told, dict):
        return
    for key in ("status", "reason"):
        if isinstance(told.get(key), str):
            yield told[key][:MAX_WORD]
    checks = told.get("checks")
    down = [name for name, works in checks.items() if works is False] if isinstance(checks, dict) else []
    if down:
        yield f"down: {' '.join(down)[:MAX_WORD]}"
