"""What tests of the health endpoints share. A detected version is kept per process; each begins without."""

import threading

import pytest
from surface_probes.fixtures import probes

from django_prodready.health import transitions
from django_prodready.health.version import VARIABLES, detected_version

__all__ = ["no_detected_version", "probes"]


@pytest.fixture(autouse=True)
def no_detected_version(monkeypatch):
    """Hide the versions that the environment of the test run tells, and forget what was detected."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    detected_version.cache_clear()
    yield
    detected_version.cache_clear()


@pytest.fixture(autouse=True)
def every_turn_is_told(monkeypatch):
    """Let answers wait for the log on a machine that is busy, and each test for what it has begun to tell."""
    monkeypatch.setattr(transitions, "LOG_PATIENCE_S", 2.0)
    yield
    for thread in threading.enumerate():
        if thread.name == "prodready-log":
            thread.join(2.0)
