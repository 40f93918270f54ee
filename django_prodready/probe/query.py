"""What an exec probe asks and how it reaches whom it asks; every mistake in that is a usage error.

No message here holds a header's value, a token, or the URL's path and query.
"""

from __future__ import annotations

import math
import os
import socket
from collections.abc import Sequence

# More than READY_BUDGET, so that a late 503 is still heard. Less than the 2 s that a platform should allow,
# so that Python's start and the message fit in as well.
DEFAULT_TIMEOUT_S = 1.5
MAX_TIMEOUT_S = 3600.0
MAX_TOKEN_BYTES = 1 << 13

_NAME_MARKS = frozenset("!#$%&'*+-.^_`|~")  # https://www.rfc-editor.org/rfc/rfc9110#name-tokens
_OWN_HEADERS = frozenset({"connection", "content-length", "transfer-encoding"})
_OPEN_HEADERS = frozenset({"accept", "host", "user-agent"})
_MIN_SECRET = 6  # shorter values would be found in any text


class ProbeError(Exception):
    """It is not fit, or nobody can tell; the message says why in one line and holds no secret."""


class UsageError(ProbeError):
    """The command line cannot be carried out as it stands."""


class Query:
    """One GET request. Raises :class:`UsageError`; opens nothing but the token's file."""

    def __init__(
        self,
        url: str,
        *,
        headers: Sequence[str] = (),
        timeout: float | str = DEFAULT_TIMEOUT_S,
        token_env: str | None = None,
        token_file: str | None = None,
        cacert: str | None = None,
        insecure: bool = False,
        unix_socket: str | None = None,
    ) -> None:
        self.is_tls, self.host, self.port, self.target = _parsed(url)
        self.timeout_s = _seconds(timeout)
        self.cacert, self.insecure, self.unix_socket = cacert, insecure, unix_socket
        self._refuse_stray_options()
        given = dict(_header(position, text) for position, text in enumerate(headers, start=1))
        own = {"host": self.authority, "user-agent": "prodready-probe", "accept": "*/*"}
        self.headers = own | given | _authorization(given, token_env, token_file)
        confidential = {name: value for name, value in self.headers.items() if name not in _OPEN_HEADERS}
        self._secrets = [word for value in confidential.values() for word in (value, *value.split()[1:])]

    @property
    def authority(self) -> str:
        """The URL's host, with its port unless that is the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _usual_port(self.is_tls) else f"{host}:{self.port}"

    @property
    def place(self) -> str:
        """Whom is asked, for messages."""
        return self.unix_socket or self.authority

    @property
    def server_name(self) -> str:
        """Whose certificate it must be: the Host header's, as for whoever comes by that name."""
        host = self.headers["host"]
        return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]

    def encoded(self) -> bytes:
        """Spell the request. The server is to close the connection, which ends its answer."""
        fields = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        return f"GET {self.target} HTTP/1.1\r\n{fields}connection: close\r\n\r\n".encode("latin-1")

    def without_secrets(self, text: str) -> str:
        """Take out of a server's ``text`` what was sent in confidence, and what is not printable ASCII."""
        for secret in self._secrets:
            if len(secret) >= _MIN_SECRET:
                text = text.replace(secret, "[redacted]")
        return "".join(character if " " <= character <= "~" else "?" for character in text)

    def _refuse_stray_options(self) -> None:
        if (self.cacert or self.insecure) and not self.is_tls:
            raise UsageError("--cacert and --insecure go with an https URL.")
        if self.cacert and self.insecure:
            raise UsageError("--cacert and --insecure exclude each other.")
        if self.unix_socket and not hasattr(socket, "AF_UNIX"):
            raise UsageError("--unix-socket: this platform has no Unix sockets.")


