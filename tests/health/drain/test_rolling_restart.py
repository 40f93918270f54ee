"""A rolling restart behind nginx, under load: nobody notices it while DRAIN_SECONDS is set.

``python benchmarks/rolling_restart.py`` says what it costs without.
"""

from benchmarks.rolling_restart import measure
from prodready_services.errors import MissingServiceError
from prodready_services.missing import do_without
from prodready_services.once import of_servers


@of_servers
def test_a_rolling_restart_loses_no_request():
    try:
        figures = measure(drain_seconds=2)
    except MissingServiceError as missing:
        do_without(str(missing))
    assert figures.failures == {}
    assert figures.requests > 200
    assert figures.restarts_s > 4
