"""The secrets that settings and environment hold. Reads plain containers only: nothing lazy is evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from django_prodready.reporting.secret_names import Secrecy, holds_secret, may_be_secret, secrecy
from django_prodready.reporting.secret_shapes import named_values_in, tokens_in

_MAX_DEPTH = 12
_MIN_NUMERIC_PASSWORD = 100_000  # smaller numbers under a secret's name are counts and lengths

_URL_START = re.compile(r"(?<![A-Za-z0-9+.-])(?=[A-Za-z][A-Za-z0-9+.-]*://)")
_USERINFO = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<user>[^:@/]*)(?::(?P<password>[\s\S]*))?@")
_PORT = re.compile(r"\d{1,5}(?![^/?#,;\s])")
_WEB_SCHEMES = frozenset({"http", "https", "ws", "wss"})
_TOKEN_AS_USER = re.compile(r"[\w.~-]{16,}")

_Seen = set[tuple[int, Secrecy]]


def secrets_in(settings: Mapping[str, object], environ: Mapping[str, str]) -> frozenset[str]:
    """Collect every secret among the values of ``settings`` and ``environ``, at any depth."""
    found: set[str] = set()
    for source in (settings, environ):
        for name, value in source.items():
            found.update(_walk(name, value, Secrecy.NONE, _MAX_DEPTH, set()))
    return frozenset(secret for secret in found if may_be_secret(secret))


def _walk(name: str, value: object, inherited: Secrecy, depth: int, seen: _Seen) -> Iterator[str]:
    """Yield the secrets in ``value``.

    Goes by ``type()`` and not by ``isinstance()``, which asks a lazy object for its ``__class__``
    and so evaluates it.
    """
    kind = type(value)
    if issubclass(kind, str):
        yield from _from_text(name, str.__str__(value), inherited)
    elif issubclass(kind, bytes):
        yield from _from_text(name, bytes.decode(value, "utf-8", "backslashreplace"), inherited)  # type: ignore[arg-type]
    elif kind is int:
        yield from _from_number(name, value)  # type: ignore[arg-type]
    elif issubclass(kind, (dict, list, tuple, set, frozenset)) and depth:
        level = max(secrecy(name), inherited)
        if (id(value), level) not in seen:
            seen.add((id(value), level))
            for child, item, passed_on in _children(name, value, level):
                yield from _walk(child, item, passed_on, depth - 1, seen)


def _children(name: str, container: object, level: Secrecy) -> Iterator[tuple[str, object, Secrecy]]:
    if issubclass(type(container), dict):
        # A dictionary under a secret's name also holds user names and options.
        entries: Iterable[tuple[object, object]] = dict.items(container)  # type: ignore[arg-type]
        for key, item in entries:
            yield key if type(key) is str else "", item, min(level, Secrecy.LIKELY)
    else:
        items: Iterable[object] = container  # type: ignore[assignment]
        for item in items:
            yield name, item, level


def _from_number(name: str, number: int) -> Iterator[str]:
    if secrecy(name) is Secrecy.SURE and abs(number) >= _MIN_NUMERIC_PASSWORD:
        yield str(number)


def _from_text(name: str, text: str, inherited: Secrecy) -> Iterator[str]:
    if holds_secret(name, text, inherited):
        yield text
    yield from tokens_in(text)
    yield from named_values_in(text)
    if "://" in text:
        for url in _URL_START.split(text):
            yield from _from_url(name, url)


def _from_url(name: str, url: str) -> Iterator[str]:
    """Yield the password of a URL, up to its last ``@``: it may hold ``#``, ``@`` or ``/`` unescaped."""
    userinfo = _USERINFO.match(url)
    if userinfo is None:
        return
    user, password = userinfo["user"], userinfo["password"]
    if password and not _is_port(userinfo["scheme"], password):
        yield password
    # The public key of a Sentry DSN, a token in place of a user.
    if _TOKEN_AS_USER.fullmatch(user) or (password is None and secrecy(name) is Secrecy.SURE):
        yield user


def _is_port(scheme: str, text: str) -> bool:
    has_space = any(character.isspace() for character in text)
    return bool(_PORT.match(text)) and (scheme.lower() in _WEB_SCHEMES or has_space)
