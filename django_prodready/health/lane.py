"""One probe's lane: its only thread, the run that is under way, and what is known.

A thread of ``concurrent.futures`` is joined when the interpreter exits, so one stuck probe would keep
the process; these are daemon threads, begun for a run and ended after it.
"""

from __future__ import annotations

import contextlib
import contextvars
import inspect
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.core.cache import caches
from django.db import connections

from django_prodready.conf import get_config
from django_prodready.health import history, repetition, transitions
from django_prodready.health.outcome import Outcome, ProbeSpec, Status
from django_prodready.health.probe import Degraded, Probe, Skipped

PATIENCE_S = 0.015  # how long an answer waits for a component that kept the last one waiting in vain
BURST_S = 0.25  # how long a thread and its connection may outlive a run, when READY_TTL is shorter than this
DEADLINE_EXCEEDED = "DeadlineExceeded"


class Run:
    """One run of a probe, asked for and not yet ended, or ended with ``outcome``."""

    __slots__ = ("asked_s", "due_s", "outcome", "wakers")

    def __init__(self, asked_s: float, due_s: float) -> None:
        self.asked_s = asked_s
        self.due_s = due_s
        self.outcome: Outcome | None = None
        # Called once, in the probe's thread; they do not raise. None when they have been called.
        self.wakers: list[Callable[[], object]] | None = []


