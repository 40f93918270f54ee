import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

APP = "from celery import Celery\napp = Celery()\n"
APP += "app.config_from_object('django.conf:settings', namespace='CELERY')\n"
WORKER = {"compose.yaml": "services:\n  worker:\n    command: celery -A shop worker\n"}
HOST = {"compose.yaml": WORKER["compose.yaml"] + "    network_mode: host\n"}
LOCAL = "amqp://guest:guest@localhost:5672//"


def judge(url=None, files=None, environ=None, app=APP, **settings):
    if url is not None:
        settings["CELERY_BROKER_URL"] = url
    files = {"shop/celery.py": app, **(files or {})}
    return run_check("celery.broker", settings=settings, files=files, environ=environ)


@pytest.mark.parametrize(
    ("url", "severity", "words"),
    [
        ("memory://", Severity.CRITICAL, "the memory of one process"),
        ("memory://localhost/", Severity.CRITICAL, "the memory of one process"),
        ("filesystem://", Severity.ERROR, "a folder of one machine"),
        ("sqla+sqlite:///db.sqlite3", Severity.CRITICAL, "a SQLite file of one machine"),
        ("sqlalchemy+sqlite:///db.sqlite3", Severity.CRITICAL, "a SQLite file of one machine"),
    ],
)
def test_broker_that_nobody_shares(url, severity, words):
    (finding,) = judge(url).findings
    assert finding.message == (
        f"CELERY_BROKER_URL keeps the queue in {words}, which a worker elsewhere never sees."
    )
    assert finding.hint.startswith("Set CELERY_BROKER_URL to a broker that web and worker both reach")
    assert finding.severity is severity


@pytest.mark.parametrize("url", [LOCAL, "pyamqp://127.0.0.1//", "amqp://", "amqp://guest@[::1]//"])
def test_local_rabbitmq_with_a_worker_elsewhere(url):
    (finding,) = judge(url, WORKER).findings
    assert finding.message == (
        "CELERY_BROKER_URL is RabbitMQ on localhost, which is another place for the worker that compose.yaml"
        " starts."
    )
    assert finding.severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("url", "files", "place"),
    [
        (LOCAL, None, " at localhost"),
        (LOCAL, HOST, " at localhost"),
        ("amqp://", None, ""),
        ("amqp://guest:guest@rabbitmq:5672//", WORKER, " at rabbitmq"),
    ],
)
def test_account_that_everybody_knows(url, files, place):
    (finding,) = judge(url, files).findings
    assert finding.message == f"CELERY_BROKER_URL is RabbitMQ{place} with its default account and password."
    assert finding.severity is Severity.WARNING


def test_nothing_set_and_a_worker_elsewhere():
    for url, severity in ((None, Severity.ERROR), ("", Severity.WARNING), ([], Severity.WARNING)):
        (finding,) = judge(url, WORKER).findings
        assert finding.message == (
            "No broker is set that this run can see, so Celery takes RabbitMQ at localhost:5672, where the"
            " worker of compose.yaml hardly finds one."
        )
        assert (finding.severity, str(finding.at)) == (severity, "compose.yaml:3")


def test_environment_wins():
    (finding,) = judge("redis://a/0", environ={"CELERY_BROKER_URL": "memory://"}).findings
    assert finding.subject == "the environment's CELERY_BROKER_URL"


def test_each_address():
    assert len(judge("redis://a/0;memory://", CELERY_BROKER_READ_URL="filesystem://").findings) == 2


@pytest.mark.parametrize(
    ("url", "files", "settings"),
    [
        ("redis://localhost:6379/0", WORKER, {}),
        ("rediss://u:p@redis/0", WORKER, {}),
        ("sqs://", WORKER, {}),
        ("sqla+postgresql://u:p@db/queue", WORKER, {}),
        ("amqp://shop:secret@localhost//", WORKER, {}),
        ("amqp://guest:secret@rabbitmq//", WORKER, {}),
        ("amqp://[", WORKER, {}),
        (None, None, {}),
        (None, {"worker.service": "ExecStart=/srv/bin/celery -A shop worker\n"}, {}),
        (None, {"compose.yaml": WORKER["compose.yaml"] + "    environment: [CELERY_BROKER_URL]\n"}, {}),
        (None, {**WORKER, ".env.example": "CELERY_BROKER_URL=redis://redis/0\n"}, {}),
        (None, HOST, {}),
        (None, WORKER, {"CELERY_BROKER_READ_URL": "redis://a/0"}),
        (None, WORKER, {"CELERY_BROKER_TRANSPORT": "redis"}),
    ],
)
def test_silent(url, files, settings):
    assert judge(url, files, **settings).outcome is Outcome.PASS


def test_computed_address_is_not_judged():
    app = "from celery import Celery\napp = Celery(broker=find_broker())\n"
    assert judge(None, WORKER, app=app).outcome is Outcome.PASS


def test_not_applicable():
    assert judge("memory://", CELERY_TASK_ALWAYS_EAGER=True).outcome is Outcome.NOT_APPLICABLE
    assert run_check("celery.broker", files=WORKER).outcome is Outcome.NOT_APPLICABLE
