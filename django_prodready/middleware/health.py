"""Answer platform probes before anything else of the project sees them.

It must stand first in ``MIDDLEWARE``: kubelet sends the pod's address as Host over plain HTTP,
which ``ALLOWED_HOSTS`` would answer with 400 and ``SECURE_SSL_REDIRECT`` with 301.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from django_prodready.health import drain
from django_prodready.health.responses import health_request, http_response
from django_prodready.health.routes import find, prepare, respond, respond_async
from django_prodready.health.statement import Endpoint
from django_prodready.middleware.arrival import is_refused, refusal
from django_prodready.realip.client_address import SCOPE_KEY

MaybeAwaitable = HttpResponseBase | Awaitable[HttpResponseBase]


class HealthMiddleware:
    """Answer the health paths of ``settings.PRODREADY``; hand every other request on untouched."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)
        prepare()
        drain.on_load()

    def __call__(self, request: HttpRequest) -> MaybeAwaitable:
        """Return the response, or under ASGI an awaitable of it."""
        if not self.is_async and isinstance(request, ASGIRequest):
            # A middleware further in knows no async, so Django runs all that is in front of it in a thread.
            drain.on_request_in_thread()
        else:
            drain.on_request()
        endpoint = find(request.path_info)
        if endpoint is None:
            return self.get_response(request)  # type: ignore[no-any-return]
        if self.is_async:
            return _later(endpoint, request)
        if _is_refused(request):
            return http_response(refusal(request.method or ""))
        return http_response(respond(endpoint, health_request(request)))


async def _later(endpoint: Endpoint, request: HttpRequest) -> HttpResponse:
    if _is_refused(request):
        return http_response(refusal(request.method or ""))
    return http_response(await respond_async(endpoint, health_request(request)))


def _is_refused(request: HttpRequest) -> bool:
    """Tell whether CLOUDFLARE_ONLY refuses a request that CloudflareRealIPMiddleware has not seen."""
    if hasattr(request, "client_address") or SCOPE_KEY in getattr(request, "scope", ()):
        return False
    return is_refused(request.META, request.method or "", request.path_info)
