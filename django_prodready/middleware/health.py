"""Answer platform probes before anything else of the project sees them.

It must stand first in ``MIDDLEWARE``: kubelet sends the pod's address as Host over plain HTTP,
which ``ALLOWED_HOSTS`` would answer with 400 and ``SECURE_SSL_REDIRECT`` with 301.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from django_prodready.health.routes import answer
from django_prodready.health.version import current_version

if TYPE_CHECKING:
    from django_prodready.health.answer import Answer

MaybeAwaitable = HttpResponseBase | Awaitable[HttpResponseBase]


class HealthMiddleware:
    """Answer ``PRODREADY["HEALTH_PATH"]``; hand every other request on untouched."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)
        current_version()  # may read installed packages: better while starting than in the first probe

    def __call__(self, request: HttpRequest) -> MaybeAwaitable:
        """Return the response, or under ASGI an awaitable of it."""
        found = answer(request.method, request.path_info)
        if found is None:
            return self.get_response(request)  # type: ignore[no-any-return]
        return _later(found) if self.is_async else _response(found)


def _response(found: Answer) -> HttpResponse:
    return HttpResponse(found.body, status=found.status, headers=dict(found.headers))


async def _later(found: Answer) -> HttpResponse:
    return _response(found)
