"""What each health endpoint answers. Every carrier asks here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django_prodready.conf import get_config
from django_prodready.health import repetition
from django_prodready.health.answer import Answer, Refusal, make_answer, refusal
from django_prodready.health.asked import Asked, Pending, read
from django_prodready.health.liveness import MAX_AGE_S, liveness
from django_prodready.health.negotiation import Format
from django_prodready.health.paths import both_spellings, find
from django_prodready.health.probe_set import get_probe_set
from django_prodready.health.readiness import readiness
from django_prodready.health.renderers import renderer_of
from django_prodready.health.request import HealthRequest
from django_prodready.health.startup_endpoint import startup
from django_prodready.health.statement import Endpoint, Statement
from django_prodready.health.version import current_version

__all__ = ["both_spellings", "find", "prepare", "respond", "respond_async"]

_ENDPOINTS: Mapping[Endpoint, Callable[[Asked], Statement | Pending[Any]]] = {
    Endpoint.HEALTH: liveness,
    Endpoint.READY: readiness,
    Endpoint.STARTUP: startup,
}


def prepare() -> None:
    """Find out while the server starts what the first answer would have to wait for: packages and imports."""
    current_version()
    get_probe_set()


def respond(endpoint: Endpoint, request: HealthRequest) -> Answer:
    """Answer, in this thread. It waits for probes as long as ``READY_BUDGET`` allows, no longer."""
    known = repetition.ready_made(endpoint, request)
    if known is not None:
        return known
    shelf = repetition.shelf()
    try:
        asked, said = _begin(endpoint, request)
        if isinstance(said, Pending):
            said = said.conclude(said.find_out())
    except Refusal as refused:
        return _sent(request, refused.answer)
    return _sent(request, _kept(shelf, request, said, _rendered(asked, said)))


async def respond_async(endpoint: Endpoint, request: HealthRequest) -> Answer:
    """Answer as :func:`respond` does, without blocking the event loop."""
    known = repetition.ready_made(endpoint, request)
    if known is not None:
        return known
    shelf = repetition.shelf()
    try:
        asked, said = _begin(endpoint, request)
        if isinstance(said, Pending):
            said = said.conclude(await said.find_out_async())
    except Refusal as refused:
        return _sent(request, refused.answer)
    return _sent(request, _kept(shelf, request, said, _rendered(asked, said)))


def _begin(endpoint: Endpoint, request: HealthRequest) -> tuple[Asked, Statement | Pending[Any]]:
    if request.method not in ("GET", "HEAD"):
        raise refusal(405, {"status": "method_not_allowed"}, ("Allow", "GET, HEAD"))
    asked = read(endpoint, request)
    return asked, _ENDPOINTS[endpoint](asked)


def _rendered(asked: Asked, statement: Statement) -> Answer:
    renderer = renderer_of(asked.format)
    # A scrape that fails tells a monitoring system nothing: metrics are 200, and say it in their values.
    status = 200 if asked.format is Format.OPENMETRICS else statement.http_status
    vary = [("Vary", ", ".join(asked.varies))] if asked.varies else []
    return make_answer(
        status, renderer.CONTENT_TYPE, renderer.render(statement), *renderer.EXTRA_HEADERS, *vary
    )


def _kept(shelf: repetition.Shelf, request: HealthRequest, statement: Statement, answer: Answer) -> Answer:
    if statement.endpoint is Endpoint.HEALTH:
        repetition.keep(shelf, request, statement, answer, MAX_AGE_S)
    elif statement.endpoint is Endpoint.READY:
        repetition.keep(shelf, request, statement, answer, get_config().ready_ttl)
    return answer


def _sent(request: HealthRequest, answer: Answer) -> Answer:
    return answer.without_body() if request.method == "HEAD" else answer
