"""Nobody said whether a Celery worker waits for its broker when it starts.

What it checks
--------------
Whether `broker_connection_retry_on_startup` is set, to either value.

Why it matters
--------------
Broker and worker are started together, and the broker is seldom the first to be ready. Up to Celery 5 a
worker goes by `broker_connection_retry` where the setting is missing, and some releases warn of that at every
start; Celery 6 goes by this setting alone, and a worker that does not wait ends at once.

When it is wrong
----------------
It is a reminder. With Celery 5 and the default of `broker_connection_retry`, workers do wait.

How to fix
----------
Set `CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True`.

Source
------
[broker_connection_retry_on_startup](https://docs.celeryq.dev/en/stable/userguide/configuration.html#broker-connection-retry-on-startup)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.celery_settings import celery_settings

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_OPTION = "broker_connection_retry_on_startup"
BAD = (Case(settings={"CELERY_BROKER_URL": "redis://redis/0"}),)
GOOD = (
    Case(settings={}),
    Case(
        settings={"CELERY_BROKER_URL": "redis://redis/0", "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": True}
    ),
    Case(
        settings={"CELERY_BROKER_URL": "redis://redis/0", "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": False}
    ),
)


@check(severity=Severity.INFO, needs=(Need.SETTINGS, Need.SOURCE))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when the setting is missing."""
    settings = celery_settings(facts)
    if settings.is_eager:
        raise NotApplicable("tasks run where they are called, without a broker")
    if not settings.is_set(_OPTION):
        name = settings.name(_OPTION)
        yield Finding(
            message=f"{name} is not set: a worker that starts before its broker is left to a default that"
            " Celery 6 changes.",
            hint=f"Set {name} to True.",
            subject=name,
        )
