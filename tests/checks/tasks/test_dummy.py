import django
import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

PACKAGE = "django_tasks.backends.dummy.DummyBackend"
TASK = "from django_tasks import task\n@task(backend='mail')\ndef send(): ...\n"


def judge(backends=None, files=None, settings_module=None):
    tasks = {alias: {"BACKEND": backend} for alias, backend in (backends or {}).items()}
    settings = {} if backends is None else {"TASKS": tasks}
    return run_check("tasks.dummy", settings=settings, files=files, settings_module=settings_module)


def test_default():
    conf = {"conf.py": f"TASKS = {{\n    'default': {{'BACKEND': {PACKAGE!r}}},\n}}\n"}
    (finding,) = judge({"default": PACKAGE}, conf, "conf").findings
    assert finding.message == "TASKS['default'] is the dummy backend: its tasks are noted down and never run."
    assert finding.hint == "Set TASKS['default'] to a backend with a worker, and run the worker."
    assert (finding.severity, str(finding.at)) == (Severity.ERROR, "conf.py:2")


def test_other_alias():
    backends = {"default": "a.B", "mail": PACKAGE}
    (finding,) = judge(backends).findings
    assert finding.severity is Severity.WARNING
    (finding,) = judge(backends, {"shop/tasks.py": TASK}).findings
    assert finding.severity is Severity.ERROR


@pytest.mark.skipif(django.VERSION < (6, 0), reason="Django 6.0 brought tasks")
def test_backend_of_django():
    assert judge({"default": "django.tasks.backends.dummy.DummyBackend"}).outcome is Outcome.FAIL
    assert judge().outcome is Outcome.PASS


@pytest.mark.parametrize(
    "backend",
    ["django_tasks.backends.immediate.ImmediateBackend", "django_tasks_db.DatabaseBackend", "absent.B"],
)
def test_silent(backend):
    assert judge({"default": backend}).outcome is Outcome.PASS


def test_not_applicable():
    assert judge({}).outcome is Outcome.NOT_APPLICABLE
