"""Divides what is to be traced between two processes, each with a scratch database of its own.

A trace waits for its server half of the time, and the server for it. The second process applies the first
one's migrations without judging them, so it costs less to divide than it saves only where there are many.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from django_prodready.migration_safety.model import Key
from django_prodready.migration_safety.plan import Plan

__all__ = ["shares_of"]

_WORTH_IT = 48  # migrations to judge
_JUDGING = 4  # times as dear as applying, measured on a history of small models


def shares_of(plan: Plan) -> tuple[Sequence[Key], ...]:
    """Return which migrations each process judges, in order: all of them, or two parts that take as long.

    Where what is deployed stands in front of all that is judged, one process judges all.
    """
    keys = [step.key for step in plan.judged]
    if not plan.each_deployed or len(keys) < _WORTH_IT or _usable_processors() < 2:
        return (keys,)
    first = round(len(keys) * _JUDGING / (2 * _JUDGING - 1))
    return keys[:first], keys[first:]


def _usable_processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS
        return os.cpu_count() or 1
