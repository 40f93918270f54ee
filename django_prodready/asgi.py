"""What goes around an ASGI application: the health endpoints, and the client's address.

In ``asgi.py``: ``application = with_client_address(with_health(get_asgi_application()))``. Health is answered
before Django makes a request, so no middleware is in its way, and nothing is faster. The client's address
goes outermost: a server's access log shows what it writes into the server's own scope.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from django.core.handlers.asgi import get_script_prefix

from django_prodready.health import drain
from django_prodready.health.answer import Answer
from django_prodready.health.request import HealthRequest
from django_prodready.health.routes import find, prepare, respond_async
from django_prodready.middleware.arrival import refusal
from django_prodready.middleware.asgi_client import is_scope_refused, receive_scope
from django_prodready.middleware.client_trust import current_trust
from django_prodready.realip.client_address import SCOPE_KEY

__all__ = ["with_client_address", "with_health"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def with_health(application: Application) -> Application:
    """Return an application that answers the health paths, and hands all else to ``application``.

    Websockets and the server's lifespan pass through.
    """
    prepare()
    drain.on_load()

    async def healthy(scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind == "http":
            drain.on_request()
            path_info = _path_info(scope)
            endpoint = find(path_info)
            if endpoint is not None and is_scope_refused(scope, path_info):
                return await _refuse(scope, receive, send)
            if endpoint is not None:
                return await _send(send, await respond_async(endpoint, _request(scope, path_info)))
        elif kind == "lifespan":
            drain.on_load()  # the server has installed its signal handlers by now
        return await application(scope, receive, send)

    return healthy


def with_client_address(application: Application) -> Application:
    """Return an application that knows the client of each request and websocket, as the middleware does.

    ``request.client_address`` is the middleware's to set: it finds the address in the scope, and looks no
    further. The server's lifespan passes through.
    """
    current_trust()  # what is wrong in the settings is logged now, and not with the first request

    async def addressed(scope: Scope, receive: Receive, send: Send) -> None:
        is_request = scope["type"] in ("http", "websocket")
        if is_request and SCOPE_KEY not in scope and receive_scope(scope, _path_info(scope))[1]:
            return await _refuse(scope, receive, send)
        return await application(scope, receive, send)

    return addressed


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        return await _send(send, refusal(scope["method"].upper()))
    await receive()  # websocket.connect
    return await send({"type": "websocket.close"})  # before it is accepted: the server answers with 403


def _path_info(scope: Scope) -> str:
    """Return what Django's ASGIRequest has as ``path_info``: servers leave ``root_path`` in the path."""
    path: str = scope["path"]
    prefix = get_script_prefix(scope).rstrip("/")
    if prefix and (path == prefix or path.startswith(f"{prefix}/")):
        return path[len(prefix) :]
    return path


def _request(scope: Scope, path_info: str) -> HealthRequest:
    return HealthRequest(
        method=scope["method"].upper(),
        path_info=path_info,
        query=scope.get("query_string", b"").decode("latin-1"),
        header=functools.partial(_header, scope.get("headers", ())),
    )


def _header(headers: Iterable[tuple[bytes, bytes]], name: str) -> str | None:
    wanted = name.lower().encode()  # servers send names in lower case: the ASGI specification demands it
    values = [value for key, value in headers if key == wanted]
    return b",".join(values).decode("latin-1") if values else None


@functools.lru_cache(maxsize=128)
def _encoded(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.lower().encode(), value.encode("latin-1")) for name, value in headers)


async def _send(send: Send, answer: Answer) -> None:
    headers = list(_encoded(answer.headers))  # of its own: whoever wraps this may add to it
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
