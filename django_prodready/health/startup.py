"""Has this process begun its work? It has once all migrations are applied that its code needs.

They are asked of the database "default": Django records every migration on each database that it migrates,
whatever routers leave out there, and a second database may be somebody else's, or a replica. Another one that
must be up to date can be had in readiness, as a probe ``MigrationsProbe`` with its alias.
"""

from __future__ import annotations

import os
import threading

from django.core.signals import setting_changed

from django_prodready.health import runner
from django_prodready.health.lane import DEADLINE_EXCEEDED
from django_prodready.health.outcome import HealthReport, ProbeSpec, Status

__all__ = ["forget", "startup_problem", "startup_problem_async"]

# What the log calls it. No probe of PROBES may have a space in its name, so none can share its turns.
NAME = "startup migrations"

_SETTINGS = ("DATABASES", "INSTALLED_APPS", "MIGRATION_MODULES")
_lock = threading.Lock()
_spec: ProbeSpec | None = None
_has_started = False  # true for a forked child too: it has its parent's code


def startup_problem() -> str | None:
    """Return a sentence that says why this process has not begun its work; None once it has, for good.

    Waits until the deadline of a probe at most. The sentence holds no name, and nothing of an error's text.
    """
    if _has_started:
        return None
    return _conclude(runner.collect(_specs()))


async def startup_problem_async() -> str | None:
    """Do what :func:`startup_problem` does without blocking the event loop."""
    if _has_started:
        return None
    return _conclude(await runner.collect_async(_specs()))


def forget() -> None:
    """Begin anew, as a process that has not started: between tests."""
    global _has_started, _spec  # noqa: PLW0603 - the state of the process
    with _lock:
        _has_started = False
        before, _spec = _spec, None
    if before is not None:
        runner.forget([before])


def _specs() -> dict[str, ProbeSpec]:
    """Return the probe, made when it is first needed. It is in no set of probes."""
    global _spec  # noqa: PLW0603 - the state of the process
    with _lock:
        if _spec is None:
            _spec = _make_spec()
        return {NAME: _spec}


def _make_spec() -> ProbeSpec:
    # It imports much, for a question that a process is asked only until it has started.
    from django_prodready.health.probes.migrations import MigrationsProbe

    setting_changed.connect(_forget, dispatch_uid="django_prodready.health.startup")
    return ProbeSpec(
        name=NAME, probe=MigrationsProbe(), critical=True, deadline_s=MigrationsProbe.deadline_s, groups=()
    )


def _conclude(report: HealthReport) -> str | None:
    global _has_started  # noqa: PLW0603 - the state of the process
    outcome = report.outcomes[NAME]
    if outcome.status is not Status.DOWN:  # skipped: there is no database
        _has_started = True
        return None
    match outcome.error:
        case "UnappliedMigrationsError":
            return f"{(outcome.detail or '').partition(':')[0]}."
        case "UnreadableMigrationsError":
            return "The migrations of this code cannot be loaded."
        case error if error == DEADLINE_EXCEEDED:
            return "It is not known yet whether all migrations are applied."
    return "The database cannot be asked yet."


def _forget(*, setting: str, **_: object) -> None:
    if setting in _SETTINGS:
        forget()


def _begin_anew_in_child() -> None:
    """Make a probe of its own for a child: the parent's may hold a connection that both would use."""
    global _lock, _spec  # noqa: PLW0603 - the state of the process
    _lock = threading.Lock()
    _spec = None


if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has no fork
    os.register_at_fork(after_in_child=_begin_anew_in_child)
