import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

NAME = "CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT"
COMPOSE = "services:\n  celery:\n    command: celery -A shop worker\n    {}\n"


def judge(timeout, text, file="docker-compose.prod.yml"):
    return run_check("celery.grace-vs-soft-shutdown", settings={NAME: timeout}, files={file: text})


def test_same_moment():
    (finding,) = judge(60.0, COMPOSE.format("stop_grace_period: 60s")).findings
    assert finding.message == (
        f"{NAME} is 60 s and stop_grace_period 60 s: the worker is killed before it has put its unfinished"
        " tasks back."
    )
    assert finding.hint == f"Set stop_grace_period to 75 seconds, or lower {NAME}."
    assert (finding.severity, str(finding.at)) == (Severity.ERROR, "docker-compose.prod.yml:4")


def test_default():
    (finding,) = judge(30, COMPOSE.format("restart: always")).findings
    assert "stop_grace_period 10 s, by default:" in finding.message


def test_pod():
    pod = "spec:\n  terminationGracePeriodSeconds: 30\n  containers:\n    - command: [celery, worker]\n"
    (finding,) = judge(30, pod, "worker.yaml").findings
    assert finding.subject == "worker.yaml:terminationGracePeriodSeconds"


@pytest.mark.parametrize(
    ("timeout", "line"),
    [
        (60, "stop_grace_period: 75s"),
        (60, "stop_grace_period: 1m15s"),
        (5, "restart: always"),
        (60, "stop_grace_period: ${GRACE}"),
    ],
)
def test_silent(timeout, line):
    assert judge(timeout, COMPOSE.format(line)).outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE)


@pytest.mark.parametrize(
    ("timeout", "text"),
    [(0, COMPOSE.format("stop_grace_period: 1s")), (None, ""), (60, "services:\n  web:\n")],
)
def test_not_applicable(timeout, text):
    assert judge(timeout, text).outcome is Outcome.NOT_APPLICABLE
