import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

LATE, MULTIPLIER = {"CELERY_TASK_ACKS_LATE": True}, "CELERY_WORKER_PREFETCH_MULTIPLIER"


def judge(command="", files=None, **settings):
    files = {"Procfile": f"worker: {command}\n", **(files or {})}
    module = "conf" if "conf.py" in files else None
    return run_check("celery.acks-late-prefetch", settings=settings, files=files, settings_module=module)


@pytest.mark.parametrize(
    ("settings", "words", "line"),
    [
        ({}, "4 tasks for each process", "conf.py:1"),
        ({MULTIPLIER: 8}, "8 tasks for each process", "conf.py:2"),
        ({MULTIPLIER: 0}, "every task that waits", "conf.py:2"),
    ],
)
def test_reserved(settings, words, line):
    conf = "CELERY_TASK_ACKS_LATE = True\n" + "".join(
        f"{name} = {value}\n" for name, value in settings.items()
    )
    (finding,) = judge("celery worker -Ofair", {"conf.py": conf}, **LATE, **settings).findings
    assert finding.message == (
        f"Tasks are acknowledged late and a worker reserves {words}: they wait for long ones."
    )
    assert finding.hint == f"Set {MULTIPLIER} to 1."
    assert (finding.severity, str(finding.at)) == (Severity.INFO, line)


@pytest.mark.parametrize(
    ("command", "settings"),
    [
        ("", {MULTIPLIER: 1}),
        ("", {"CELERYD_PREFETCH_MULTIPLIER": 1}),
        ("celery worker --prefetch-multiplier=1", {}),
        ("celery worker --disable-prefetch", {}),
        ("", {"CELERY_WORKER_DISABLE_PREFETCH": True}),
    ],
)
def test_silent(command, settings):
    assert judge(command, **LATE, **settings).outcome is Outcome.PASS


def test_computed_multiplier_is_not_judged():
    app = "from celery import Celery\napp = Celery()\napp.conf.update(task_acks_late=True, {})\n"
    files = {"shop/celery.py": app.format("worker_prefetch_multiplier=N")}
    assert judge(files=files).outcome is Outcome.PASS


def test_annotations():
    assert judge(CELERY_TASK_ANNOTATIONS={"*": {"acks_late": True}}).outcome is Outcome.FAIL


@pytest.mark.parametrize("settings", [{}, {"CELERY_BROKER_URL": "x"}, {"CELERY_TASK_ACKS_LATE": False}])
def test_not_applicable(settings):
    assert judge(**settings).outcome is Outcome.NOT_APPLICABLE
