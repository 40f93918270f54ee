import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

BROKER = {"CELERY_BROKER_URL": "redis://a/0"}


def judge(files=None, settings_module=None, **settings):
    return run_check(
        "celery.pickle", settings={**BROKER, **settings}, files=files, settings_module=settings_module
    )


@pytest.mark.parametrize(
    ("name", "value", "verb"),
    [
        ("CELERY_ACCEPT_CONTENT", ["json", "pickle"], "accepts"),
        ("CELERY_ACCEPT_CONTENT", {"application/x-python-serialize"}, "accepts"),
        ("CELERY_RESULT_ACCEPT_CONTENT", ("pickle",), "accepts"),
        ("CELERY_TASK_SERIALIZER", "pickle", "is"),
        ("CELERY_RESULT_SERIALIZER", "pickle", "is"),
        ("CELERY_EVENT_SERIALIZER", "pickle", "is"),
    ],
)
def test_setting(name, value, verb):
    (finding,) = judge({"conf.py": f"{name} = {value!r}\n"}, "conf", **{name: value}).findings
    assert finding.message == (
        f"{name} {verb} pickle: who can write into the broker or the results runs code here."
    )
    assert finding.hint == f"Remove {name}, or use JSON in it."
    assert (finding.severity, str(finding.at)) == (Severity.ERROR, "conf.py:1")


def test_task_of_its_own():
    files = {
        "shop/tasks.py": "from celery import shared_task\n@shared_task(serializer='pickle')\ndef a(): ...\n"
    }
    (finding,) = judge(files).findings
    assert finding.message == ("The task a is sent with pickle, which workers then accept from anybody.")
    assert (finding.subject, str(finding.at)) == ("shop/tasks.py:a", "shop/tasks.py:2")


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"CELERY_ACCEPT_CONTENT": ["json"]},
        {"CELERY_ACCEPT_CONTENT": "json"},
        {"CELERY_ACCEPT_CONTENT": ["json", "msgpack", "yaml"]},
        {"CELERY_ACCEPT_CONTENT": ["application/x-signed-pickle"], "CELERY_TASK_SERIALIZER": "auth"},
        {"CELERY_ACCEPT_CONTENT": None},
        {"CELERY_ACCEPT_CONTENT": [["pickle"]]},
    ],
)
def test_silent(settings):
    files = {
        "shop/tasks.py": "from celery import shared_task\n@shared_task(serializer='json')\ndef a(): ...\n"
    }
    assert judge(files, **settings).outcome is Outcome.PASS


def test_not_applicable_without_celery():
    assert run_check("celery.pickle").outcome is Outcome.NOT_APPLICABLE
