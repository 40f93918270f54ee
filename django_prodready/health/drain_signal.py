"""Hold SIGTERM back for DRAIN_SECONDS, then let the server's own handler have it.

Python runs signal handlers in the main thread, between two steps of whatever it does there; under gevent
inside the event loop. So the handler here logs nothing, waits for nothing and takes no lock.
"""

from __future__ import annotations

import _thread
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

from django_prodready.conf import get_config
from django_prodready.health.drain_server import Server, find_server

logger = logging.getLogger("django_prodready.health")

Deliver = Callable[[int, FrameType | None], Any]


@dataclass(slots=True)
class _State:
    """What this process knows of its own SIGTERM. A forked child begins anew."""

    began_s: float | None = None  # time.monotonic() of the SIGTERM that is held back
    is_over: bool = False  # the server has it now
    seen: object = None  # the handler that was judged last, ours or not
    is_installed: bool = False
    was_looked_at: bool = False  # in the main thread, during a request
    is_told: bool = False  # that there will be no draining


_state = _State()


def _begin_anew() -> None:
    global _state  # noqa: PLW0603 - state of the process, not of a caller
    _state = _State()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


class _Handler:
    """Our handler of SIGTERM, around the one that was there. Each keeps its own predecessor."""

    def __init__(self, deliver: Deliver, echo_s: float) -> None:
        self.deliver = deliver
        self.echo_s = echo_s
        self.pid = os.getpid()

    def __call__(self, signum: int, frame: FrameType | None) -> None:
        # A process that a worker forks inherits this handler, and has nothing to drain.
        if self.pid == os.getpid() and _hold_back(self.echo_s):
            return
        self.deliver(signum, frame)


def is_held_back() -> bool:
    """Return whether this process got SIGTERM and was to drain: it stays so until it ends."""
    return _state.began_s is not None


def install() -> None:
    """Put our handler around the server's, when this is the main thread of a server that has one."""
    if _is_main_thread() and hasattr(os, "fork"):
        _install()


def install_late() -> None:
    """Do the same during a request; where it cannot be done any more, say so once."""
    if _is_main_thread():
        _state.was_looked_at = True
        if signal.getsignal(signal.SIGTERM) is not _state.seen:
            install()
    elif not (_state.is_installed or _state.is_told):
        _tell_if_too_late()


def was_tried_while_serving() -> bool:
    """Return whether there is nothing left to try: it is done, or the server's main thread had its chance."""
    return _state.is_installed or _state.was_looked_at or _state.is_told


def _is_main_thread() -> bool:
    # gevent makes each greenlet of the main thread look like a thread. Linux tells the truth: there the
    # main thread has the number of its process.
    return threading.get_ident() == threading.main_thread().ident or threading.get_native_id() == os.getpid()


def _install() -> None:
    handler = signal.getsignal(signal.SIGTERM)
    if _state.is_installed and handler is _state.seen:
        return
    server = find_server(sys._getframe())
    # No callable: the server has not installed its own yet. The next request asks again.
    if server is not None and callable(handler):
        if server.loop_worker is None:
            _install_around(handler, server)
        else:
            _install_in_loop(server)
        # As gunicorn does: no library's call into the system is interrupted for a signal that can wait.
        signal.siginterrupt(signal.SIGTERM, False)
        _state.is_installed = True
    _state.seen = signal.getsignal(signal.SIGTERM)


def _install_around(handler: Deliver, server: Server) -> None:
    signal.signal(signal.SIGTERM, _Handler(handler, server.echo_s))


def _install_in_loop(server: Server) -> None:
    """Replace the event loop's handler: the loop hears of signals before any handler of `signal.signal`."""
    worker = server.loop_worker
    handler = _Handler(lambda *_: worker.handle_exit_signal(), server.echo_s)
    worker.loop.add_signal_handler(signal.SIGTERM, handler, signal.SIGTERM, None)


def _hold_back(echo_s: float) -> bool:
    """Return whether the server must not see this SIGTERM yet."""
    if _state.is_over:
        return False
    if _state.began_s is not None:
        if time.monotonic() - _state.began_s < echo_s:
            return True
        _state.is_over = True
        return False
    seconds = get_config().drain_seconds
    return seconds > 0 and _begin(seconds)


def _begin(seconds: float) -> bool:
    _state.began_s = time.monotonic()
    try:
        # Thread.start() waits until the new thread runs. This one delays no exit either.
        _thread.start_new_thread(_wait, (_state, seconds))
    except RuntimeError:  # no thread to be had: better to stop now than never
        _state.is_over = True
        return False
    return True


def _wait(state: _State, seconds: float) -> None:
    logger.info("Draining for %g s: not ready, and still serving.", seconds)
    time.sleep(seconds)
    if not state.is_over:
        state.is_over = True
        os.kill(os.getpid(), signal.SIGTERM)  # wakes the main thread wherever it waits


def _tell_if_too_late() -> None:
    _state.is_told = True
    main = sys._current_frames().get(threading.main_thread().ident or 0)
    if find_server(sys._getframe()) or find_server(main):
        logger.warning(
            "SIGTERM will not drain this process: the application was loaded before the server's handler was "
            "there, and requests are not served in the main thread. Under gunicorn use post_worker_init of "
            "django_prodready.gunicorn; elsewhere put HealthMiddleware first in MIDDLEWARE."
        )
