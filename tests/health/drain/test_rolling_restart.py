"""A rolling restart behind nginx, under load: nobody notices it while DRAIN_SECONDS is set.

``python benchmarks/rolling_restart.py`` says what it costs without.
"""

import os

import pytest
from benchmarks.rolling_restart import measure
from prodready_services.errors import MissingServiceError


def test_a_rolling_restart_loses_no_request():
    try:
        figures = measure(drain_seconds=2)
    except MissingServiceError as missing:
        # A pipeline that tests nothing must not be green.
        is_pipeline = os.environ.get("CI", "").lower() not in ("", "0", "false")
        (pytest.fail if is_pipeline else pytest.skip)(str(missing))
    assert figures.failures == {}
    assert figures.requests > 200
    assert figures.restarts_s > 4
