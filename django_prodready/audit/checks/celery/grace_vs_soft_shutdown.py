"""The platform kills a Celery worker before its soft shutdown is over.

What it checks
--------------
`worker_soft_shutdown_timeout` (Celery 5.5) against the time that the file which starts the worker gives it
after SIGTERM: `stop_grace_period` of the service in a Compose file (10 s when it is not set),
`terminationGracePeriodSeconds` of the pod (30 s), `TimeoutStopSec` of the systemd unit.

Why it matters
--------------
The soft shutdown lets running tasks finish for that long, and puts back those that did not. When the
platform's SIGKILL comes first, or at the same moment, nothing is put back: tasks in work are lost, or, where
they are acknowledged late, wait for the visibility timeout.

When it is wrong
----------------
Something outside the repository starts the worker, with another limit.

How to fix
----------
Give the worker some 15 seconds more than the soft shutdown takes: `stop_grace_period: 75s` for a timeout of
60. The soft shutdown itself begins with SIGQUIT: set `REMAP_SIGTERM=SIGQUIT` in the worker's environment, or
`stop_signal: SIGQUIT`; at a plain SIGTERM a worker waits for its tasks without limit.

Source
------
[Soft shutdown](https://docs.celeryq.dev/en/stable/userguide/workers.html#soft-shutdown),
[stop_grace_period](https://docs.docker.com/reference/compose-file/services/#stop_grace_period)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.celery_grace import find_worker_graces
from django_prodready.audit.facts.celery_settings import celery_settings

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts


def _case(timeout: float, grace: str) -> Case:
    compose = f"services:\n  worker:\n    command: celery -A shop worker\n{grace}"
    return Case(
        settings={"CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT": timeout}, files={"docker-compose.prod.yml": compose}
    )


BAD = (_case(60.0, "    stop_grace_period: 60s\n"), _case(30.0, ""))
GOOD = (
    _case(60.0, "    stop_grace_period: 1m15s\n"),
    _case(5.0, ""),
    _case(0.0, "    stop_grace_period: 10s\n"),
    Case(settings={"CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT": 60}),
)

_MARGIN_S = 15


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each worker whose time to stop is no longer than its soft shutdown."""
    settings = celery_settings(facts)
    timeout_s = settings.number("worker_soft_shutdown_timeout")
    if not timeout_s:
        raise NotApplicable("no soft shutdown is configured")
    graces = find_worker_graces(facts)
    if not graces:
        raise NotApplicable("no file of the repository says how long a worker has to stop")
    name = settings.name("worker_soft_shutdown_timeout")
    for grace in graces:
        if grace.seconds <= timeout_s:
            by_default = "" if grace.is_written else ", by default"
            yield Finding(
                message=f"{name} is {timeout_s:g} s and {grace.setting} {grace.seconds:g} s{by_default}: the"
                " worker is killed before it has put its unfinished tasks back.",
                hint=f"Set {grace.setting} to {timeout_s + _MARGIN_S:g} seconds, or lower {name}.",
                subject=f"{grace.at.file}:{grace.setting}",
                at=grace.at,
            )
