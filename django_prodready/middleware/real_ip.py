"""The client's address in ``REMOTE_ADDR`` and ``request.client_address``, and no header that says otherwise.

It must stand before whatever reads an address, the scheme or the host: second, after HealthMiddleware.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden

from django_prodready.middleware.arrival import receive
from django_prodready.middleware.client_trust import current_trust
from django_prodready.realip.client_address import SCOPE_KEY

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
        known = request.scope.get(SCOPE_KEY) if hasattr(request, "scope") else None
        if known is None:
            known, is_refused = receive(request.META, request.method or "", request.path_info)
            for derived in ("headers", "_current_scheme_host"):
                request.__dict__.pop(derived, None)  # Django keeps what it once made of META
            if is_refused:
                return _later(_refusal()) if self.is_async else _refusal()
        request.client_address = known  # type: ignore[attr-defined]
        return self.get_response(request)  # type: ignore[no-any-return]


def _refusal() -> HttpResponse:
    response = HttpResponseForbidden("Forbidden\n", content_type="text/plain; charset=utf-8")
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


async def _later(response: HttpResponse) -> HttpResponse:
    return response
