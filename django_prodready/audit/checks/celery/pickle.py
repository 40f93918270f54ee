"""Celery uses pickle, with which a message is a program.

What it checks
--------------
`accept_content` and `result_accept_content` for pickle, by name or media type, the serializers of tasks,
results and events, and the `serializer` of each task's own decorator. Signed content
(`application/x-signed-pickle` and the `auth` serializer) is not pickle and passes.

Why it matters
--------------
Unpickling runs code that the message chooses. Who can write into the queue or the result store, a Redis
without a password in a shared network is enough, runs commands as your worker or your site.

When it is wrong
----------------
Nobody but the site can ever reach broker and result store, and what the tasks get cannot be written as
JSON. The risk stays; state the reason in an ignore.

How to fix
----------
Remove the settings: JSON is Celery's default for all of them. Send primary keys instead of objects. While
old messages are still waiting, let the workers accept both for one release, and send JSON.

Source
------
[Serializers](https://docs.celeryq.dev/en/stable/userguide/calling.html#serializers),
[Security](https://docs.celeryq.dev/en/stable/userguide/security.html#serializers),
[pickle](https://docs.python.org/3/library/pickle.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.celery_settings import celery_settings
from django_prodready.audit.facts.celery_tasks import find_tasks

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(
        settings={"CELERY_ACCEPT_CONTENT": ["json", "pickle"], "CELERY_TASK_SERIALIZER": "pickle"}, expect=2
    ),
    Case(settings={"CELERY_ACCEPT_CONTENT": ["application/x-python-serialize"]}),
)
GOOD = (
    Case(settings={"CELERY_BROKER_URL": "redis://redis/0"}),
    Case(settings={"CELERY_ACCEPT_CONTENT": ["json"], "CELERY_TASK_SERIALIZER": "json"}),
    Case(
        settings={"CELERY_ACCEPT_CONTENT": ["application/x-signed-pickle"], "CELERY_TASK_SERIALIZER": "auth"}
    ),
)

# https://github.com/celery/kombu/blob/main/kombu/serialization.py
_PICKLE = frozenset({"pickle", "application/x-python-serialize"})
_OPTIONS = (
    "accept_content", "result_accept_content", "task_serializer", "result_serializer", "event_serializer",
)  # fmt: skip


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each option, and each task, that uses pickle."""
    settings = celery_settings(facts)
    for option in _OPTIONS:
        value = settings.value(option)
        items = value if isinstance(value, list | tuple | set | frozenset) else [value]
        if not _PICKLE.isdisjoint(item for item in items if isinstance(item, str)):
            name = settings.name(option)
            verb = "accepts" if option.endswith("content") else "is"
            yield Finding(
                message=f"{name} {verb} pickle: who can write into the broker or the results runs code here.",
                hint=f"Remove {name}, or use JSON in it.",
                subject=name,
                at=settings.origin(option),
            )
    for task in find_tasks(facts):
        if task.value("serializer") in ("pickle", "application/x-python-serialize"):
            yield Finding(
                message=f"The task {task.name} is sent with pickle, which workers then accept from anybody.",
                hint=f"Remove serializer from the decorator of {task.name}, and send what JSON can hold.",
                subject=f"{task.at.file}:{task.name}",
                at=task.at,
            )
