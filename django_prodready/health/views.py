"""The health endpoints as views, for projects that want them in their URLconf.

They run behind the whole of ``MIDDLEWARE``: what it refuses or redirects never comes here. Prefer
:class:`~django_prodready.middleware.HealthMiddleware`.

The views are synchronous. Under ASGI Django runs such a view in a thread of the request's own, so the
event loop goes on; an ``async def`` view would cost WSGI, where most run it, an event loop per request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.core.handlers.asgi import ASGIRequest
from django.db.transaction import non_atomic_requests
from django.views.decorators.csrf import csrf_exempt

from django_prodready.health import drain
from django_prodready.health.responses import health_request, http_response
from django_prodready.health.routes import respond
from django_prodready.health.statement import Endpoint

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def _open_to_probes(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Keep transactions, logins and tokens of forms away from a view.

    ATOMIC_REQUESTS would open a transaction first, and so ask the database before any deadline counts.
    """
    return non_atomic_requests(login_not_required(csrf_exempt(view)))


@_open_to_probes
def health(request: HttpRequest) -> HttpResponse:
    """Answer as ``HEALTH_PATH`` does."""
    return _answered(Endpoint.HEALTH, request)


@_open_to_probes
def ready(request: HttpRequest) -> HttpResponse:
    """Answer as ``READY_PATH`` does."""
    return _answered(Endpoint.READY, request)


@_open_to_probes
def startup(request: HttpRequest) -> HttpResponse:
    """Answer as ``STARTUP_PATH`` does."""
    return _answered(Endpoint.STARTUP, request)


def _answered(endpoint: Endpoint, request: HttpRequest) -> HttpResponse:
    if isinstance(request, ASGIRequest):
        drain.on_request_in_thread()
    else:
        drain.on_request()
    response = http_response(respond(endpoint, health_request(request)))
    # Before Django 6.1 UpdateCacheMiddleware keeps what says "no-store", unless the request says this.
    request._cache_update_cache = False  # type: ignore[attr-defined]
    return response
