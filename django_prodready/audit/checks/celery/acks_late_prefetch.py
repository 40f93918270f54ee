"""Celery acknowledges tasks late, and its workers still reserve more than they work on.

What it checks
--------------
`task_acks_late` for every task, together with a `worker_prefetch_multiplier` other than 1 (it is 4 when
nobody sets it, and 0 means no bound). A command of the repository that starts a worker with
`--prefetch-multiplier=1` or `--disable-prefetch` passes.

Why it matters
--------------
Tasks that are acknowledged late are mostly long. Each worker process reserves four of them: three wait
behind a long one while other workers are idle, and with Redis or SQS their visibility timeout runs
meanwhile. `-O fair`, the default, changes which process of one worker gets a task, not how many tasks the
worker reserves.

When it is wrong
----------------
Tasks are short, late acknowledgement is there for their safety alone, and the round trip to the broker for
each of them would cost more than it brings.

How to fix
----------
Set `CELERY_WORKER_PREFETCH_MULTIPLIER = 1`.

Source
------
[Prefetch limits](https://docs.celeryq.dev/en/stable/userguide/optimizing.html#prefetch-limits),
[Reserve one task at a time](https://docs.celeryq.dev/en/stable/userguide/optimizing.html#reserve-one-task-at-a-time)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.celery_settings import celery_settings
from django_prodready.audit.facts.celery_workers import find_workers

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"CELERY_TASK_ACKS_LATE": True}),
    Case(settings={"CELERY_TASK_ACKS_LATE": True, "CELERY_WORKER_PREFETCH_MULTIPLIER": 4}),
)
GOOD = (
    Case(settings={"CELERY_BROKER_URL": "redis://redis/0"}),
    Case(settings={"CELERY_TASK_ACKS_LATE": True, "CELERY_WORKER_PREFETCH_MULTIPLIER": 1}),
    Case(
        settings={"CELERY_TASK_ACKS_LATE": True},
        files={"Procfile": "worker: celery -A shop worker --prefetch-multiplier 1\n"},
    ),
)

_DEFAULT = 4


@check(severity=Severity.INFO, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when late tasks are reserved in advance."""
    settings = celery_settings(facts)
    if not settings.value("task_acks_late") and not settings.annotation("acks_late"):
        raise NotApplicable("tasks are acknowledged when they start")
    workers = find_workers(facts)
    is_off = settings.value("worker_disable_prefetch") or any(
        "--disable-prefetch" in worker.options or worker.number("--prefetch-multiplier") == 1
        for worker in workers
    )
    is_computed = settings.is_set("worker_prefetch_multiplier") and (
        settings.number("worker_prefetch_multiplier") is None
    )
    multiplier = settings.number("worker_prefetch_multiplier")
    each = _DEFAULT if multiplier is None else multiplier
    if each != 1 and not is_off and not is_computed:
        name = settings.name("worker_prefetch_multiplier")
        reserved = f"{each:g} tasks for each process" if each else "every task that waits"
        yield Finding(
            message=f"Tasks are acknowledged late and a worker reserves {reserved}: they wait for long ones.",
            hint=f"Set {name} to 1.",
            subject=name,
            at=settings.origin("worker_prefetch_multiplier") or settings.origin("task_acks_late"),
        )
