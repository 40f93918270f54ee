"""The client's address in ``REMOTE_ADDR`` and ``request.client_address``, and no header that says otherwise.

It must stand before whatever reads an address, the scheme or the host: second, after HealthMiddleware.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from django_prodready.health.responses import http_response
from django_prodready.middleware.arrival import receive, refusal
from django_prodready.middleware.asgi_client import receive_request
from django_prodready.middleware.client_trust import current_trust
from django_prodready.realip.client_address import SCOPE_KEY, ClientAddress

MaybeAwaitable = HttpResponseBase | Awaitable[HttpResponseBase]


class CloudflareRealIPMiddleware:
    """Name the client of each request, by the keys of ``settings.PRODREADY`` that say whom to believe."""

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
        method = request.method or ""
        kept = request.__dict__
        known, is_refused = _known(kept), False
        if known is None:
            if isinstance(request, ASGIRequest):
                known, is_refused = receive_request(request)
            else:
                known, is_refused = receive(request.META, method, request.path_info)
            kept.pop("headers", None)  # Django keeps what it once made of META
            kept.pop("_current_scheme_host", None)
        request.client_address = known  # type: ignore[attr-defined]
        if is_refused:
            response = http_response(refusal(method))
            return _later(response) if self.is_async else response
        return self.get_response(request)  # type: ignore[no-any-return]


def _known(kept: dict[str, Any]) -> ClientAddress | None:
    """Return what the ASGI wrapper has settled, or this middleware where it is listed twice."""
    known = kept.get("client_address")
    if known is None and "scope" in kept:
        known = kept["scope"].get(SCOPE_KEY)
    return known if isinstance(known, ClientAddress) else None


async def _later(response: HttpResponse) -> HttpResponse:
    return response
