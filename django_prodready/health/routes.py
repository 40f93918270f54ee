"""Which path has which health endpoint. Every carrier asks here and nowhere else."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

from django_prodready.conf import get_config
from django_prodready.health.answer import Answer, json_answer
from django_prodready.health.liveness import liveness

Endpoint = Callable[[], Answer]


def answer(method: str | None, path_info: str) -> Answer | None:
    """Answer one request, or return None when ``path_info`` is no health endpoint.

    ``path_info`` is decoded and below the script's name, as in ``HttpRequest.path_info``.
    """
    endpoint = _routes(get_config().health_path).get(path_info)
    if endpoint is None:
        return None
    if method == "GET":
        return endpoint()
    if method == "HEAD":
        return endpoint().without_body()
    return json_answer(405, {"status": "method_not_allowed"}, ("Allow", "GET, HEAD"))


@functools.lru_cache(maxsize=1)
def _routes(health_path: str | None) -> Mapping[str, Endpoint]:
    return dict.fromkeys(both_spellings(health_path), liveness)


def both_spellings(path: str | None) -> tuple[str, ...]:
    """Return the paths that a configured one stands for: ``/health/`` and ``/health``; None has none.

    Load balancers follow no redirect from the one to the other.
    """
    return () if path is None else (f"/{path}", f"/{path.removesuffix('/')}")
