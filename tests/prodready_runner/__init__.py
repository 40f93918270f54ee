"""Probes that do what a test tells them, and ways to wait for what they do."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django_prodready.health.outcome import ProbeSpec
from django_prodready.health.probe import Probe

ROOT = Path(__file__).parents[2]
PATIENT_S = 20  # how long a test waits for what must happen, on a machine that is busy


class Told(Probe):
    """Runs ``task`` and counts; remembers the threads that ran and closed it."""

    def __init__(self, task: Callable[[], object] = lambda: None) -> None:
        self.task = task
        self.runs = 0
        self.ran_in: list[threading.Thread] = []
        self.closed_in: list[threading.Thread] = []

    def run(self) -> None:
        self.runs += 1
        self.ran_in.append(threading.current_thread())
        return self.task()  # type: ignore[return-value]

    def close(self) -> None:
        self.closed_in.append(threading.current_thread())


class Stuck(Told):
    """Hangs in ``run`` until it is let go; then does ``task``."""

    def __init__(self, task: Callable[[], object] = lambda: None) -> None:
        super().__init__(task)
        self.gate = threading.Event()

    def run(self) -> None:
        self.runs += 1
        self.ran_in.append(threading.current_thread())
        if not self.gate.wait(PATIENT_S):
            raise AssertionError("the test never let this probe go")
        self.task()


def spec(probe: Probe, name: str = "thing", *, deadline_s: float = 4.0, critical: bool = True) -> ProbeSpec:
    return ProbeSpec(name=name, probe=probe, critical=critical, deadline_s=deadline_s)


def specs(**probes: Probe) -> dict[str, ProbeSpec]:
    return {name: spec(probe, name) for name, probe in probes.items()}


def wait_until(condition: Callable[[], object]) -> None:
    """Poll until ``condition`` holds."""
    end_s = time.monotonic() + PATIENT_S
    while not condition():
        assert time.monotonic() < end_s, "it did not happen"
        time.sleep(0.002)


def threads_of(name: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == f"prodready-{name}"]


def elapsed_s(act: Callable[[], object]) -> float:
    begun_s = time.monotonic()
    act()
    return time.monotonic() - begun_s


PRELUDE = """
import os, sys, threading, time
import django
django.setup()
from django_prodready.health import history, runner
from prodready_runner import Stuck, Told, spec, specs, threads_of
"""


def run_python(program: str, *, timeout_s: float = 60) -> subprocess.CompletedProcess[str]:
    """Run ``program`` after PRELUDE in an interpreter of its own."""
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
    return subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", PRELUDE + program],
        env={**os.environ, "PYTHONPATH": paths, "DJANGO_SETTINGS_MODULE": "testproject.settings"},
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
