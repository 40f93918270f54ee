import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

BROKER = {"CELERY_BROKER_URL": "redis://a/0"}
TASKS = "from celery import shared_task\n@shared_task(time_limit=5)\ndef a(): ...\n"


def judge(command="", tasks="", **settings):
    files = {"Procfile": f"worker: {command}\n", "shop/tasks.py": tasks}
    return run_check("celery.no-time-limit", settings={**BROKER, **settings}, files=files)


@pytest.mark.parametrize(
    ("command", "tasks", "settings"),
    [
        ("", "", {}),
        ("celery -A shop worker -l info", "", {}),
        ("", TASKS + "@shared_task\ndef b(): ...\n", {}),
        ("", "", {"CELERY_TASK_TIME_LIMIT": None}),
        ("", "", {"CELERY_TASK_ANNOTATIONS": {"shop.tasks.a": {"time_limit": 5}}}),
    ],
)
def test_no_limit(command, tasks, settings):
    (finding,) = judge(command, tasks, **settings).findings
    assert finding.message == (
        "Celery's tasks have no time limit: one that hangs holds its worker process until a restart."
    )
    assert finding.hint == (
        "Set CELERY_TASK_TIME_LIMIT, such as to 1800 seconds, and CELERY_TASK_SOFT_TIME_LIMIT a little lower."
    )
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("command", "settings"),
    [
        ("", {"CELERY_TASK_SOFT_TIME_LIMIT": 60}),
        ("celery -A shop worker --soft-time-limit 60", {}),
    ],
)
def test_only_a_soft_limit(command, settings):
    (finding,) = judge(command, **settings).findings
    assert "only a soft time limit" in finding.message
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    ("command", "tasks", "settings"),
    [
        ("", "", {"CELERY_TASK_TIME_LIMIT": 300}),
        ("", "", {"CELERYD_TASK_TIME_LIMIT": 300}),
        ("celery -A shop worker --time-limit=300", "", {}),
        ("celery -A shop worker --time-limit=$LIMIT", "", {}),
        ("", "", {"CELERY_TASK_ANNOTATIONS": {"*": {"time_limit": 5}}}),
        ("", TASKS, {}),
        ("", TASKS.replace("5", "LIMIT"), {}),
    ],
)
def test_silent(command, tasks, settings):
    assert judge(command, tasks, **settings).outcome is Outcome.PASS


def test_computed_limit_of_the_application_is_one():
    files = {
        "shop/celery.py": "from celery import Celery\napp = Celery()\napp.conf.task_time_limit = LIMIT\n"
    }
    assert run_check("celery.no-time-limit", files=files).outcome is Outcome.PASS


def test_not_applicable():
    result = judge("celery -A shop worker -P gevent")
    assert (result.outcome, result.reason) == (
        Outcome.NOT_APPLICABLE,
        "the pool gevent has no hard time limit",
    )
    assert run_check("celery.no-time-limit").outcome is Outcome.NOT_APPLICABLE
