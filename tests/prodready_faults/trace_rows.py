"""The rows of the traces' matrix: which fault, at which moment, and what the command makes of it."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from prodready_linted import Project

from prodready_faults import traces

Moment = Callable[[Project, str, Path], contextlib.AbstractContextManager[traces.Trace]]

INTERRUPTED = "CommandError: interrupted."
LOST = "is lost: "


@dataclass(frozen=True)
class Row:
    """A fault at a moment, and what the command makes of it."""

    name: str
    strike: Callable[[traces.Trace], object]
    moment: Moment
    code: int
    says: str = ""
    spares_others: bool = True  # whether a run beside it may live on
    is_brief: bool = False


TOLD = "SAFE     shop.0002_wait"  # the report, as if nothing had happened

ROWS = [
    Row("Ctrl-C, running", traces.interrupted, traces.running, 2, INTERRUPTED, is_brief=True),
    Row("Ctrl-C, creating", traces.interrupted, traces.creating, 2, INTERRUPTED),
    Row("Ctrl-C, copying", traces.interrupted, traces.copying, 2, INTERRUPTED),
    Row("Ctrl-C, dropping", traces.interrupted, traces.dropping, 0, TOLD),
    Row("Ctrl-C twice, copying", traces.interrupted_twice, traces.copying, 2, INTERRUPTED),
    Row("SIGINT, running", traces.signalled(signal.SIGINT), traces.running, 2, INTERRUPTED),
    Row("SIGTERM, creating", traces.signalled(signal.SIGTERM), traces.creating, 143),
    Row("SIGTERM, running", traces.signalled(signal.SIGTERM), traces.running, 143),
    Row("SIGTERM, copying", traces.signalled(signal.SIGTERM), traces.copying, 143),
    Row("SIGTERM, dropping", traces.signalled(signal.SIGTERM), traces.dropping, 0, TOLD),
    Row("SIGHUP, running", traces.signalled(signal.SIGHUP), traces.running, 129),
    Row("SIGKILL, creating", traces.signalled(signal.SIGKILL), traces.creating, -9),
    Row("SIGKILL, running", traces.signalled(signal.SIGKILL), traces.running, -9),
    Row("SIGKILL, copying", traces.signalled(signal.SIGKILL), traces.copying, -9, is_brief=True),
    Row("SIGKILL, dropping", traces.signalled(signal.SIGKILL), traces.dropping, -9),
    Row(
        "worker killed, running",
        traces.worker_killed,
        traces.running,
        2,
        "was ended by SIGKILL",
        is_brief=True,
    ),
    Row("worker killed, copying", traces.worker_killed, traces.copying, 2, "was ended by SIGKILL"),
    Row("sessions ended, running", traces.sessions_ended, traces.running, 2, LOST),
    Row("sessions ended, creating", traces.sessions_ended, traces.creating, 2, "could not be made on"),
    Row("sessions ended, copying", traces.sessions_ended, traces.copying, 2, "could not be copied"),
    Row("keeper ended, running", traces.keeper_ended, traces.running, 2, LOST),
    Row("keeper ended, dropping", traces.keeper_ended, traces.dropping, 0, TOLD),
    Row(
        "server crashed, running",
        traces.crashed,
        traces.running,
        2,
        LOST,
        spares_others=False,
        is_brief=True,
    ),
    Row(
        "server crashed, creating",
        traces.crashed,
        traces.creating,
        2,
        "could not be made on",
        spares_others=False,
    ),
    Row(
        "server crashed, copying",
        traces.crashed,
        traces.copying,
        2,
        "could not be copied",
        spares_others=False,
    ),
]
