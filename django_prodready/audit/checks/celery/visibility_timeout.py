"""A Celery task may run, or wait, longer than the broker's visibility timeout, and then runs twice.

What it checks
--------------
Only with Redis or SQS as the broker. `visibility_timeout` of `broker_transport_options` (3600 s for Redis,
1800 s for SQS when it is not set) against the time limit of tasks that are acknowledged late, by
`task_acks_late` or their own decorator, and against each `countdown`, `eta` and `default_retry_delay` that
the project's source spells out.

Why it matters
--------------
What is not acknowledged within the visibility timeout is given to another worker, while the first one
still works or waits. Every further timeout adds another copy: invoices are sent twice, and three times.
Messages with an ETA wait in a worker's memory, unacknowledged, whatever `task_acks_late` says.

When it is wrong
----------------
The task that may take so long is idempotent, and its running twice costs nothing.

How to fix
----------
Raise the visibility timeout above the longest time limit and the longest delay,
`CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 7200}`, or lower these. The tasks of a worker that
died wait that long, too: for what is due in days, keep the date in the database and let beat look.

Source
------
[Visibility timeout](https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html#visibility-timeout),
[SQS](https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/sqs.html#visibility-timeout),
[celery#5935](https://github.com/celery/celery/issues/5935)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, NotRun, Severity, check
from django_prodready.audit.facts.celery_settings import CelerySettings, celery_settings
from django_prodready.audit.facts.celery_tasks import CeleryTask, find_delays, find_tasks
from django_prodready.audit.facts.celery_values import COMPUTED, seconds
from django_prodready.audit.facts.celery_workers import WorkerCommand, find_workers, worker_number

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_REDIS = {"CELERY_BROKER_URL": "redis://redis:6379/0", "CELERY_TASK_ACKS_LATE": True}
_TASK = "from celery import shared_task\n@shared_task\ndef remind(): ...\nremind.apply_async(countdown={})\n"
BAD = (
    Case(settings={**_REDIS, "CELERY_TASK_TIME_LIMIT": 7200}),
    Case(settings=_REDIS, files={"shop/tasks.py": _TASK.format("24 * 3600")}),
)
GOOD = (
    Case(settings={**_REDIS, "CELERY_TASK_TIME_LIMIT": 1800}),
    Case(settings={**_REDIS, "CELERY_TASK_TIME_LIMIT": 7200, "CELERY_TASK_ACKS_LATE": False}),
    Case(
        settings={
            **_REDIS,
            "CELERY_TASK_TIME_LIMIT": 7200,
            "CELERY_BROKER_TRANSPORT_OPTIONS": {"visibility_timeout": 8000},
        }
    ),
    Case(settings={**_REDIS, "CELERY_TASK_TIME_LIMIT": 7200, "CELERY_BROKER_URL": "amqp://u@rabbitmq//"}),
    Case(settings=_REDIS, files={"shop/tasks.py": _TASK.format(300)}),
)

# https://github.com/celery/kombu/tree/main/kombu/transport: what each has by itself, in seconds
_DEFAULTS_S: Mapping[str, float] = {
    **dict.fromkeys(("redis", "rediss", "redis+socket", "sentinel", "valkey", "valkeys"), 3600.0),
    "sqs": 1800.0,
}


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each limit and each delay that exceeds the visibility timeout."""
    settings = celery_settings(facts)
    timeout_s = _timeout(settings)
    options = settings.name("broker_transport_options")
    is_late = settings.value("task_acks_late") or settings.annotation("acks_late")
    limit_s, worker = _longest(facts, settings)
    is_said = bool(is_late) and limit_s >= timeout_s  # once, for every task without a limit of its own
    if is_said:
        yield _of_limit(settings, worker, limit_s, timeout_s)
    for task in find_tasks(facts):
        is_task_late = task.value("acks_late") if "acks_late" in task.options else is_late
        own_s = seconds(task.value("time_limit")) or seconds(task.value("soft_time_limit"))
        if is_task_late and (own_s or not is_said):
            yield from _of_task(task, own_s or limit_s, timeout_s)
        yield from _of_retry(task, timeout_s)
    for delay in find_delays(facts):
        if delay.seconds > timeout_s:
            yield Finding(
                message=f"A task is asked for in {delay.seconds:g} s ({delay.words}), and the broker gives it"
                f" to another worker after {timeout_s:g} s: it runs more than once.",
                hint=f"Raise visibility_timeout in {options} above it, or keep the date in the database.",
                subject=f"{delay.at.file}:{delay.words}={delay.seconds:g}",
                at=delay.at,
            )


