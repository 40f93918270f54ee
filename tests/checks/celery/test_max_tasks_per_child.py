import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

BROKER = {"CELERY_BROKER_URL": "redis://a/0"}


def judge(command="", **settings):
    files = {"Procfile": f"worker: {command}\n"}
    return run_check("celery.max-tasks-per-child", settings={**BROKER, **settings}, files=files)


@pytest.mark.parametrize("command", ["", "celery -A shop worker -l info"])
def test_never_replaced(command):
    (finding,) = judge(command).findings
    assert finding.message == (
        "Celery's worker processes are never replaced: what tasks leak stays until a restart."
    )
    assert finding.hint == (
        "Set CELERY_WORKER_MAX_TASKS_PER_CHILD, such as to 1000, or CELERY_WORKER_MAX_MEMORY_PER_CHILD."
    )
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    ("command", "settings"),
    [
        ("", {"CELERY_WORKER_MAX_TASKS_PER_CHILD": 100}),
        ("", {"CELERYD_MAX_TASKS_PER_CHILD": 100}),
        ("", {"CELERY_WORKER_MAX_MEMORY_PER_CHILD": 200_000}),
        ("celery -A shop worker --max-tasks-per-child=100", {}),
        ("celery -A shop worker --max-memory-per-child 200000", {}),
    ],
)
def test_silent(command, settings):
    assert judge(command, **settings).outcome is Outcome.PASS


def test_not_applicable():
    assert judge(CELERY_WORKER_POOL="threads").reason == "the pool threads has no processes to replace"
    assert run_check("celery.max-tasks-per-child").outcome is Outcome.NOT_APPLICABLE
