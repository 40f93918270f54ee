"""Celery: values by the kind of broker, every name one that Celery reads."""

import importlib.metadata
import sys

import pytest
from celery import Celery as App
from celery.app.defaults import NAMESPACES, flatten
from configurations import importer
from configurations.utils import uppercase_attributes

from django_prodready.settings.mixins.celery import Celery

REDIS = {"CELERY_BROKER_URL": "redis://redis:6379/0"}
RABBITMQ = {"CELERY_BROKER_URL": "amqps://shop:ncVwSEYbC6@rabbit/shop"}
OTHER = {"CELERY_BROKER_URL": "sqs://"}
RESULTS = {"CELERY_RESULT_BACKEND": "redis://redis:6379/1"}
# Documented, read by name, and in no table of Celery's.
READ_BY_NAME = {"redis_backend_health_check_interval"}


def celery_settings(found):
    return {name: value for name, value in found.items() if name.startswith("CELERY_")}


@pytest.mark.parametrize("environ", [REDIS, RABBITMQ, OTHER, REDIS | RESULTS])
@pytest.mark.parametrize("is_idempotent", [True, False])
def test_celery_knows_every_name(applied, environ, is_idempotent):
    found = celery_settings(applied(Celery, environ=environ, TASKS_ARE_IDEMPOTENT=is_idempotent))

    known = {name for name, _ in flatten(NAMESPACES)} | READ_BY_NAME
    assert {name.removeprefix("CELERY_").lower() for name in found} <= known


def test_celery_reads_what_is_in_no_table(applied):
    found = celery_settings(applied(Celery, environ=REDIS | RESULTS))
    app = App(set_as_current=False)
    app.config_from_object(type("Module", (), found), namespace="CELERY")

    parameters = app.backend.connparams
    assert parameters["health_check_interval"] == 10
    assert (parameters["socket_timeout"], parameters["socket_connect_timeout"]) == (3.0, 3.0)
    assert app.backend.retry_policy["timeout"] == 3.0


def test_redis(applied):
    found = applied(Celery, environ=REDIS, module={"TIME_ZONE": "Europe/Berlin"})

    assert found["CELERY_BROKER_URL"] == REDIS["CELERY_BROKER_URL"]
    assert (found["CELERY_TASK_TIME_LIMIT"], found["CELERY_TASK_SOFT_TIME_LIMIT"]) == (1800, 1740)
    assert found["CELERY_BROKER_TRANSPORT_OPTIONS"] == {
        "visibility_timeout": 1800 + 1800 + 300,
        "socket_timeout": 3,
        "socket_connect_timeout": 3,
        "socket_keepalive": True,
        "health_check_interval": 10,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
    }
    assert found["CELERY_TIMEZONE"] == "Europe/Berlin"
    assert found["CELERY_TASK_IGNORE_RESULT"] is True
    assert found["CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT"] == 15.0
    assert not {"CELERY_BROKER_HEARTBEAT", "CELERY_TASK_DEFAULT_QUEUE_TYPE", "CELERY_TASK_ACKS_LATE"} & set(
        found
    )


def test_rabbitmq(applied):
    found = applied(Celery, environ=RABBITMQ)

    assert (found["CELERY_TASK_TIME_LIMIT"], found["CELERY_TASK_SOFT_TIME_LIMIT"]) == (1500, 1440)
    assert found["CELERY_BROKER_TRANSPORT_OPTIONS"] == {
        "confirm_publish": True,
        "read_timeout": 3,
        "write_timeout": 3,
    }
    assert found["CELERY_BROKER_HEARTBEAT"] == 30
    assert found["CELERY_TASK_DEFAULT_QUEUE_TYPE"] == "quorum"
    assert "CELERY_TASK_DEFAULT_QUEUE_TYPE" not in applied(Celery, environ=RABBITMQ, QUORUM_QUEUES=False)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("sqs://", "other"),
        ("sentinel://a:26379/0;sentinel://b:26379/0", "redis"),
        (["redis://a/0", "redis://b/0"], "redis"),
        ("shop.transport:Transport://", "other"),
    ],
)
def test_kinds_of_brokers(applied, url, kind):
    found = applied(Celery, CELERY_BROKER_URL=url)

    options = found.get("CELERY_BROKER_TRANSPORT_OPTIONS", {})
    assert ("visibility_timeout" in options) is (kind == "redis")
    assert found["CELERY_BROKER_URL"] == url


