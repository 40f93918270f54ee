import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

HARD, SOFT = "CELERY_TASK_TIME_LIMIT", "CELERY_TASK_SOFT_TIME_LIMIT"
TASK = "from celery import shared_task\n@shared_task({})\ndef a(): ...\n"


def judge(command="", task="", files=None, **settings):
    files = {"Procfile": f"worker: {command}\n", "shop/tasks.py": TASK.format(task), **(files or {})}
    module = "conf" if "conf.py" in files else None
    return run_check("celery.soft-ge-hard", settings=settings, files=files, settings_module=module)


@pytest.mark.parametrize("soft", [300, 300.5, 400])
def test_settings(soft):
    files = {"conf.py": f"{HARD} = 300\n{SOFT} = {soft}\n"}
    (finding,) = judge(files=files, **{HARD: 300, SOFT: soft}).findings
    assert finding.message == (
        f"{SOFT} is {soft:g} s and {HARD} 300 s: SoftTimeLimitExceeded comes too late, and the process is"
        " killed in the middle of the work."
    )
    assert finding.hint == f"Set {SOFT} below {HARD} by what a task needs to clean up."
    assert (finding.severity, str(finding.at)) == (Severity.ERROR, "conf.py:2")


@pytest.mark.parametrize(
    ("command", "settings", "words"),
    [
        ("celery worker --time-limit 200", {HARD: 300, SOFT: 240}, f"{SOFT} is 240 s and --time-limit 200 s"),
        (
            "celery worker --soft-time-limit=300",
            {HARD: 300, SOFT: 240},
            f"--soft-time-limit is 300 s and {HARD}",
        ),
    ],
)
def test_command(command, settings, words):
    (finding,) = judge(command, **settings).findings
    assert words in finding.message
    assert str(finding.at) == "Procfile:1"


def test_same_pair_is_said_once():
    files = {"Procfile": "a: celery worker\nb: celery worker -Q mail\n"}
    assert len(judge(files=files, **{HARD: 1, SOFT: 1}).findings) == 1


@pytest.mark.parametrize(
    ("task", "settings"),
    [
        ("soft_time_limit=60, time_limit=30", {}),
        ("soft_time_limit=60", {HARD: 60, SOFT: 30}),
        ("time_limit=30", {HARD: 60, SOFT: 30}),
    ],
)
def test_task(task, settings):
    (finding,) = judge(task=task, **settings).findings
    assert finding.message.startswith("The task a has a soft time limit of ")
    assert str(finding.at) == "shop/tasks.py:2"


@pytest.mark.parametrize(
    ("command", "task", "settings"),
    [
        ("", "", {HARD: 300, SOFT: 240}),
        ("", "", {SOFT: 240}),
        ("", "", {HARD: 240}),
        ("", "", {HARD: 0, SOFT: 240}),
        ("", "", {HARD: "240", SOFT: 300}),
        ("celery worker --time-limit=600", "", {HARD: 240, SOFT: 300}),
        ("celery worker --time-limit=$LIMIT", "", {HARD: 240, SOFT: 300}),
        ("", "soft_time_limit=30, time_limit=60", {}),
        ("", "soft_time_limit=LIMIT, time_limit=60", {}),
        ("", "soft_time_limit=600, time_limit=None", {HARD: 300, SOFT: 240}),
        ("", "bind=True", {HARD: 300}),
    ],
)
def test_silent(command, task, settings):
    assert judge(command, task, **settings).outcome is Outcome.PASS


def test_not_applicable_without_celery():
    assert run_check("celery.soft-ge-hard").outcome is Outcome.NOT_APPLICABLE
