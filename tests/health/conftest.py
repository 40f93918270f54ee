"""A detected version is kept per process; tests of it begin without one."""

import pytest

from django_prodready.health.version import VARIABLES, detected_version


@pytest.fixture(autouse=True)
def no_detected_version(monkeypatch):
    """Hide the versions that the environment of the test run tells, and forget what was detected."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    detected_version.cache_clear()
    yield
    detected_version.cache_clear()
