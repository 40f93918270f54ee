"""Celery's tasks may run for ever.

What it checks
--------------
Whether any hard limit is set: `task_time_limit`, `--time-limit` in a command of the repository that starts a
worker, `task_annotations` for every task, or `time_limit` in the decorator of every task of the project.
With a soft limit alone it is information only.

Why it matters
--------------
Celery has no limit of its own. A task that waits for a server that never answers holds its process until
the worker is restarted; as many of them as there are processes, and nothing is worked on any more, while
`celery inspect ping` still answers. A soft limit raises an exception in the task, which code outside Python
does not notice and a broad `except` swallows; the hard one ends the process.

When it is wrong
----------------
Workers are started by something that is not in the repository, with `--time-limit`. Only processes can be
ended: where all workers use threads, gevent, eventlet or solo, the check does not apply.

How to fix
----------
Set `CELERY_TASK_TIME_LIMIT = 1800` and, so that tasks can clean up, `CELERY_TASK_SOFT_TIME_LIMIT = 1740`.
Give the few longer tasks their own: `@shared_task(time_limit=…)`.

Source
------
[Time limits](https://docs.celeryq.dev/en/stable/userguide/workers.html#time-limits),
[task_time_limit](https://docs.celeryq.dev/en/stable/userguide/configuration.html#task-time-limit)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.celery_settings import CelerySettings, celery_settings
from django_prodready.audit.facts.celery_tasks import find_tasks
from django_prodready.audit.facts.celery_workers import find_workers, without_hard_limit

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_BROKER = {"CELERY_BROKER_URL": "redis://redis/0"}
BAD = (
    Case(settings=_BROKER),
    Case(settings=_BROKER, files={"Procfile": "worker: celery -A shop worker -l info\n"}),
)
GOOD = (
    Case(settings={}),
    Case(settings={**_BROKER, "CELERY_TASK_TIME_LIMIT": 1800}),
    Case(settings=_BROKER, files={"Procfile": "worker: celery -A shop worker --time-limit=300\n"}),
    Case(settings={**_BROKER, "CELERY_WORKER_POOL": "gevent"}),
)


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when no task is ever ended."""
    settings = celery_settings(facts)
    pool = without_hard_limit(facts, settings)
    if pool is not None:
        raise NotApplicable(f"the pool {pool} has no hard time limit")
    if _has(facts, settings, "time_limit"):
        return
    has_soft = _has(facts, settings, "soft_time_limit")
    what = "only a soft time limit, which a task can miss or swallow" if has_soft else "no time limit"
    name, soft_name = settings.name("task_time_limit"), settings.name("task_soft_time_limit")
    yield Finding(
        message=f"Celery's tasks have {what}: one that hangs holds its worker process until a restart.",
        hint=f"Set {name}, such as to 1800 seconds, and {soft_name} a little lower.",
        subject=name,
        severity=Severity.INFO if has_soft else Severity.WARNING,
        at=settings.origin("task_soft_time_limit"),
    )


def _has(facts: Facts, settings: CelerySettings, option: str) -> bool:
    """Whether a limit is set, for all tasks; a computed one is."""
    setting = settings.find(f"task_{option}")
    if setting is not None and setting.value:
        return True
    flag = f"--{option.replace('_', '-')}"
    if settings.annotation(option) or any(flag in worker.options for worker in find_workers(facts)):
        return True
    tasks = find_tasks(facts)
    return bool(tasks) and all(task.options.get(option) for task in tasks)
