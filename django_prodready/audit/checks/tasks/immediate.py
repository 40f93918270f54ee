"""Django's tasks run inside the request that enqueues them.

What it checks
--------------
Each alias of `TASKS` whose backend is `ImmediateBackend`, which is Django's default since 6.0, and that a
function with the `@task` decorator in the project's own code uses. The package django-tasks counts as well.

Why it matters
--------------
`enqueue()` looks as if it put work aside; the immediate backend does it on the spot. Mail and reports run
while the visitor waits, nothing is tried again, and a task cannot be put off.

When it is wrong
----------------
The tasks are quick, and run in the request on purpose until a worker is there.

How to fix
----------
Configure a backend with a worker, such as that of django-tasks-db, and run the worker:
`TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}`.

Source
------
[Tasks](https://docs.djangoproject.com/en/stable/topics/tasks/#immediate-execution),
[TASKS](https://docs.djangoproject.com/en/stable/ref/settings/#tasks)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.tasks_backends import find_django_tasks, is_backend, task_backends

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_TASK = {"shop/tasks.py": "from django_tasks import task\n\n\n@task()\ndef send_mail(): ...\n"}


def _settings(backend: str) -> dict[str, object]:
    return {"TASKS": {"default": {"BACKEND": backend}}}


BAD = (Case(settings=_settings("django_tasks.backends.immediate.ImmediateBackend"), files=_TASK),)
GOOD = (
    Case(settings={}),
    Case(settings=_settings("django_tasks.backends.immediate.ImmediateBackend")),
    Case(settings=_settings("django_tasks_db.DatabaseBackend"), files=_TASK),
)


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each alias whose tasks run in the request."""
    backends = task_backends(facts)
    tasks = find_django_tasks(facts)
    if not backends or not tasks:
        raise NotApplicable("the project has no tasks of Django's")
    for alias, path in backends.items():
        used = [task for task in tasks if task.backend == alias]
        if used and is_backend(path, "immediate.ImmediateBackend"):
            others = f" and {len(used) - 1} more" if len(used) > 1 else ""
            yield Finding(
                message=f"TASKS[{alias!r}] is the immediate backend: a request runs {used[0].name}{others}.",
                hint=f"Set TASKS[{alias!r}] to a backend with a worker, and run the worker.",
                subject=f"TASKS[{alias!r}]",
                at=facts.origin("TASKS", alias, "BACKEND") or used[0].at,
            )
