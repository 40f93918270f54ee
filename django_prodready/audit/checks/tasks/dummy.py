"""Django's tasks are noted down and never run.

What it checks
--------------
Each alias of `TASKS` whose backend is `DummyBackend`, of Django 6.0 or of the package django-tasks. An alias
other than `default` that no task of the project names is a warning.

Why it matters
--------------
The backend is for tests: `enqueue()` succeeds, the result says "ready", and nothing ever happens. No mail
is sent, no report is made, and nothing is logged.

When it is wrong
----------------
Never for tasks that must run.

How to fix
----------
Configure a backend with a worker, such as that of django-tasks-db, and run the worker:
`TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}`.

Source
------
[Dummy backend](https://docs.djangoproject.com/en/stable/topics/tasks/#dummy-backend)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.tasks_backends import find_django_tasks, is_backend, task_backends

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (Case(settings={"TASKS": {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}}),)
GOOD = (
    Case(settings={}),
    Case(settings={"TASKS": {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}}),
)


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each alias whose tasks never run."""
    backends = task_backends(facts)
    if not backends:
        raise NotApplicable("the project has no tasks of Django's")
    named = {"default", *(task.backend for task in find_django_tasks(facts))}
    for alias, path in backends.items():
        if is_backend(path, "dummy.DummyBackend"):
            yield Finding(
                message=f"TASKS[{alias!r}] is the dummy backend: its tasks are noted down and never run.",
                hint=f"Set TASKS[{alias!r}] to a backend with a worker, and run the worker.",
                subject=f"TASKS[{alias!r}]",
                severity=Severity.ERROR if alias in named else Severity.WARNING,
                at=facts.origin("TASKS", alias, "BACKEND"),
            )
