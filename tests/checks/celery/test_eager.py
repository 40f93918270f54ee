import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

APP = "from celery import Celery\napp = Celery()\n"


def judge(files=None, settings_module=None, **settings):
    return run_check("celery.eager", settings=settings, files=files, settings_module=settings_module)


@pytest.mark.parametrize("name", ["CELERY_TASK_ALWAYS_EAGER", "CELERY_ALWAYS_EAGER"])
@pytest.mark.parametrize("value", [True, 1, "False"])
def test_eager(name, value):
    (finding,) = judge({"conf.py": f"{name} = {value!r}\n"}, "conf", **{name: value}).findings
    assert finding.message == (
        f"{name} is {value!r}: every task runs inside the request that sends it, and no worker gets one."
    )
    assert finding.hint == f"Set {name} to False in production."
    assert (finding.severity, str(finding.at)) == (Severity.CRITICAL, "conf.py:1")


def test_eager_by_application():
    files = {"shop/celery.py": f"{APP}app.conf.update(task_always_eager=True)\n"}
    (finding,) = judge(files).findings
    assert (finding.subject, str(finding.at)) == ("app.conf.task_always_eager", "shop/celery.py:3")


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        (None, {"CELERY_BROKER_URL": "redis://a"}),
        (None, {"CELERY_TASK_ALWAYS_EAGER": False}),
        (None, {"CELERY_TASK_ALWAYS_EAGER": ""}),
        ({"shop/celery.py": f"{APP}app.conf.task_always_eager = TESTING\n"}, {}),
        ({"shop/celery.py": f"{APP}if x:\n    app.conf.task_always_eager = True\n"}, {}),
    ],
)
def test_silent(files, settings):
    assert judge(files, **settings).outcome is Outcome.PASS


def test_not_applicable_without_celery():
    assert judge().outcome is Outcome.NOT_APPLICABLE
    assert judge({"tests/test_tasks.py": APP}).outcome is Outcome.NOT_APPLICABLE
