"""What every test may use."""

from __future__ import annotations

import sys

import pytest

pytest_plugins = ["prodready_services.plugin"]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Save what a worker has covered: pytest-xdist kills one that does not end within 10 s."""
    if hasattr(session.config, "workerinput") and "coverage" in sys.modules:
        running = sys.modules["coverage"].Coverage.current()
        if running is not None:
            running.stop()
            running.save()
