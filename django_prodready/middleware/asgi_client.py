"""The same for an ASGI scope, before the server logs it and before Django makes a request of it.

A server's access log reads the scope, so the scope is edited in place. Django sees one that is settled.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from django_prodready.conf import get_config
from django_prodready.middleware.arrival import Arrival, receive
from django_prodready.realip.client_address import SCOPE_KEY

__all__ = ["is_scope_refused", "receive_scope"]

Header = tuple[bytes, bytes]


def receive_scope(scope: MutableMapping[str, Any], path_info: str) -> Arrival:
    """Settle the client of an HTTP or websocket scope in place.

    Headers whose name has an underscore are dropped, as Django and nginx do: ``X_Forwarded_For`` is no other
    header than ``X-Forwarded-For`` to whoever reads them as WSGI names them.
    """
    headers: list[Header] = [header for header in scope.get("headers", ()) if b"_" not in header[0]]
    before = _meta(headers)
    client = scope.get("client")
    if client:
        before["REMOTE_ADDR"] = client[0]
    meta = dict(before)
    address, is_refused = receive(meta, scope.get("method", "").upper(), path_info)
    scope["headers"] = _written_back(headers, before, meta)
    if meta.get("REMOTE_ADDR") != before.get("REMOTE_ADDR"):
        scope["client"] = (meta["REMOTE_ADDR"], 0)  # the port was the peer's
    scope[SCOPE_KEY] = address
    return address, is_refused


def is_scope_refused(scope: MutableMapping[str, Any], path_info: str) -> bool:
    """Tell whether CLOUDFLARE_ONLY refuses a scope that nobody has settled; it stays as it is."""
    if SCOPE_KEY in scope or not get_config().cloudflare_only:
        return False
    return receive_scope(dict(scope), path_info)[1]


def _meta(headers: list[Header]) -> dict[str, Any]:
    """Return the headers as WSGI names them; those of one name are one value, joined by commas."""
    meta: dict[str, Any] = {}
    for raw_name, raw_value in headers:
        name, value = _meta_name(raw_name), raw_value.decode("latin-1")
        meta[name] = f"{meta[name]},{value}" if name in meta else value
    return meta


def _written_back(headers: list[Header], before: dict[str, Any], after: dict[str, Any]) -> list[Header]:
    """Return ``headers`` without what was removed, and with what was rewritten."""
    kept = []
    for header in headers:
        name = _meta_name(header[0])
        if name in after and after[name] == before[name]:
            kept.append(header)
    for name, value in after.items():
        if name.startswith("HTTP_") and value != before.get(name):
            kept.append((name[5:].lower().replace("_", "-").encode(), value.encode("latin-1")))
    return kept


def _meta_name(raw_name: bytes) -> str:
    return "HTTP_" + raw_name.decode("latin-1").upper().replace("-", "_")
