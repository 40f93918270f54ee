"""Draining: a process that is about to stop says so on ``/ready/`` and serves on meanwhile.

With ``PRODREADY["DRAIN_SECONDS"]`` above 0, a process that gets SIGTERM is draining for that long, and
only then does the server see the signal and stop as it would have. A second SIGTERM skips the wait;
SIGINT and SIGQUIT are not touched.

====================================  ====================================================================
server                                what it takes
====================================  ====================================================================
gunicorn sync, gthread, gevent        nothing; with ``preload_app`` (and threads or greenlets)
                                      ``post_worker_init`` of ``django_prodready.gunicorn``
gunicorn with uvicorn-worker or asgi  nothing
uvicorn, also with ``--workers``      nothing
hypercorn, daphne, granian, uWSGI     they own SIGTERM: ``PRODREADY["DRAIN_FILE"]``, written before SIGTERM
Windows                               there is no SIGTERM to hold back: ``PRODREADY["DRAIN_FILE"]``
====================================  ====================================================================

What else there is to know:

- The window must be longer than the balancer takes to notice (its period times its threshold), and fit
  into what platform and server grant: DRAIN_SECONDS plus the longest request below gunicorn's
  ``graceful_timeout`` (30 s, then it kills) and below the pod's grace period.
- A master of gunicorn or uvicorn hands SIGTERM on once. The second one, which skips the wait, goes to the
  worker; SIGINT or SIGQUIT to gunicorn's master end it at once. A signal to the whole process group
  (systemd's default) reaches a worker twice and counts once.
- The master of gunicorn removes a unix socket's path as soon as it stops, so that new connections fail
  while the workers drain. Drain a server behind a unix socket with DRAIN_FILE, or bind it to a port.
- Workers that a master replaces (SIGHUP, SIGTTOU) get SIGTERM too, and say 503 on ``/ready/`` while they
  drain beside their successors; gunicorn repeats the signal every second, which ends that soon.
- Development servers, Celery, management commands and tests have no such server: nothing changes there.
"""

from __future__ import annotations

import logging
import stat
from pathlib import Path

from asgiref.sync import async_to_sync

from django_prodready.conf import get_config
from django_prodready.health import drain_signal

logger = logging.getLogger("django_prodready.health")

_trouble: str | None = None  # why DRAIN_FILE could not be looked at the last time; so that it is said once


def is_draining() -> bool:
    """Return whether this process is about to stop, or DRAIN_FILE is there (one ``stat``)."""
    if drain_signal.is_held_back():
        return True
    path = get_config().drain_file
    return path is not None and _is_present(path)


def on_load() -> None:
    """Take over SIGTERM if a server has its handler in place already. For carriers while they are made."""
    if get_config().drain_seconds:
        drain_signal.install()


def on_request() -> None:
    """Take over SIGTERM if that could not be done before, or was undone. For carriers, in any thread."""
    if get_config().drain_seconds:
        drain_signal.install_late()


def on_request_in_thread() -> None:
    """Do the same for a request of ASGI that Django handles in a thread of its own.

    The event loop that waits for that thread is in the main thread, as a rule.
    """
    if _is_due():
        async_to_sync(_look_in_event_loop)()
    else:
        on_request()


async def _look_in_event_loop() -> None:
    on_request()


def _is_due() -> bool:
    return bool(get_config().drain_seconds) and not drain_signal.was_tried_while_serving()


def _is_present(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        _tell(None)
        return False
    except (OSError, ValueError) as error:
        # Unknown is not "draining": that would take every process out of service at once.
        _tell(f"cannot be read ({type(error).__name__})")
        return False
    if stat.S_ISDIR(mode):
        _tell("is a directory, and has to be a file")
        return False
    _tell(None)
    return True


def _tell(trouble: str | None) -> None:
    global _trouble  # noqa: PLW0603 - one process, one file
    if trouble is not None and trouble != _trouble:
        logger.warning("PRODREADY['DRAIN_FILE'] %s. It is taken as absent.", trouble)
    _trouble = trouble
