import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

NAME = "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP"


def judge(**settings):
    return run_check("celery.retry-on-startup", settings={"CELERY_BROKER_URL": "redis://a/0", **settings})


@pytest.mark.parametrize("settings", [{}, {NAME: None}, {"CELERY_BROKER_CONNECTION_RETRY": True}])
def test_not_set(settings):
    (finding,) = judge(**settings).findings
    assert finding.message == (
        f"{NAME} is not set: a worker that starts before its broker is left to a default that Celery 6"
        " changes."
    )
    assert finding.hint == f"Set {NAME} to True."
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize("settings", [{NAME: True}, {NAME: False}, {NAME.removeprefix("CELERY_"): True}])
def test_silent(settings):
    assert judge(**settings).outcome is Outcome.PASS


def test_not_applicable():
    assert judge(CELERY_TASK_ALWAYS_EAGER=True).outcome is Outcome.NOT_APPLICABLE
    assert run_check("celery.retry-on-startup").outcome is Outcome.NOT_APPLICABLE
