"""URLs, split only once it is sure that nothing in them is split in the wrong place.

A password with ``#``, ``/``, ``?`` or ``@`` in it, not percent-encoded, ends early: what follows becomes the
host, the path or nothing at all, and Python's parser says no word of it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from urllib.parse import SplitResult, unquote, unquote_to_bytes, urlsplit

from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.kinds.characters import refuse_undecodable

__all__ = ["PORT", "UNESCAPED", "host_of", "port_of", "scheme_of", "split_url"]

UNESCAPED = (
    "the user name and the password must be percent-encoded"
    " (# is %23, @ is %40, / is %2F, ? is %3F, [ is %5B, ] is %5D, % is %25)"
)
PORT = "expected a numeric port, 1 to 65535, after the host and a colon"
_HOST = "expected a host name or an address as the host"

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_STRAY_PERCENT = re.compile(r"%(?![0-9a-f]{2})", re.IGNORECASE)
_NAME = re.compile(r"[\w.-]+")
# Python has seen that it is an address; it lets "v1.x", of RFC 3986, pass as well.
_IPV6 = re.compile(r"\[[0-9a-f:.]+(?:%25[\w.~-]+)?\]", re.IGNORECASE)
_LARGEST_PORT = 65535


def scheme_of(text: str, schemes: Collection[str]) -> str:
    """Return the scheme in small letters, of a URL in readable characters.

    One that is unknown is not shown, for it may be a piece of a password.
    """
    _refuse_unreadable(text)
    match = _SCHEME.match(text)
    known = ", ".join(sorted(schemes))
    if match is None:
        raise Invalid(f"expected a URL that begins with a scheme and ://; known schemes: {known}")
    scheme = match[1].lower()
    if scheme not in schemes:
        nearest = difflib.get_close_matches(scheme, schemes, n=1)
        meant = f" (is {nearest[0]}:// meant?)" if nearest else ""
        raise Invalid(f"unknown scheme{meant}; known schemes: {known}")
    return scheme


def split_url(
    text: str, schemes: Collection[str], *, is_page: bool = False, files: Collection[str] = ()
) -> SplitResult:
    """Return the parts of ``scheme://user:password@host:port/path?query``, still percent-encoded.

    ``is_page``: a URL for browsers, where ``@`` may stand in the path and ``#`` begins a fragment.
    ``files``: the schemes whose URLs without a host name a file, which may have ``@`` in its path.
    """
    scheme = scheme_of(text, schemes)
    rest = text[len(scheme) + 3 :]
    if is_page:
        _refuse_unescaped_page(rest)
    else:
        _refuse_unescaped(rest, may_be_file=scheme in files)
    parts = _parts(text)
    if parts is None:
        raise Invalid(_HOST)
    return parts


def host_of(parts: SplitResult, *, several: bool = False, socket: bool = False) -> str:
    """Return the host, decoded and in small letters, empty when there is none.

    ``several`` allows hosts joined by commas; ``socket`` allows the folder of a Unix socket, as in %2Frun.
    """
    written = _host_and_port(parts)[0]
    host = unquote(parts.hostname or "")
    if written.startswith("["):
        if not _IPV6.fullmatch(written):
            raise Invalid("expected an IPv6 address as the host in brackets")
        return host
    names = host.split(",") if several else [host]
    if host and not (socket and host.startswith("/")) and not all(map(_NAME.fullmatch, names)):
        raise Invalid(_HOST)
    return host


def port_of(parts: SplitResult) -> int | None:
    """Return the port; None when there is neither one nor its colon."""
    _, colon, port = _host_and_port(parts)
    if not colon:
        return None
    is_number = port.isascii() and port.isdigit() and len(port) <= len(str(_LARGEST_PORT))
    if not is_number or not 1 <= int(port) <= _LARGEST_PORT:
        raise Invalid(PORT)
    return int(port)


def _refuse_unreadable(text: str) -> None:
    if text[:1] in ("'", '"'):
        raise Invalid("expected a URL without quotes around it")
    refuse_undecodable(text)
    if any(character.isspace() or not character.isprintable() for character in text):
        raise Invalid("expected a URL without blanks and control characters (a blank is %20)")
    decoded = unquote_to_bytes(text)
    if b"\0" in decoded or not _is_utf8(decoded):
        raise Invalid("expected percent-encoded UTF-8 without NUL")


def _refuse_unescaped(rest: str, *, may_be_file: bool) -> None:
    authority, tail = _authority(rest)
    is_file = may_be_file and not authority
    if _is_unescaped(authority.rpartition("@")[0]) or ("@" in tail and not is_file):
        raise Invalid(UNESCAPED)
    if "#" in tail:
        raise Invalid("expected # to be percent-encoded, as %23: what follows it would be lost")


def _refuse_unescaped_page(rest: str) -> None:
    """Raise where the ``@`` of a path can hardly be one of a path."""
    authority, tail = _authority(rest)
    userinfo = authority.rpartition("@")[0]
    port = re.search(r":([^:\]]*)\Z", authority)
    has_odd_port = port is not None and not port[1].isdigit()
    if _is_unescaped(userinfo) or ("@" in tail and (":" in userinfo or has_odd_port)):
        raise Invalid(UNESCAPED)


def _authority(rest: str) -> tuple[str, str]:
    end = min((place for place in map(rest.find, "/?#") if place >= 0), default=len(rest))
    return rest[:end], rest[end:]


def _is_unescaped(userinfo: str) -> bool:
    return any(mark in userinfo for mark in "@[]") or bool(_STRAY_PERCENT.search(userinfo))


def _parts(text: str) -> SplitResult | None:
    try:
        return urlsplit(text)
    except ValueError:  # its text holds pieces of the URL
        return None


def _host_and_port(parts: SplitResult) -> tuple[str, str, str]:
    """Return the host as it is written, the colon before the port if any, and what stands for the port."""
    place = parts.netloc.rpartition("@")[2]
    if not place.startswith("["):
        return place.partition(":")
    address, bracket, port = place.partition("]")
    if port[:1] not in ("", ":"):
        return place, "", ""
    return address + bracket, port[:1], port[1:]


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
