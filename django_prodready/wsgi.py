"""The health endpoints around a WSGI application.

In ``wsgi.py``: ``application = with_health(get_wsgi_application())``. They answer before Django makes a
request, so no middleware is in their way, and nothing is faster.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from http.client import responses
from typing import TYPE_CHECKING

from django.core.handlers.wsgi import get_path_info

from django_prodready.health import drain
from django_prodready.health.answer import Answer
from django_prodready.health.request import HealthRequest
from django_prodready.health.responses import wsgi_header
from django_prodready.health.routes import find, prepare, respond
from django_prodready.middleware.arrival import is_refused, refusal

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["with_health"]


def with_health(application: WSGIApplication) -> WSGIApplication:
    """Return an application that answers the health paths, and hands all else to ``application``."""
    prepare()
    drain.on_load()

    def healthy(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        drain.on_request()
        path_info = environ.get("PATH_INFO", "")
        if not path_info.isascii():
            path_info = get_path_info(environ)  # decoded as Django does
        endpoint = find(path_info)
        if endpoint is None:
            return application(environ, start_response)
        method = environ["REQUEST_METHOD"].upper()
        if is_refused(environ, method, path_info):
            answer = refusal(method)
        else:
            answer = respond(endpoint, _request(environ, path_info))
        start_response(_status_line(answer), list(answer.headers))
        return [answer.body]

    return healthy


def _request(environ: WSGIEnvironment, path_info: str) -> HealthRequest:
    return HealthRequest(
        method=environ["REQUEST_METHOD"].upper(),
        path_info=path_info,
        query=environ.get("QUERY_STRING", ""),
        header=functools.partial(wsgi_header, environ),
    )


def _status_line(answer: Answer) -> str:
    return f"{answer.status} {responses[answer.status]}"