def _parsed(url: str) -> tuple[bool, str, int, str]:
    """Take the URL apart: whether it is https, host, port, and the request's target."""
    if not all("!" <= character <= "~" for character in url):
        raise UsageError("the URL holds a space, or what is not ASCII: percent-encode it.")
    scheme, mark, rest = url.partition("://")
    if not mark or scheme.lower() not in ("http", "https"):
        raise UsageError("the URL must begin with http:// or https://.")
    is_tls = scheme.lower() == "https"
    authority = rest
    for end in "/?#":
        authority = authority.partition(end)[0]
    if "@" in authority:
        raise UsageError("the URL holds a user or a password: send them by --header, or use --token-file.")
    host, port = _host_and_port(authority)
    target = rest[len(authority) :].partition("#")[0]
    target = target if target.startswith("/") else f"/{target}"
    return is_tls, host, _usual_port(is_tls) if port is None else port, target


def _host_and_port(authority: str) -> tuple[str, int | None]:
    if authority.startswith("["):
        host, bracket, after = authority[1:].partition("]")
        is_good = bool(bracket) and _is_ipv6(host) and (not after or after.startswith(":"))
        text = after[1:]
    else:
        host, _, text = authority.partition(":")
        is_good = bool(host) and all(character.isalnum() or character in "-._" for character in host)
    if not is_good:
        raise UsageError("the URL names no valid host; an IPv6 address stands in brackets.")
    if not text:
        return host, None
    if not text.isdigit() or not 1 <= int(text[:6]) <= 65535:
        raise UsageError("the URL's port must be a number from 1 to 65535.")
    return host, int(text)


def _is_ipv6(host: str) -> bool:
    try:
        socket.inet_pton(socket.AF_INET6, host)
    except OSError:
        return False
    return True


def _usual_port(is_tls: bool) -> int:
    return 443 if is_tls else 80


def _header(position: int, text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name or not all(_is_name_character(character) for character in name):
        raise UsageError(f"--header, number {position}: write it as 'NAME: VALUE'.")
    value = value.strip(" \t")
    if not all(" " <= character != "\x7f" and ord(character) < 256 for character in value):
        raise UsageError(f"--header {name}: its value holds a line break or another character of no header.")
    if name.lower() in _OWN_HEADERS:
        raise UsageError(f"--header {name} is not for you to set: the probe does.")
    if name.lower() == "host" and not value:
        raise UsageError("--header Host needs a value.")
    return name.lower(), value


def _is_name_character(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in _NAME_MARKS)


def _seconds(timeout: float | str) -> float:
    try:
        timeout_s = float(timeout)
    except ValueError:
        timeout_s = math.nan
    if not 0 < timeout_s <= MAX_TIMEOUT_S:
        raise UsageError(f"--timeout must be a number of seconds above 0, at most {MAX_TIMEOUT_S:g}.")
    return timeout_s


def _authorization(given: dict[str, str], token_env: str | None, token_file: str | None) -> dict[str, str]:
    if token_env is None and token_file is None:
        return {}
    if token_env is not None and token_file is not None:
        raise UsageError("--token-env and --token-file exclude each other.")
    if "authorization" in given:
        raise UsageError("a token and --header Authorization exclude each other.")
    token = _token_in_environment(token_env) if token_env is not None else _token_in_file(str(token_file))
    if not token or not all("!" <= character <= "~" for character in token):
        source = "--token-env" if token_env is not None else "--token-file"
        raise UsageError(f"{source}: the token must be visible ASCII characters in one line.")
    return {"authorization": f"Bearer {token}"}


def _token_in_environment(name: str) -> str:
    token = os.environ.get(name)
    if not token:
        raise UsageError(f"--token-env: there is no environment variable {name!a}, or it is empty.")
    return token.strip()


def _token_in_file(path: str) -> str:
    try:
        with open(path, "rb") as stream:  # noqa: PTH123 - pathlib takes longer to import than to be of use
            return stream.read(MAX_TOKEN_BYTES).strip().decode("latin-1")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no path"
        raise UsageError(f"--token-file {path!a} cannot be read: {reason}.") from error
