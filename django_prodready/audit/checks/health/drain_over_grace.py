"""The process drains for longer than it is given to stop.

What it checks
--------------
With `PRODREADY["DRAIN_SECONDS"]` above 0, it must be less than what the repository's files grant after
SIGTERM: gunicorn's `graceful_timeout` (30 s unless set), `terminationGracePeriodSeconds` of the pod
(30 s unless set) and `stop_grace_period` of the Compose service (10 s unless set).

Why it matters
--------------
A process that drains serves on until the load balancer has noticed, and only then finishes its
requests. When the time is up before, SIGKILL ends all of them at once: draining then loses more requests
than none would.

When it is wrong
----------------
When another file, or the platform itself, grants more: declare the platform in
`PRODREADY = {"FACTS": {"platform": "kubernetes"}}`, and files of another one do not count.

How to fix
----------
Keep `DRAIN_SECONDS` plus the longest request below gunicorn's `graceful_timeout`, and that below the
grace period of the pod or the service.

Source
------
[graceful_timeout](https://docs.gunicorn.org/en/stable/settings.html#graceful-timeout),
[termination of pods](https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination),
[stop_grace_period](https://docs.docker.com/reference/compose-file/services/#stop_grace_period)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.stop_grace import find_graces
from django_prodready.conf import get_config

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_PROCFILE = "web: gunicorn shop.wsgi --graceful-timeout {seconds}\n"
_COMPOSE = "services:\n  web:\n    command: gunicorn shop.wsgi\n{grace}"


def _case(drain_s: float, **files: str) -> Case:
    named = {"procfile": "Procfile", "compose": "compose.yml"}
    return Case(
        settings={"PRODREADY": {"DRAIN_SECONDS": drain_s}},
        files={named[name]: text for name, text in files.items()},
    )


BAD = (
    _case(20, procfile=_PROCFILE.format(seconds=20)),
    _case(10, compose=_COMPOSE.format(grace="")),
)
GOOD = (
    Case(),
    _case(10, procfile=_PROCFILE.format(seconds=20)),
    _case(0, compose=_COMPOSE.format(grace="")),
    _case(10, compose=_COMPOSE.format(grace="    stop_grace_period: 40s\n")),
)


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each grace that ends before the drain does."""
    drain_s = get_config().drain_seconds
    if not drain_s:
        raise NotApplicable("PRODREADY['DRAIN_SECONDS'] is 0")
    for grace in find_graces(facts):
        if drain_s >= grace.seconds:
            default = "" if grace.is_written else ", its default,"
            yield Finding(
                message=f"DRAIN_SECONDS is {drain_s:g} s, and {grace.setting} of {grace.owner} is"
                f" {grace.seconds:g} s{default} after SIGTERM: the process is killed while it drains.",
                hint=f"Set {grace.setting} of {grace.owner} well above {drain_s:g} s, or lower"
                " PRODREADY['DRAIN_SECONDS'].",
                subject=grace.setting,
                identity=f"{grace.setting} {grace.at.file if grace.at else ''} {grace.owner}",
                at=grace.at or facts.origin("PRODREADY", "DRAIN_SECONDS"),
            )