@pytest.mark.parametrize(
    ("limit_s", "countdown_s", "visibility_s"),
    [(1800, 0, 3900), (60, 0, 420), (60, 86_400, 86_760), (1800, 600, 3900)],
)
def test_a_message_outlasts_the_wait_and_the_run(applied, limit_s, countdown_s, visibility_s):
    found = applied(
        Celery,
        environ=REDIS,
        CELERY_TASK_TIME_LIMIT=limit_s,
        CELERY_TASK_SOFT_TIME_LIMIT=None,
        LONGEST_COUNTDOWN=countdown_s,
    )

    assert found["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"] == visibility_s


@pytest.mark.parametrize(("own_s", "visibility_s"), [(60, 3900), (43_200, 43_200), (None, 3900)])
def test_options_of_the_project_stay_unless_they_are_too_short(applied, own_s, visibility_s):
    own = {"global_keyprefix": "shop:", "visibility_timeout": own_s, "socket_timeout": 8}

    for module in ({"CELERY_BROKER_TRANSPORT_OPTIONS": own}, {}):
        attributes = {} if module else {"CELERY_BROKER_TRANSPORT_OPTIONS": own}
        found = applied(Celery, environ=REDIS, module=module, **attributes)

        options = found["CELERY_BROKER_TRANSPORT_OPTIONS"]
        assert (options["global_keyprefix"], options["socket_timeout"]) == ("shop:", 8)
        assert options["visibility_timeout"] == visibility_s


def test_a_short_limit_leaves_half_of_it_to_clean_up(applied):
    assert applied(Celery, environ=REDIS, CELERY_TASK_TIME_LIMIT=30)["CELERY_TASK_SOFT_TIME_LIMIT"] == 15


def test_tasks_that_may_run_twice_are_not_lost(applied):
    found = applied(Celery, environ=REDIS, TASKS_ARE_IDEMPOTENT=True)

    assert found["CELERY_TASK_ACKS_LATE"] is True
    assert found["CELERY_WORKER_PREFETCH_MULTIPLIER"] == 1
    assert found["CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS"] is True
    assert found["CELERY_TASK_RETRY_ON_WORKER_LOST"] is True


class TestResults:
    def test_asking_for_one_is_bounded(self, applied):
        found = applied(Celery, environ=REDIS | RESULTS)

        assert found["CELERY_TASK_IGNORE_RESULT"] is False
        assert (found["CELERY_TASK_TRACK_STARTED"], found["CELERY_RESULT_EXPIRES"]) == (True, 3600)
        assert found["CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS"] == {"retry_policy": {"timeout": 3.0}}
        assert "CELERY_REDIS_BACKEND_USE_SSL" not in found

    def test_options_of_the_project_stay(self, applied):
        own = {"global_keyprefix": "shop:", "retry_policy": {"max_retries": 2}}

        found = applied(
            Celery, environ=REDIS | RESULTS, module={"CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS": own}
        )

        assert found["CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS"] == {
            "global_keyprefix": "shop:",
            "retry_policy": {"timeout": 3.0, "max_retries": 2},
        }

    @pytest.mark.parametrize(("query", "is_set"), [("", True), ("?ssl_cert_reqs=required", False)])
    def test_certificates_are_looked_at(self, applied, query, is_set):
        environ = REDIS | {"CELERY_RESULT_BACKEND": f"rediss://redis:6379/1{query}"}

        found = applied(Celery, environ=environ)

        assert found.get("CELERY_REDIS_BACKEND_USE_SSL") == (
            {"ssl_cert_reqs": "required"} if is_set else None
        )

    def test_other_backends_are_left_alone(self, applied):
        found = applied(Celery, environ=REDIS | {"CELERY_RESULT_BACKEND": "django-db"})

        assert found["CELERY_RESULT_BACKEND"] == "django-db"
        assert "CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS" not in found


