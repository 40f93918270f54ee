"""Between Django's requests and responses and those of the health endpoints."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from django_prodready.health.answer import Answer
from django_prodready.health.request import HealthRequest


def health_request(request: HttpRequest) -> HealthRequest:
    """Return what the health endpoints look at of a request of Django."""
    return HealthRequest(
        method=request.method or "",
        path_info=request.path_info,
        query=request.META.get("QUERY_STRING", ""),
        header=functools.partial(wsgi_header, request.META),
    )


def http_response(answer: Answer) -> HttpResponse:
    """Return the response of Django that says ``answer``."""
    response = HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers))
    # Django logs every 4xx and 5xx to django.request, and mails each 5xx to ADMINS, unless this says that
    # it did so already. A probe that fails asks again in seconds; its turn is logged once, by the runner.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def wsgi_header(environ: Mapping[str, Any], name: str) -> str | None:
    """Return a header of a WSGI environment, which Django's META is too."""
    value: str | None = environ.get(_key(name))
    return value


@functools.lru_cache(maxsize=16)
def _key(name: str) -> str:
    return f"HTTP_{name.upper().replace('-', '_')}"
