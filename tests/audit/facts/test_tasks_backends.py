import django
import pytest
from django.test import override_settings

from django_prodready.audit.facts.tasks_backends import find_django_tasks, is_backend, task_backends
from django_prodready.audit.model import Case
from django_prodready.audit.testing import project

KNOWN = django.VERSION >= (6, 0)
OWN = "django.tasks.backends.immediate.ImmediateBackend"


def backends(**settings):
    with project(Case(settings=settings)) as facts:
        return dict(task_backends(facts))


def test_default_is_django_s():
    assert backends() == ({"default": OWN} if KNOWN else {})


def test_what_is_configured():
    assert backends(TASKS={"default": {"BACKEND": OWN}, "mail": {"BACKEND": "a.B"}}) == (
        {"default": OWN, "mail": "a.B"} if KNOWN else {"mail": "a.B"}
    )
    assert backends(TASKS={"default": {}, "mail": None}) == {}
    assert backends(TASKS=[]) == {}


def test_default_of_the_package():
    with project(Case(settings={"TASKS": None})) as facts, override_settings(INSTALLED_APPS=[]):
        assert task_backends(facts) == {}
        facts.has_app = lambda dotted: dotted == "django_tasks"
        assert list(task_backends(facts).values()) == ["django_tasks.backends.immediate.ImmediateBackend"]


def test_subclass():
    files = {
        "django_tasks/__init__.py": "",
        "django_tasks/backends/__init__.py": "",
        "django_tasks/backends/dummy.py": "class DummyBackend: ...\n",
        "shop/queue.py": "from django_tasks.backends.dummy import *\nclass Own(DummyBackend): ...\n",
    }
    with project(Case(files=files)):
        assert is_backend("shop.queue.Own", "dummy.DummyBackend")
        assert not is_backend("shop.queue.Own", "immediate.ImmediateBackend")
        assert not is_backend("shop.absent.Own", "dummy.DummyBackend")
        assert not is_backend("shop.queue", "dummy.DummyBackend")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from django.tasks import task\n@task\ndef a(): ...\n", [("a", "default", 2)]),
        (
            "from django_tasks import task as job\n@job(backend='mail')\nasync def a(): ...\n",
            [("a", "mail", 2)],
        ),
        ("from django import tasks\n@tasks.task(backend=NAME)\ndef a(): ...\n", [("a", None, 2)]),
        ("from django.tasks import Task, task\n@cached\n@other.task\ndef a(): ...\n", []),
        ("from huey.contrib.djhuey import task\n@task\ndef a(): ...\n", []),
        ("from django.tasks import task\n@task(\n", []),
    ],
)
def test_tasks(text, expected):
    with project(Case(files={"shop/tasks.py": text})) as facts:
        assert [(task.name, task.backend, task.at.line) for task in find_django_tasks(facts)] == expected
