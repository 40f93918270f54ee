"""Ask probes under a deadline, once at a time, and not again while the answer is fresh.

Whoever asks waits at most ``READY_BUDGET``, whatever hangs. Each probe has one lane, which is all its
state in this process: see :mod:`~django_prodready.health.lane`. Importing this starts no thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
from collections.abc import Iterable, Mapping

from django_prodready.conf import get_config
from django_prodready.health import history, repetition, transitions
from django_prodready.health.lane import Lane, Run
from django_prodready.health.outcome import HealthReport, Outcome, ProbeSpec

__all__ = ["collect", "collect_async", "forget", "last_known"]

# By the identity of the spec, which its lane keeps alive: a spec of another configuration is another
# probe, whatever its name.
_lanes: dict[int, Lane] = {}
# What a parent process opened must not be closed by its child, not even by the garbage collector.
_inherited: list[Lane] = []


def collect(specs: Mapping[str, ProbeSpec]) -> HealthReport:
    """Return what is fresh, and ask for the rest: each until its deadline, and none beyond READY_BUDGET.

    The report has an outcome for every spec, in their order.
    """
    asked_s = time.monotonic()
    outcomes, waits = _begin(specs, asked_s)
    for name, (lane, run, until_s) in waits.items():
        _wait(lane, run, until_s)
        outcomes[name] = lane.settle(run, asked_s)
    return _report(specs, outcomes, is_in_order=not waits)


async def collect_async(specs: Mapping[str, ProbeSpec]) -> HealthReport:
    """Do what :func:`collect` does without blocking the event loop.

    Cancelling it ends the wait and nothing else: the runs go on, and their outcomes are kept.
    """
    asked_s = time.monotonic()
    outcomes, waits = _begin(specs, asked_s)
    for name, (lane, run, until_s) in waits.items():
        await _wait_async(lane, run, until_s)
        outcomes[name] = lane.settle(run, asked_s)
    return _report(specs, outcomes, is_in_order=not waits)


def last_known(specs: Mapping[str, ProbeSpec], max_age_s: float | None = None) -> HealthReport:
    """Return the last outcomes without running anything; those older than ``max_age_s`` are left out."""
    now_s = time.monotonic()
    outcomes = {}
    for name, spec in specs.items():
        lane = _lanes.get(id(spec))
        outcome = None if lane is None else lane.outcome
        if outcome is not None and (max_age_s is None or now_s - outcome.finished_s <= max_age_s):
            outcomes[name] = outcome
    return HealthReport(specs=specs, outcomes=outcomes)


def forget(specs: Iterable[ProbeSpec] | None = None) -> None:
    """Begin anew: for ``specs`` that are configured no longer, or (between tests) for everything.

    A run that is stuck ends unheard, and holds up nobody who asks for the same name again.
    """
    if specs is None:
        before = _begin_anew()
        for lane in before:
            lane.forget()
        return
    for spec in specs:
        known = _lanes.pop(id(spec), None)
        if known is not None:
            known.forget()
        history.forget(spec.name)
        transitions.forget(spec.name)
    repetition.forget()


def _begin(
    specs: Mapping[str, ProbeSpec], asked_s: float
) -> tuple[dict[str, Outcome], dict[str, tuple[Lane, Run, float]]]:
    config = get_config()
    ttl_s = config.ready_ttl
    longest_s = min(config.ready_budget, threading.TIMEOUT_MAX)  # what a lock can wait at all
    outcomes = {}
    waits = {}
    for name, spec in specs.items():
        lane = _lanes.get(id(spec)) or _lanes.setdefault(id(spec), Lane(spec))
        outcome = lane.fresh(asked_s, ttl_s)
        if outcome is None:
            waits[name] = (lane, *lane.ask(asked_s, asked_s + min(spec.deadline_s, longest_s)))
        else:
            outcomes[name] = outcome
    return outcomes, waits


def _wait(lane: Lane, run: Run, until_s: float) -> None:
    remaining_s = until_s - time.monotonic()
    if remaining_s <= 0:
        return
    ended = threading.Event()
    if lane.wake_at_end(run, ended.set):
        try:
            ended.wait(remaining_s)
        finally:
            lane.stop_waking(run, ended.set)


async def _wait_async(lane: Lane, run: Run, until_s: float) -> None:
    remaining_s = until_s - time.monotonic()
    if remaining_s <= 0:
        return
    loop = asyncio.get_running_loop()
    ended = loop.create_future()

    def wake() -> None:
        with contextlib.suppress(RuntimeError):  # the loop was closed while the probe ran
            loop.call_soon_threadsafe(_resolve, ended)

    if lane.wake_at_end(run, wake):
        timer = loop.call_later(remaining_s, _resolve, ended)
        try:
            await ended
        finally:
            timer.cancel()
            lane.stop_waking(run, wake)


def _resolve(ended: asyncio.Future[None]) -> None:
    if not ended.done():
        ended.set_result(None)


def _report(
    specs: Mapping[str, ProbeSpec], outcomes: dict[str, Outcome], *, is_in_order: bool
) -> HealthReport:
    if not is_in_order:
        outcomes = {name: outcomes[name] for name in specs}
    return HealthReport(specs=specs, outcomes=outcomes)


def _begin_anew() -> list[Lane]:
    """Return the lanes of before. Takes no lock: a thread that no fork copies may hold any of them."""
    global _lanes
    before, _lanes = _lanes, {}
    repetition.forget()
    history.forget()
    transitions.forget()
    return list(before.values())


def _begin_anew_in_child() -> None:
    before = _begin_anew()
    for lane in before:
        lane.is_forgotten = True
    _inherited.extend(before)


if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no fork
    os.register_at_fork(after_in_child=_begin_anew_in_child)
