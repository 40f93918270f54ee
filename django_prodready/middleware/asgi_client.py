"""The same for what an ASGI server gives: the scope, before it is logged and before Django makes a request of
it, or the request that Django has made.

A server's access log reads the scope, so the scope is edited in place. Django sees one that is settled.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from django_prodready.conf import get_config
from django_prodready.middleware.arrival import Arrival, receive
from django_prodready.realip.address import parse
from django_prodready.realip.client_address import SCOPE_KEY

if TYPE_CHECKING:
    from django.core.handlers.asgi import ASGIRequest

__all__ = ["is_scope_refused", "receive_request", "receive_scope"]

Header = tuple[bytes, bytes]

LONGEST_USUAL = 64  # bytes of a header's name
# The peer of a connection that was reset before the server asked for it: no socket of the file system.
_UNKNOWN = "unknown"


def receive_scope(scope: MutableMapping[str, Any], path_info: str) -> Arrival:
    """Settle the client of an HTTP or websocket scope in place.

    Headers whose name has an underscore are dropped, as Django and nginx do: ``X_Forwarded_For`` is no other
    header than ``X-Forwarded-For`` to whoever reads them as WSGI names them.
    """
    headers = _without_underscores(scope.get("headers", ()))
    before = _meta(headers)
    client = scope.get("client")
    peer = client[0] if client else None
    if peer or _is_over_network(scope):
        before["REMOTE_ADDR"] = peer or _UNKNOWN
    meta = dict(before)
    address, is_refused = receive(meta, scope.get("method", "").upper(), path_info)
    scope["headers"] = _written_back(headers, before, meta)
    if meta.get("REMOTE_ADDR") != before.get("REMOTE_ADDR"):
        scope["client"] = (meta["REMOTE_ADDR"], 0)  # the port was the peer's
    scope[SCOPE_KEY] = address
    return address, is_refused


def is_scope_refused(scope: MutableMapping[str, Any], path_info: str) -> bool:
    """Tell whether CLOUDFLARE_ONLY refuses a scope that nobody has settled; its headers stay as they are."""
    if SCOPE_KEY in scope or not get_config().cloudflare_only:
        return False
    scope["headers"] = list(scope.get("headers", ()))  # what can be read only once would be read up here
    return receive_scope(dict(scope), path_info)[1]


def receive_request(request: ASGIRequest) -> Arrival:
    """Settle the client of a request in place, with the headers of its scope.

    The scope's client stays who opened the connection.
    """
    meta = request.META
    scope: MutableMapping[str, Any] = request.scope  # type: ignore[assignment]  # the stubs have a Mapping
    said = list(scope.get("headers", ()))
    headers = _without_underscores(said)
    if len(headers) != len(said):
        _take_out(meta, said, headers)
    is_unknown = not meta.get("REMOTE_ADDR") and _is_over_network(scope)
    if is_unknown:
        meta["REMOTE_ADDR"] = _UNKNOWN
    before = dict(meta)
    arrival = receive(meta, request.method or "", request.path_info)
    scope["headers"] = _written_back(headers, before, meta)
    if is_unknown:
        del meta["REMOTE_ADDR"]
    return arrival


def _is_over_network(scope: Mapping[str, Any]) -> bool:
    """Tell whether the server listens at an address.

    A server that asks for the peer late is told of none where it has closed the connection with a reset; its
    request is there all the same: https://man7.org/linux/man-pages/man2/getpeername.2.html (ENOTCONN).
    """
    server = scope.get("server")
    return server is not None and parse(server[0]) is not None


def _without_underscores(headers: Iterable[Header]) -> list[Header]:
    said = list(headers)
    if b"_" not in b"".join([name for name, _ in said]):  # as nearly always, and this is quick
        return said
    return [header for header in said if b"_" not in header[0]]


def _take_out(meta: dict[str, Any], said: list[Header], headers: list[Header]) -> None:
    """Undo what headers with an underscore did to ``meta``: Django before 5.2.13 takes them.

    https://docs.djangoproject.com/en/stable/releases/5.2.13/
    """
    told = _meta(headers)
    for name in {_meta_name(name) for name, _ in said if b"_" in name}:
        if name in told:
            meta[name] = told[name]
        else:
            meta.pop(name, None)


def _meta(headers: list[Header]) -> dict[str, Any]:
    """Return the headers as WSGI names them; those of one name are one value, joined by commas."""
    values: dict[str, list[str]] = {}
    for raw_name, raw_value in headers:
        values.setdefault(_meta_name(raw_name), []).append(raw_value.decode("latin-1"))
    return {name: ",".join(said) for name, said in values.items()}


def _written_back(headers: list[Header], before: dict[str, Any], after: dict[str, Any]) -> list[Header]:
    """Return ``headers`` without what was removed, and with what was rewritten."""
    changed = {name for name, value in before.items() if after.get(name) != value}
    changed.update(name for name in after if name not in before)
    kept = [header for header in headers if _meta_name(header[0]) not in changed]
    rewritten = [name for name in changed if name in after and name.startswith("HTTP_")]
    return kept + [(_raw_name(name), after[name].encode("latin-1")) for name in rewritten]


def _raw_name(name: str) -> bytes:
    return name[5:].lower().replace("_", "-").encode()


def _meta_name(raw_name: bytes) -> str:
    """Return the name under which WSGI, and Django, have a header."""
    return _usual_name(raw_name) if len(raw_name) <= LONGEST_USUAL else _spelled_name(raw_name)


def _spelled_name(raw_name: bytes) -> str:
    name = raw_name.decode("latin-1").upper().replace("-", "_")
    return name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"


# Browsers send the same forty names all day. Long ones are nobody's usual names, and fill no memory.
_usual_name = functools.lru_cache(maxsize=1024)(_spelled_name)
