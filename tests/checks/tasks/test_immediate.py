import django
import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

OWN = "django.tasks.backends.immediate.ImmediateBackend"
PACKAGE = "django_tasks.backends.immediate.ImmediateBackend"
TASK = "from django.tasks import task\n\n\n@task({})\ndef mail(): ...\n"
PLAIN = TASK.format("")
since_6 = pytest.mark.skipif(django.VERSION < (6, 0), reason="Django 6.0 brought tasks")


def judge(task=PLAIN, files=None, settings_module=None, **settings):
    return run_check(
        "tasks.immediate",
        settings=settings,
        files={"shop/tasks.py": task, **(files or {})},
        settings_module=settings_module,
    )


@since_6
def test_default_of_django():
    (finding,) = judge().findings
    assert finding.message == "TASKS['default'] is the immediate backend: a request runs mail."
    assert finding.hint == "Set TASKS['default'] to a backend with a worker, and run the worker."
    assert (finding.severity, str(finding.at)) == (Severity.WARNING, "shop/tasks.py:4")


def test_configured():
    conf = {"conf.py": f"TASKS = {{\n    'default': {{'BACKEND': {PACKAGE!r}}},\n}}\n"}
    task = PLAIN + "\n@task\ndef report(): ...\n"
    result = judge(task, files=conf, settings_module="conf", TASKS={"default": {"BACKEND": PACKAGE}})
    (finding,) = result.findings
    assert finding.message.endswith("a request runs mail and 1 more.")
    assert str(finding.at) == "conf.py:2"


@since_6
def test_subclass():
    files = {"shop/__init__.py": "", "shop/q.py": "from django.tasks.backends.immediate import *\n"}
    files["shop/q.py"] += "class Own(ImmediateBackend): ...\n"
    assert judge(files=files, TASKS={"default": {"BACKEND": "shop.q.Own"}}).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("task", "backends"),
    [
        (PLAIN, {"default": "django_tasks_db.DatabaseBackend"}),
        (PLAIN, {"default": "django_tasks.backends.dummy.DummyBackend"}),
        (PLAIN, {"default": "a.B", "quick": PACKAGE}),
        (TASK.format("backend='slow'"), {"default": PACKAGE, "slow": "a.B"}),
        (TASK.format("backend=NAME"), {"default": PACKAGE}),
    ],
)
def test_silent(task, backends):
    tasks = {alias: {"BACKEND": backend} for alias, backend in backends.items()}
    assert judge(task, TASKS=tasks).outcome is Outcome.PASS


def test_not_applicable():
    assert judge("").outcome is Outcome.NOT_APPLICABLE
    assert judge(TASKS={}).outcome is Outcome.NOT_APPLICABLE
    assert judge("from celery import task\n@task\ndef a(): ...\n").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.skipif(django.VERSION >= (6, 0), reason="Django 6.0 brought tasks")
def test_not_applicable_before_django_had_tasks():
    assert judge(TASKS={"default": {"BACKEND": OWN}}).outcome is Outcome.NOT_APPLICABLE
