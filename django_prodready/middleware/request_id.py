"""One id for each request: on its log records, in ``request.request_id``, and in the answer's header.

It may stand anywhere in ``MIDDLEWARE``; what stands before it logs without an id. Second, behind
HealthMiddleware, it is in nobody's way, and in front of it are only the platform's probes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse

from django_prodready.logs.request_id import accept, begin, end, new_request_id
from django_prodready.middleware.client_trust import current_trust
from django_prodready.realip.client_address import SCOPE_KEY
from django_prodready.realip.roles import Role
from django_prodready.realip.walk import SOCKETS

__all__ = ["HEADER", "RequestIdMiddleware"]

HEADER = "X-Request-ID"
_META_NAME = "HTTP_X_REQUEST_ID"

MaybeAwaitable = HttpResponseBase | Awaitable[HttpResponseBase]


class RequestIdMiddleware:
    """Name each request by the id that a trusted peer gave it in ``X-Request-ID``, or else by a new one.

    Trusted is whoever PRODREADY trusts: an own proxy, a tunnel, Cloudflare's edge. Where it trusts nobody, an
    id that is well-formed is taken from anybody: it names nothing but itself, and opens nothing. A proxy that
    hands on what its client sent has no better ids; have it set one.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)
        current_trust()  # what is wrong in the settings is logged now, and not with the first request

    def __call__(self, request: HttpRequest) -> MaybeAwaitable:
        """Return the response, or under ASGI an awaitable of it."""
        said = request.META.get(_META_NAME)
        request_id = accept(said) if said and _is_peer_trusted(request) else new_request_id()
        request.request_id = request_id  # type: ignore[attr-defined]
        if self.is_async:
            return self._later(request, request_id)
        token = begin(request_id)
        try:
            response = self.get_response(request)
        finally:
            end(token)
        return _marked(response, request_id)

    async def _later(self, request: HttpRequest, request_id: str) -> HttpResponseBase:
        token = begin(request_id)
        try:
            response = await self.get_response(request)
        finally:
            end(token)
        return _marked(response, request_id)


def _is_peer_trusted(request: HttpRequest) -> bool:
    trust = current_trust()
    if not trust.is_any:
        return True
    kept = request.__dict__
    # Whoever has settled the client has put it where the peer was.
    known = kept.get("client_address") or kept.get("scope", {}).get(SCOPE_KEY)
    peer = request.META.get("REMOTE_ADDR") if known is None else known.peer_ip
    if peer in SOCKETS:
        return trust.unix_socket
    place = trust.roles.place(peer)
    return place is not None and place[1] is not Role.CLIENT


def _marked(response: HttpResponseBase, request_id: str) -> HttpResponseBase:
    """Return ``response`` with the header; what it streams later is made under the id as well."""
    response.headers[HEADER] = request_id
    # A file is read, which logs nothing, and the server may hand it to the kernel if nobody is in between.
    if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
        chunks: Any = response.streaming_content
        response.streaming_content = (
            _stream_later(chunks, request_id) if response.is_async else _stream(chunks, request_id)
        )
    return response


def _stream(chunks: Iterator[bytes], request_id: str) -> Iterator[bytes]:
    """Hand on the chunks. Between them the id is nobody's: a server's thread may do something else."""
    while True:
        token = begin(request_id)
        try:
            chunk = next(chunks)
        except StopIteration:
            return
        finally:
            end(token)
        yield chunk


async def _stream_later(chunks: Any, request_id: str) -> AsyncIterator[bytes]:
    async with aclosing(chunks):
        while True:
            token = begin(request_id)
            try:
                chunk = await anext(chunks)
            except StopAsyncIteration:
                return
            finally:
                end(token)
            yield chunk
