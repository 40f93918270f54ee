"""Celery's soft time limit is not below the hard one, so no task is ever warned.

What it checks
--------------
`task_soft_time_limit` against `task_time_limit`: as configured, as each command of the repository that
starts a worker changes them (`--soft-time-limit`, `--time-limit`), and as a task's decorator does.

Why it matters
--------------
The soft limit raises `SoftTimeLimitExceeded` in the task, so that it can roll back and say what happened;
the hard limit ends the process. When the hard one comes first, or at the same moment, tasks are killed in
the middle of their work, and the code that handles the exception is dead.

When it is wrong
----------------
Never with both limits in force. One of them may be replaced by a worker that is started by something
outside the repository.

How to fix
----------
Leave the task time between the two: `CELERY_TASK_SOFT_TIME_LIMIT = 240`, `CELERY_TASK_TIME_LIMIT = 300`.

Source
------
[Time limits](https://docs.celeryq.dev/en/stable/userguide/workers.html#time-limits)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.celery_settings import CelerySettings, celery_settings
from django_prodready.audit.facts.celery_tasks import CeleryTask, find_tasks
from django_prodready.audit.facts.celery_values import seconds
from django_prodready.audit.facts.celery_workers import WorkerCommand, find_workers, worker_number

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"CELERY_TASK_TIME_LIMIT": 240, "CELERY_TASK_SOFT_TIME_LIMIT": 300}),
    Case(settings={"CELERY_TASK_TIME_LIMIT": 300, "CELERY_TASK_SOFT_TIME_LIMIT": 300}),
)
GOOD = (
    Case(settings={"CELERY_TASK_TIME_LIMIT": 300, "CELERY_TASK_SOFT_TIME_LIMIT": 240}),
    Case(settings={"CELERY_TASK_SOFT_TIME_LIMIT": 300}),
    Case(
        settings={"CELERY_TASK_TIME_LIMIT": 240, "CELERY_TASK_SOFT_TIME_LIMIT": 300},
        files={"Procfile": "worker: celery -A shop worker --time-limit 600\n"},
    ),
)

_CONSEQUENCE = "SoftTimeLimitExceeded comes too late, and the process is killed in the middle of the work"


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each pair of limits in the wrong order."""
    settings = celery_settings(facts)
    workers: tuple[WorkerCommand | None, ...] = find_workers(facts) or (None,)
    seen: set[tuple[float, float]] = set()
    for worker in workers:
        pair = _pair(worker, settings)
        if pair is not None and pair not in seen:
            seen.add(pair)
            yield _finding(settings, worker, *pair)
    for task in find_tasks(facts):
        if task.value("soft_time_limit") or task.value("time_limit"):
            yield from _of_task(task, settings)


def _pair(worker: WorkerCommand | None, settings: CelerySettings) -> tuple[float, float] | None:
    soft = worker_number(worker, settings, flag="--soft-time-limit", option="task_soft_time_limit")
    hard = worker_number(worker, settings, flag="--time-limit", option="task_time_limit")
    return (soft, hard) if soft and hard and soft >= hard else None


def _finding(settings: CelerySettings, worker: WorkerCommand | None, soft: float, hard: float) -> Finding:
    flags = worker.options if worker else {}
    soft_name = "--soft-time-limit" if "--soft-time-limit" in flags else settings.name("task_soft_time_limit")
    hard_name = "--time-limit" if "--time-limit" in flags else settings.name("task_time_limit")
    by_command = soft_name.startswith("--") or hard_name.startswith("--")
    return Finding(
        message=f"{soft_name} is {soft:g} s and {hard_name} {hard:g} s: {_CONSEQUENCE}.",
        hint=f"Set {soft_name} below {hard_name} by what a task needs to clean up.",
        subject=soft_name,
        at=worker.at if worker and by_command else settings.origin("task_soft_time_limit"),
    )


def _of_task(task: CeleryTask, settings: CelerySettings) -> Iterator[Finding]:
    soft = _limit(task, settings, "soft_time_limit")
    hard = _limit(task, settings, "time_limit")
    if soft and hard and soft >= hard:
        yield Finding(
            message=f"The task {task.name} has a soft time limit of {soft:g} s and a hard one of {hard:g} s:"
            f" {_CONSEQUENCE}.",
            hint=f"Set soft_time_limit of {task.name} below its time_limit.",
            subject=f"{task.at.file}:{task.name}",
            at=task.at,
        )


def _limit(task: CeleryTask, settings: CelerySettings, option: str) -> float | None:
    if option in task.options:
        return seconds(task.value(option))
    return settings.number(f"task_{option}")
