"""Run a piece of the user's project with network, databases, mail, subprocesses and its output out of reach.

What the piece attempts is refused and noted in words (see :mod:`~django_prodready.audit.facts.guards`);
what it writes to files goes to memory (see :mod:`~django_prodready.audit.facts.guards_files`).
The piece runs in a thread of its own, so it starts like a new worker: no open connection, no active
language, URLconf or time zone. Functions are replaced for the whole process, one piece at a time, and
put back afterwards.

Out of our hands: what a C extension does without its Python entry points, what is written to a file that
was opened before or by an import, and what a background thread of the project (a metrics exporter) sends
later from a queue.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
import time
import warnings
from concurrent.futures import thread as pools
from typing import TYPE_CHECKING, Any, Generic, TextIO, TypeVar

from django.core import signals

from django_prodready.audit.facts.guards import State, Watch, block, replaced
from django_prodready.audit.facts.guards_files import keep_files

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

# For threads that the piece started to write or send one thing: they get to it while it is out of reach.
_GRACE_S = 0.05


class StillRunning(Exception):  # noqa: N818 - the piece may yet end
    """The piece did not end in time. It stays blocked for as long as it runs."""


def run(piece: Callable[[], T], *, limit_s: float) -> tuple[T, tuple[str, ...]]:
    """Run ``piece`` confined; return its value and what was attempted and refused, in words.

    Raises what ``piece`` raises, and :class:`StillRunning` after ``limit_s``.
    """
    with State.lock, contextlib.ExitStack() as guards, contextlib.ExitStack() as quiet:
        watch = Watch()
        before = frozenset(threading.enumerate())
        worker = _Worker(piece)
        _silence(quiet)
        block(guards)
        keep_files(guards)
        quiet.callback(setattr, State, "current", None)
        State.current = watch
        worker.start()
        try:
            worker.join(limit_s)
            if worker.done:
                _wait_for(before)
        finally:
            if not worker.done:
                # Dropping the stack would put everything back: its generators end when they are collected.
                State.kept.append(guards.pop_all())
                worker.abandon(watch)
    return worker.result(limit_s), tuple(watch.attempts)


def _wait_for(before: frozenset[threading.Thread]) -> None:
    """Wait a moment for the threads that are not among ``before``."""
    until_s = time.monotonic() + _GRACE_S
    # Those of a pool, which asgiref has for an event loop, live on with nothing to do.
    pooled = frozenset(getattr(pools, "_threads_queues", ()))
    # Another part of the process may be starting one, which cannot be joined yet.
    for thread in filter(threading.Thread.is_alive, frozenset(threading.enumerate()) - before - pooled):
        thread.join(max(0.0, until_s - time.monotonic()))


class _Worker(threading.Thread, Generic[T]):
    """Daemonic: a piece that never ends must not keep the process from ending."""

    def __init__(self, piece: Callable[[], T]) -> None:
        super().__init__(name="prodcheck sandbox", daemon=True)
        self._piece = piece
        self._values: list[T] = []
        self._error: BaseException | None = None
        self.done = False

    def run(self) -> None:
        try:
            self._values.append(self._piece())
        except BaseException as error:  # noqa: BLE001 - raised again by result()
            self._error = error
        finally:
            self.done = True
            State.stuck.pop(threading.get_ident(), None)

    def abandon(self, watch: Watch) -> None:
        """Keep this thread, alone, refused until it ends."""
        ident = self.ident or 0
        State.stuck[ident] = watch
        if self.done:  # it ended in between, and looked before it was listed
            State.stuck.pop(ident, None)

    def result(self, limit_s: float) -> T:
        """The piece's value, or its error."""
        if self._error is not None:
            raise self._error
        if not self._values:
            raise StillRunning(f"it did not end within {limit_s:g} s")
        return self._values[0]


def _silence(stack: contextlib.ExitStack) -> None:
    """Keep logs, warnings, prints and Django's signals from being seen."""
    stack.callback(logging.disable, logging.root.manager.disable)
    logging.disable(sys.maxsize)
    stack.enter_context(warnings.catch_warnings())
    warnings.simplefilter("ignore")
    others = frozenset(thread.ident for thread in threading.enumerate())
    for name in ("stdout", "stderr"):
        stack.enter_context(replaced(sys, name, _Muted(getattr(sys, name), others)))
    # Receivers close database connections, and report to services such as Sentry.
    for signal in (signals.request_started, signals.request_finished, signals.got_request_exception):
        for name in ("send", "send_robust"):
            stack.enter_context(replaced(signal, name, _no_receivers))


class _Muted:
    """A stream that swallows what threads write that are not among ``others``."""

    def __init__(self, stream: TextIO, others: frozenset[int | None]) -> None:
        self._stream = stream
        self._others = others

    def write(self, text: str) -> int:
        return self._stream.write(text) if threading.get_ident() in self._others else len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _no_receivers(*_args: object, **_named: object) -> list[Any]:
    return []
