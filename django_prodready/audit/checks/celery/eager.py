"""Celery runs every task inside the request that sends it.

What it checks
--------------
`task_always_eager` of Celery's configuration, however it is given: `CELERY_TASK_ALWAYS_EAGER` in Django's
settings, the old `CELERY_ALWAYS_EAGER`, or `app.conf` in the module of the application.

Why it matters
--------------
It is for tests. With it no broker is asked and no worker ever gets a task: mail, reports and imports run
while the visitor waits, until the server's timeout ends them. `countdown`, `eta`, queues and time limits
mean nothing.

When it is wrong
----------------
A site that has neither broker nor worker and chose to run its tasks in the request. Say so in an ignore,
with the reason.

How to fix
----------
Remove the setting, or set it to `False`, wherever the settings for production get it from. A string such
as `"False"`, straight from the environment, is true for Celery.

Source
------
[task_always_eager](https://docs.celeryq.dev/en/stable/userguide/configuration.html#task-always-eager)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.celery_settings import celery_settings

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"CELERY_TASK_ALWAYS_EAGER": True}),
    Case(
        files={
            "shop/celery.py": "from celery import Celery\napp = Celery()\napp.conf.task_always_eager = True\n"
        }
    ),
)
GOOD = (
    Case(settings={}),
    Case(settings={"CELERY_TASK_ALWAYS_EAGER": False}),
    Case(settings={"CELERY_BROKER_URL": "redis://redis/0", "CELERY_TASK_EAGER_PROPAGATES": True}),
)


@check(severity=Severity.CRITICAL, needs=(Need.SETTINGS, Need.SOURCE))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when tasks run where they are called."""
    settings = celery_settings(facts)
    if settings.is_eager:
        name = settings.name("task_always_eager")
        value = settings.value("task_always_eager")
        yield Finding(
            message=f"{name} is {value!r}: every task runs inside the request that sends it, and no worker"
            " gets one.",
            hint=f"Set {name} to False in production.",
            subject=name,
            at=settings.origin("task_always_eager"),
        )