class Lane:
    """All state of one probe in this process. ``outcome`` is what is known of it last."""

    __slots__ = (
        "_asked",
        "_has_thread",
        "_lock",
        "_run",
        "_untold",
        "is_forgotten",
        "is_impatient",
        "outcome",
        "spec",
    )

    def __init__(self, spec: ProbeSpec) -> None:
        self.spec = spec
        self.outcome: Outcome | None = None
        self.is_impatient = False  # whether the last run kept an answer waiting in vain
        self.is_forgotten = False
        self._run: Run | None = None
        self._has_thread = False
        self._asked = threading.Event()  # wakes a thread that waits for the next run of a burst
        self._untold: Outcome | None = None  # ended late: told when an answer shows it
        self._lock = threading.Lock()

    def fresh(self, now_s: float, ttl_s: float) -> Outcome | None:
        """Return what is known if it is younger than ``ttl_s``. Takes no lock."""
        outcome = self.outcome
        if outcome is None or now_s - outcome.finished_s >= ttl_s:
            return None
        if self._untold is not None:
            self._tell_late()
        return outcome

    def ask(self, asked_s: float, due_s: float) -> tuple[Run, float]:
        """Join the run under way or begin one, and say until when it is worth waiting for."""
        with self._lock:
            run = self._run
            needs_thread = False
            if run is None and self.outcome is not None and self.outcome.finished_s >= asked_s:
                run = Run(asked_s, asked_s)  # one ended since this answer began: as good as joining it
                run.outcome, run.wakers = self.outcome, None
            elif run is None:
                run = self._run = Run(asked_s, due_s)
                needs_thread = not self._has_thread
                self._has_thread = True
                self._asked.set()
            until_s = min(run.due_s, asked_s + PATIENCE_S) if self.is_impatient else run.due_s
        if needs_thread:
            self._start_thread()
        return run, until_s

    def wake_at_end(self, run: Run, waker: Callable[[], object]) -> bool:
        """Have ``waker`` called when ``run`` has ended and that is told; False when it is."""
        with self._lock:
            if run.wakers is None:
                return False
            run.wakers.append(waker)
            return True

    def stop_waking(self, run: Run, waker: Callable[[], object]) -> None:
        """Forget a waiter that waits no longer."""
        with self._lock:
            if run.wakers is not None and waker in run.wakers:
                run.wakers.remove(waker)

    def settle(self, run: Run, asked_s: float) -> Outcome:
        """Return the outcome of ``run``, or after waiting in vain what is to be said instead."""
        with self._lock:
            if run.outcome is not None:
                return run.outcome
            now_s = time.monotonic()
            is_late = now_s >= run.due_s
            self.is_impatient = True
            known = self.outcome
            if known is not None and (
                known.finished_s >= asked_s or (not is_late and known.status is Status.DOWN)
            ):
                return known
            outcome = _outcome(Status.DOWN, DEADLINE_EXCEEDED, None, run.asked_s)
            turn = self._know(outcome)
        if turn is not None:
            turn.tell()
        return outcome

    def forget(self) -> None:
        """Let whatever still runs here end unheard."""
        self.is_forgotten = True
        self._asked.set()

    def _start_thread(self) -> None:
        thread = threading.Thread(
            target=contextvars.Context().run,
            args=(self._live,),
            name=f"prodready-{self.spec.name}",
            daemon=True,
        )
        try:
            thread.start()
        except Exception as error:  # noqa: BLE001 - no memory or no thread left, or the interpreter is ending
            self._lose_thread(error)

    def _live(self) -> None:
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 - whatever ends this thread, nobody may wait for it
            self._lose_thread(error)

    def _work(self) -> None:
        run = self._next_run()
        while run is not None:
            outcome = self._ask_probe()
            self._end(run, outcome)
            # What is down begins the next run afresh: a broken connection would fail for ever.
            if outcome.status is Status.DOWN or not self._is_asked_again_soon():
                self._close()
            run = self._next_run()

    def _next_run(self) -> Run | None:
        """Return the run that was asked for meanwhile; on None this thread must end."""
        with self._lock:
            self._has_thread = self._run is not None
            return self._run

    def _is_asked_again_soon(self) -> bool:
        is_burst = get_config().ready_ttl < BURST_S and not self.is_forgotten
        return is_burst and self._asked.wait(BURST_S) and not self.is_forgotten

    def _ask_probe(self) -> Outcome:
        started_s = time.monotonic()
        try:
            _run(self.spec.probe)
        except Degraded as error:
            return _outcome(Status.DEGRADED, _class_name(error), _text(error), started_s)
        except Skipped as error:
            return _outcome(Status.SKIPPED, _class_name(error), _text(error), started_s)
        except BaseException as error:  # noqa: BLE001 - SystemExit too is an answer: it did not work
            return _outcome(Status.DOWN, _class_name(error), _text(error), started_s)
        return _outcome(Status.OK, None, None, started_s)

    def _end(self, run: Run, outcome: Outcome) -> None:
        is_late = outcome.finished_s > run.due_s
        # What works, however late, is worth waiting for again: it may take 30 ms at its best.
        is_slow = is_late or outcome.duration_s > PATIENCE_S
        with self._lock:
            self.is_impatient = is_slow and outcome.status is Status.DOWN
            run.outcome = outcome
            self._run = None
            self._asked.clear()
            turn = self._know(outcome, is_late=is_late)
        if turn is not None:
            turn.tell()  # before the answer that shows it, so that a log reads in the order of what happened
        with self._lock:
            wakers, run.wakers = run.wakers, None
        for wake in wakers or ():
            wake()

    def _know(self, outcome: Outcome, *, is_late: bool = False) -> transitions.Turn | None:
        """Keep ``outcome``; the lock is held. Return what is to be told once it is not."""
        # A component that is slow for an hour answers each time, each time too late: to log that as a
        # recovery would contradict every answer. It has recovered when an answer says so. Who reads the
        # outcome takes no lock, so what is to be told of it stands there before it.
        self._untold = outcome if is_late and not self.is_forgotten else None
        self.outcome = outcome
        repetition.forget()
        if self.is_forgotten:
            return None
        history.record(self.spec.name, outcome)
        return None if is_late else transitions.turn(self.spec.name, outcome)

    def _tell_late(self) -> None:
        with self._lock:
            outcome, self._untold = self._untold, None
            turn = None if outcome is None else transitions.turn(self.spec.name, outcome)
        if turn is not None:
            turn.tell()

    def _lose_thread(self, error: BaseException) -> None:
        with self._lock:
            self._has_thread = False
            run = self._run
        if run is not None:
            self._end(run, _outcome(Status.DOWN, _class_name(error), _text(error), run.asked_s))

    def _close(self) -> None:
        with contextlib.suppress(BaseException):
            self.spec.probe.close()
        _close_django_connections()


def _run(probe: Probe) -> None:
    said: object = probe.run()  # type: ignore[func-returns-value]
    if inspect.isawaitable(said):
        raise TypeError("run() returned an awaitable: it did nothing, for nobody awaits it.")


def _close_django_connections() -> None:
    """Close what a probe opened through Django: it closes only what the threads of requests open."""
    for opened in (connections, caches):
        with contextlib.suppress(BaseException):
            for connection in opened.all(initialized_only=True):
                connection.close()


def _outcome(status: Status, error: str | None, detail: str | None, started_s: float) -> Outcome:
    now_s = time.monotonic()
    return Outcome(
        status=status,
        error=error,
        detail=detail,
        duration_s=now_s - started_s,
        finished_s=now_s,
        at=datetime.now(UTC),
    )


def _class_name(error: BaseException) -> str:
    return type(error).__name__


def _text(error: BaseException) -> str | None:
    try:
        return str(error) or None
    except BaseException:  # noqa: BLE001 - a foreign __str__ may do anything
        return None