def _timeout(settings: CelerySettings) -> float:
    urls = settings.urls("broker_read_url") or settings.urls("broker_url")
    schemes = {url.partition("://")[0].lower() for url in urls}
    default_s = next((_DEFAULTS_S[scheme] for scheme in sorted(schemes) if scheme in _DEFAULTS_S), None)
    if default_s is None:
        raise NotApplicable("the broker is neither Redis nor SQS")
    setting = settings.find("broker_transport_options")
    options = setting.value if setting else None
    written = options.get("visibility_timeout", default_s) if isinstance(options, Mapping) else default_s
    timeout_s = None if options is COMPUTED else seconds(written)
    if timeout_s is None:
        raise NotRun("the visibility timeout is computed where the source does not show it")
    return timeout_s


def _longest(facts: Facts, settings: CelerySettings) -> tuple[float, WorkerCommand | None]:
    """Return the longest that a task without its own limit may run, 0 for no limit, and by which worker."""
    workers: tuple[WorkerCommand | None, ...] = find_workers(facts) or (None,)
    limits = [(_limit(worker, settings), worker) for worker in workers]
    return max(limits, key=lambda pair: pair[0])


def _limit(worker: WorkerCommand | None, settings: CelerySettings) -> float:
    hard_s = worker_number(worker, settings, flag="--time-limit", option="task_time_limit")
    soft_s = worker_number(worker, settings, flag="--soft-time-limit", option="task_soft_time_limit")
    return hard_s or soft_s or 0.0


def _of_limit(
    settings: CelerySettings, worker: WorkerCommand | None, limit_s: float, timeout_s: float
) -> Finding:
    by_command = worker is not None and not {"--time-limit", "--soft-time-limit"}.isdisjoint(worker.options)
    option = "task_time_limit" if settings.number("task_time_limit") else "task_soft_time_limit"
    name = "the worker's time limit" if by_command else settings.name(option)
    options = settings.name("broker_transport_options")
    return Finding(
        message=f"Tasks are acknowledged late and may run for {limit_s:g} s, and the broker gives them to"
        f" another worker after {timeout_s:g} s: they run twice.",
        hint=f"Raise visibility_timeout in {options} above {name}, or lower that.",
        subject=options,
        at=worker.at if worker is not None and by_command else settings.origin(option),
    )


def _of_task(task: CeleryTask, limit_s: float, timeout_s: float) -> Iterator[Finding]:
    if limit_s >= timeout_s:
        yield Finding(
            message=f"The task {task.name} is acknowledged late and may run for {limit_s:g} s, and the broker"
            f" gives it to another worker after {timeout_s:g} s: it runs twice.",
            hint=f"Raise the broker's visibility_timeout above the time limit of {task.name}, or lower that.",
            subject=f"{task.at.file}:{task.name}",
            at=task.at,
        )


def _of_retry(task: CeleryTask, timeout_s: float) -> Iterator[Finding]:
    delay_s = seconds(task.value("default_retry_delay")) or 0.0
    if delay_s > timeout_s:
        yield Finding(
            message=f"The task {task.name} is retried after {delay_s:g} s, and the broker gives it to another"
            f" worker after {timeout_s:g} s: it runs more than once.",
            hint=f"Raise visibility_timeout above it, or lower default_retry_delay of {task.name}.",
            subject=f"{task.at.file}:{task.name}:default_retry_delay",
            at=task.at,
        )
