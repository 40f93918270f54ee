"""Which server runs this process, as far as SIGTERM is concerned: told by who called us.

The stack of the main thread is the only thing that tells a worker from its master, from a test and from a
management command alike: all of them may have imported the same modules.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import FrameType
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server whose SIGTERM may be held back."""

    # For how long the same SIGTERM may arrive again. A signal to the whole process group or control group
    # (systemd's KillMode=control-group, a shell, a supervisor) reaches a worker directly, and then once
    # more from its parent. 0 where no parent hands signals on.
    echo_s: float
    # gunicorn's own ASGI worker: it has its signals from its event loop, where `signal.signal` is too late.
    loop_worker: Any = None


GUNICORN_ECHO_S = 0.5  # its master wakes up for signals; this is for a busy machine
UVICORN_ECHO_S = 1.0  # its parent looks for signals every 0.5 s


def find_server(frame: FrameType | None) -> Server | None:
    """Return the server among the callers of ``frame``, innermost first; None when there is none."""
    found = None
    while frame is not None:
        module = frame.f_globals.get("__name__") or ""
        if ".management.commands.runserver" in module:
            return None  # a development server, whatever it runs on
        if module.startswith("gunicorn.workers."):
            return _gunicorn_worker(frame)
        if module == "uvicorn.server" and found is None:
            found = _uvicorn(frame)
            if found is None:
                return None
        if module == "uvicorn._subprocess":
            found = Server(echo_s=UVICORN_ECHO_S)
        frame = frame.f_back
    return found


def _gunicorn_worker(frame: FrameType) -> Server:
    worker = frame.f_locals.get("self")
    takes_signals_from_loop = hasattr(worker, "handle_exit_signal")
    return Server(echo_s=GUNICORN_ECHO_S, loop_worker=worker if takes_signals_from_loop else None)


def _uvicorn(frame: FrameType) -> Server | None:
    """Return the server, or None for one that a reloader restarts at every change of the code."""
    config = getattr(frame.f_locals.get("self"), "config", None)
    return None if getattr(config, "should_reload", False) else Server(echo_s=0)
