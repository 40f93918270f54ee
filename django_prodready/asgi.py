"""The health endpoints around an ASGI application.

In ``asgi.py``: ``application = with_health(get_asgi_application())``. They answer before Django makes a
request, so no middleware is in their way, and nothing is faster.
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

__all__ = ["with_health"]

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
            if endpoint is not None:
                return await _send(send, await respond_async(endpoint, _request(scope, path_info)))
        elif kind == "lifespan":
            drain.on_load()  # the server has installed its signal handlers by now
        return await application(scope, receive, send)

    return healthy


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
