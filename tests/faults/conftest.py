"""Servers that may be stopped, the choice of rows, and the table of what was measured.

Every test run has one row of each kind, briefly. ``tox run -e faults`` has all of them at their full length;
``PRODREADY_TEST_FAULTS=none`` leaves them out.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prodready_faults import traces
from prodready_faults.kinds import Services
from prodready_faults.promises import HEADINGS, IS_FULL, IS_NONE
from prodready_faults.rows import DJANGOS_OWN
from prodready_services import postgres, redis
from prodready_services.plugin import provide

FIGURES = "figures"


def pytest_configure(config):
    config.addinivalue_line("markers", "matrix: a row of the full matrix of faults alone")


def pytest_collection_modifyitems(config, items):
    if IS_FULL:
        return
    left_out = [item for item in items if IS_NONE or item.get_closest_marker("matrix")]
    left_out = [item for item in left_out if item.path.is_relative_to(Path(__file__).parent)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def pytest_terminal_summary(terminalreporter):
    rows = {}
    for report in terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", []):
        rows |= {name: row for kind, (name, row) in _figures(report)}
    traced = {name: row for name, row in rows.items() if traces.HEADINGS[0] in row}
    _write_table(
        terminalreporter,
        "what the probers saw",
        HEADINGS,
        {name: row for name, row in rows.items() if name not in traced},
    )
    _write_table(terminalreporter, "what became of traces", traces.HEADINGS, traced)


def _write_table(terminalreporter, title, headings, rows):
    if not rows:
        return
    terminalreporter.section(title)
    terminalreporter.write_line(f"| row | {' | '.join(headings)} |")
    terminalreporter.write_line("|---" * (len(headings) + 1) + "|")
    for name, row in rows.items():
        cells = (row.get(heading, "") for heading in headings)
        terminalreporter.write_line(f"| {name} | {' | '.join(cells)} |")


def _figures(report):
    return [(name, value) for name, value in getattr(report, "user_properties", []) if name == FIGURES]


@pytest.fixture
def figures(record_property):
    """Return how to note a row's figures for the table: figures(name, {heading: value})."""
    return lambda name, row: record_property(FIGURES, (name, dict(row)))


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    """Servers of these tests' own: an address in the environment would be somebody else's too."""
    if not Path("/proc/self/net/tcp").exists():
        pytest.skip("What a process has open is read from Linux's /proc.")
    with _own(postgres.serve) as postgres_url, _own(redis.serve) as redis_url:
        yield Services(postgres_url, redis_url)


@pytest.fixture(scope="module")
def own_postgres_url() -> Iterator[str]:
    """A server that may be stopped and killed."""
    if not Path("/proc/self/net/tcp").exists():
        pytest.skip("Whom a process has started is read from Linux's /proc.")
    with _own(postgres.serve) as url:
        yield url


@contextmanager
def _own(serve):
    yield from provide("PRODREADY_TEST_FAULTS_SERVES_ITS_OWN", serve)


@pytest.fixture(scope="module")
def migrated(services) -> Services:
    """The same, after migrate."""
    from prodready_faults.servers import environment

    site = environment(services, {"FAULTS_CARRIER": "none", "FAULTS_CACHE": DJANGOS_OWN})
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=site, check=True, timeout=60)
    return services
