"""Celery's worker processes are never replaced, so what leaks is kept for ever.

What it checks
--------------
Whether the worker's processes are ever replaced: `worker_max_tasks_per_child` or
`worker_max_memory_per_child`, or the options `--max-tasks-per-child` and `--max-memory-per-child` of a
command of the repository that starts a worker.

Why it matters
--------------
Python gives little memory back to the system, and libraries leak. A process that has run one large report
keeps its size for weeks; with several of them the machine ends one, and the task in it, at a bad moment.

When it is wrong
----------------
Workers whose memory stays flat, or that are restarted with each of many deployments. Only processes can be
replaced: where all workers use threads, gevent, eventlet or solo, the check does not apply.

How to fix
----------
Set `CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000`, or `CELERY_WORKER_MAX_MEMORY_PER_CHILD` in KiB to a fair
share of the container's memory.

Source
------
[Max tasks per child](https://docs.celeryq.dev/en/stable/userguide/workers.html#max-tasks-per-child-setting),
[Max memory per child](https://docs.celeryq.dev/en/stable/userguide/workers.html#max-memory-per-child-setting)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.celery_settings import celery_settings
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
    Case(settings={**_BROKER, "CELERY_WORKER_MAX_TASKS_PER_CHILD": 1000}),
    Case(settings={**_BROKER, "CELERYD_MAX_MEMORY_PER_CHILD": 200_000}),
    Case(settings=_BROKER, files={"Procfile": "worker: celery -A shop worker --max-tasks-per-child=100\n"}),
)

_OPTIONS = ("worker_max_tasks_per_child", "worker_max_memory_per_child")
_FLAGS = frozenset({"--max-tasks-per-child", "--max-memory-per-child"})


@check(severity=Severity.INFO, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when no process is ever replaced."""
    settings = celery_settings(facts)
    pool = without_hard_limit(facts, settings)
    if pool is not None:
        raise NotApplicable(f"the pool {pool} has no processes to replace")
    by_command = any(_FLAGS & worker.options.keys() for worker in find_workers(facts))
    if not by_command and not any(settings.is_set(option) for option in _OPTIONS):
        name = settings.name(_OPTIONS[0])
        yield Finding(
            message="Celery's worker processes are never replaced: what tasks leak stays until a restart.",
            hint=f"Set {name}, such as to 1000, or {settings.name(_OPTIONS[1])}.",
            subject=name,
        )