@pytest.mark.parametrize(
    ("environ", "attributes", "told"),
    [
        ({}, {}, ["CELERY_BROKER_URL"]),
        ({"CELERY_BROKER_URL": "redis://p@ss@redis/0"}, {}, ["CELERY_BROKER_URL"]),
        (REDIS | {"CELERY_RESULT_BACKEND": "redis://hunter2@redis/0"}, {}, ["CELERY_RESULT_BACKEND"]),
        (REDIS, {"CELERY_TASK_TIME_LIMIT": None}, ["CELERY_TASK_TIME_LIMIT"]),
        (REDIS, {"CELERY_TASK_TIME_LIMIT": True}, ["CELERY_TASK_TIME_LIMIT"]),
        (REDIS, {"CELERY_TASK_TIME_LIMIT": 0}, ["CELERY_TASK_TIME_LIMIT"]),
        (REDIS, {"CELERY_TASK_SOFT_TIME_LIMIT": 1800}, ["CELERY_TASK_SOFT_TIME_LIMIT"]),
        (REDIS, {"CELERY_TASK_SOFT_TIME_LIMIT": "60"}, ["CELERY_TASK_SOFT_TIME_LIMIT"]),
    ],
)
def test_what_cannot_be_is_named(problems, environ, attributes, told):
    found = problems(Celery, environ=environ, **attributes)

    assert [name for name, _ in found] == told
    assert "hunter2" not in str(found)


@pytest.mark.parametrize(
    ("version", "absent"),
    [
        ("5.7.0", set()),
        ("5.6.2", {"CELERY_TASK_RETRY_ON_WORKER_LOST"}),
        (
            "5.4.0",
            {
                "CELERY_TASK_RETRY_ON_WORKER_LOST",
                "CELERY_WORKER_ETA_TASK_LIMIT",
                "CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT",
                "CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE",
            },
        ),
    ],
)
def test_what_is_too_new_is_left_out(applied, monkeypatch, version, absent):
    newest = set(applied(Celery, environ=REDIS, TASKS_ARE_IDEMPOTENT=True))
    monkeypatch.setattr(importlib.metadata, "version", lambda _name: version)

    found = applied(Celery, environ=REDIS, TASKS_ARE_IDEMPOTENT=True)

    assert newest - set(found) == absent


def test_a_time_zone_of_its_own(applied):
    found = applied(Celery, environ=REDIS, module={"TIME_ZONE": "Europe/Berlin", "CELERY_TIMEZONE": "UTC"})

    assert found["CELERY_TIMEZONE"] == "UTC"


def test_the_build_needs_no_broker(applied, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["manage.py", "collectstatic"])
    for entry in ("django.core.wsgi", "django.core.asgi"):  # where they are imported, a site is served
        monkeypatch.delitem(sys.modules, entry, raising=False)

    assert "CELERY_BROKER_URL" in applied(Celery, environ={"PRODREADY_BUILD": "1"})


def test_again_is_once(applied):
    once = applied(Celery, environ=REDIS | RESULTS)

    assert applied(Celery, environ=REDIS | RESULTS, module=once) == once


def test_django_configurations_has_the_same(applied, monkeypatch):
    monkeypatch.setattr(importer, "installed", True)
    from configurations import Configuration

    for name, value in (REDIS | RESULTS).items():
        monkeypatch.setenv(name, value)
    base = {
        "TIME_ZONE": "Europe/Berlin",
        "CELERY_BROKER_TRANSPORT_OPTIONS": {"global_keyprefix": "shop:"},
    }

    cls = type("Prod", (Celery, type("Base", (Configuration,), dict(base))), {})
    cls.setup()

    plain = applied(Celery, environ=REDIS | RESULTS, module=base)
    assert celery_settings(uppercase_attributes(cls())) == celery_settings(plain)
