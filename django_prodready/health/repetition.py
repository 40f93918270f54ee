"""The plain question, asked again while nothing has changed, has the same answer: it is kept ready-made.

Plain is a GET without a query that takes JSON, where no token is asked for: what platforms ask every few
seconds. Its answer depends on the configuration and on what is known of the probes, and on nothing else.
"""

from __future__ import annotations

import math
import time
from typing import NamedTuple

from django_prodready.conf import Config, get_config
from django_prodready.health import drain
from django_prodready.health.answer import Answer
from django_prodready.health.request import HealthRequest
from django_prodready.health.statement import Endpoint, Statement


class _Kept(NamedTuple):
    """An answer, and how long it is one."""

    config: Config
    until_s: float  # time.monotonic()
    answer: Answer


Shelf = dict[Endpoint, _Kept]
_shelf: Shelf = {}


def forget() -> None:
    """Let go of every answer: something else is known of a probe now."""
    global _shelf  # noqa: PLW0603 - replaced, so that what was found out before goes on a shelf nobody looks at
    _shelf = {}


def shelf() -> Shelf:
    """Return where :func:`keep` may put an answer that is worked out from now on."""
    return _shelf


def ready_made(endpoint: Endpoint, request: HealthRequest) -> Answer | None:
    """Return the answer to a plain question, if it is known."""
    kept = _shelf.get(endpoint)
    if kept is None or kept.config is not get_config() or not _is_plain(request):
        return None
    is_over = time.monotonic() >= kept.until_s or (endpoint is Endpoint.READY and drain.is_draining())
    return None if is_over else kept.answer


def keep(place: Shelf, request: HealthRequest, statement: Statement, answer: Answer, lasts_s: float) -> None:
    """Keep the answer to a plain question on ``place`` until the first outcome is ``lasts_s`` old."""
    config = get_config()
    if config.health_tokens or statement.reason is not None or not _is_plain(request):
        return
    outcomes = statement.report.outcomes.values() if statement.report is not None else ()
    oldest_s = min((outcome.finished_s for outcome in outcomes), default=math.inf)
    place[statement.endpoint] = _Kept(config, oldest_s + lasts_s, answer)


def _is_plain(request: HealthRequest) -> bool:
    return request.method == "GET" and not request.query and request.header("Accept") in (None, "", "*/*")
