"""Configuration of gunicorn: ``gunicorn -c python:django_prodready.gunicorn project.wsgi``.

From a ``gunicorn.conf.py`` of your own: ``from django_prodready.gunicorn import post_worker_init``.

The master imports this module too, so that nothing here may import Django before a worker runs.
"""

from __future__ import annotations

from typing import Any, Protocol


class GunicornWorker(Protocol):
    """What is used here of ``gunicorn.workers.base.Worker``."""

    cfg: Any


def post_worker_init(worker: GunicornWorker) -> None:
    """Let SIGTERM drain this worker, if ``PRODREADY["DRAIN_SECONDS"]`` says so."""
    from django.conf import settings

    from django_prodready.conf import get_config
    from django_prodready.health import drain

    if not settings.configured:  # under --reload, a worker runs on when the application cannot be loaded
        return
    drain.on_load()
    drain_seconds, grace_s = get_config().drain_seconds, worker.cfg.graceful_timeout
    if drain_seconds and grace_s <= drain_seconds:
        drain.logger.warning(
            "gunicorn kills its workers after graceful_timeout (%g s), before DRAIN_SECONDS (%g s) are over. "
            "Raise graceful_timeout above it, by the longest request at least.",
            grace_s,
            drain_seconds,
        )
