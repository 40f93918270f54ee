import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

TASK = "from celery import shared_task\n@shared_task({})\ndef a(): ...\n{}\n"
OPTIONS = "CELERY_BROKER_TRANSPORT_OPTIONS"


def judge(url="redis://redis/0", task="", call="", command="", files=None, settings_module=None, **settings):
    files = {
        "Procfile": f"worker: {command}\n",
        "shop/tasks.py": TASK.format(task, call),
        **(files or {}),
    }
    named = {f"CELERY_{name}": value for name, value in settings.items()}
    return run_check(
        "celery.visibility-timeout",
        settings={"CELERY_BROKER_URL": url, **named},
        files=files,
        settings_module=settings_module,
    )


@pytest.mark.parametrize(
    ("url", "limit", "timeout"),
    [
        ("redis://:s3cret@redis/0", 3600, 3600),
        ("rediss://redis/0", 7200, 3600),
        ("sentinel://a:26379;sentinel://b:26379", 3600, 3600),
        ("sqs://", 1800, 1800),
    ],
)
def test_limit(url, limit, timeout):
    conf = {"conf.py": f"\nCELERY_TASK_TIME_LIMIT = {limit}\n"}
    result = judge(url, files=conf, settings_module="conf", TASK_ACKS_LATE=True, TASK_TIME_LIMIT=limit)
    (finding,) = result.findings
    assert finding.message == (
        f"Tasks are acknowledged late and may run for {limit} s, and the broker gives them to another worker"
        f" after {timeout} s: they run twice."
    )
    assert (
        finding.hint == f"Raise visibility_timeout in {OPTIONS} above CELERY_TASK_TIME_LIMIT, or lower that."
    )
    assert (finding.severity, finding.subject) == (Severity.ERROR, OPTIONS)
    assert str(finding.at) == "conf.py:2"


@pytest.mark.parametrize(
    "settings",
    [
        {"TASK_ANNOTATIONS": {"*": {"acks_late": True}}, "TASK_TIME_LIMIT": 7200},
        {"TASK_ACKS_LATE": True, "TASK_SOFT_TIME_LIMIT": 7200},
        {
            "TASK_ACKS_LATE": True,
            "TASK_TIME_LIMIT": 600,
            "BROKER_TRANSPORT_OPTIONS": {"visibility_timeout": 300},
        },
    ],
)
def test_other_ways(settings):
    assert judge(**settings).outcome is Outcome.FAIL


def test_limit_of_a_command():
    (finding,) = judge(
        command="celery worker --time-limit=7200", TASK_ACKS_LATE=True, TASK_TIME_LIMIT=60
    ).findings
    assert "the worker's time limit" in finding.hint
    assert str(finding.at) == "Procfile:1"


@pytest.mark.parametrize(
    ("task", "settings"),
    [
        ("acks_late=True, time_limit=7200", {}),
        ("acks_late=True", {"TASK_TIME_LIMIT": 7200}),
        ("soft_time_limit=7200", {"TASK_ACKS_LATE": True}),
    ],
)
def test_task(task, settings):
    (finding,) = judge(task=task, **settings).findings
    assert finding.message == (
        "The task a is acknowledged late and may run for 7200 s, and the broker gives it to another worker"
        " after 3600 s: it runs twice."
    )
    assert str(finding.at) == "shop/tasks.py:2"


def test_task_with_a_limit_of_its_own_is_named_beside_the_others():
    settings = {"TASK_ACKS_LATE": True, "TASK_TIME_LIMIT": 3600}
    assert len(judge(**settings).findings) == 1
    assert len(judge(task="time_limit=9000", **settings).findings) == 2


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("a.apply_async(countdown=86400)", "86400 s (countdown)"),
        ("a.apply_async(eta=timezone.now() + timedelta(days=1))", "86400 s (eta)"),
    ],
)
def test_delay(call, words):
    (finding,) = judge(call=call).findings
    assert finding.message == (
        f"A task is asked for in {words}, and the broker gives it to another worker after 3600 s: it runs"
        " more than once."
    )
    assert str(finding.at) == "shop/tasks.py:4"


def test_delay_of_retries():
    (finding,) = judge(task="default_retry_delay=2 * 3600").findings
    assert "is retried after 7200 s" in finding.message


@pytest.mark.parametrize(
    "arguments",
    [
        {"TASK_ACKS_LATE": True},
        {"TASK_ACKS_LATE": True, "TASK_TIME_LIMIT": 1800},
        {"TASK_TIME_LIMIT": 7200},
        {
            "TASK_ACKS_LATE": True,
            "TASK_TIME_LIMIT": 7200,
            "BROKER_TRANSPORT_OPTIONS": {"visibility_timeout": 9000},
        },
        {"task": "acks_late=True, time_limit=60"},
        {"task": "acks_late=False, time_limit=7200", "TASK_ACKS_LATE": True},
        {"task": "acks_late=LATE, time_limit=7200", "TASK_ACKS_LATE": True},
        {"task": "default_retry_delay=60"},
        {"call": "a.apply_async(countdown=3600)"},
        {"call": "a.apply_async(countdown=86400)", "BROKER_TRANSPORT_OPTIONS": {"visibility_timeout": 90000}},
        {"url": "sqs://", "TASK_ACKS_LATE": True, "TASK_TIME_LIMIT": 900},
        {"BROKER_TRANSPORT_OPTIONS": None, "TASK_ACKS_LATE": True},
    ],
)
def test_silent(arguments):
    assert judge(**arguments).outcome is Outcome.PASS


@pytest.mark.parametrize("url", ["amqp://u:p@mq//", "", None, "filesystem://"])
def test_other_brokers(url):
    assert judge(url, TASK_ACKS_LATE=True, TASK_TIME_LIMIT=7200).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("value", ["OPTIONS", "{'visibility_timeout': TIMEOUT}"])
def test_timeout_that_is_computed(value):
    app = "from celery import Celery\napp = Celery(broker='redis://a')\n"
    app += f"app.conf.broker_transport_options = {value}\n"
    assert judge(files={"shop/celery.py": app}).outcome is Outcome.NOT_RUN
