"""What every test may use."""

from __future__ import annotations

import sys
from pathlib import Path

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


# Where a file's tests take half a minute and more. Side by side, files that begin last end last, and alone.
LONG = (
    "prodsettings/test_planted_secrets.py",
    "faults/test_hang.py",
    "prodmigrate/test_two_processes.py",
    "audit/test_main.py",
    "audit/test_secrets.py",
    "example/test_site.py",
    "prodsettings/test_env_check.py",
    "checks/secret_key/test_ephemeral.py",
    "projects/test_startproject.py",
    "prodmigrate/test_trace.py",
    "settings/test_fresh_site.py",
    "faults/test_trace.py",
    "checks/proxy/test_real_ip_unconditional.py",
    "migration_safety/trace/test_client.py",
    "settings/mixins/test_celery_served.py",
    "health/drain/test_rolling_restart.py",
    "health/drain/test_servers.py",
    "health/test_runner.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long."""
    ranks = {Path(__file__).parent / name: rank for rank, name in enumerate(LONG)}
    items.sort(key=lambda item: ranks.get(item.path, len(LONG)))
