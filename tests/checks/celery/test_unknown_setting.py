import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

APP = "from celery import Celery\napp = Celery()\n"
BROKER = {"CELERY_BROKER_URL": "redis://a/0"}


def judge(files=None, settings_module=None, **settings):
    return run_check(
        "celery.unknown-setting", settings=settings, files=files, settings_module=settings_module
    )


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("CELERY_TASK_ACK_LATE", "CELERY_TASK_ACKS_LATE"),
        ("CELERY_TASK_TIME_LIMITS", "CELERY_TASK_TIME_LIMIT"),
        ("CELERY_WORKER_PREFETCH_MULTIPLER", "CELERY_WORKER_PREFETCH_MULTIPLIER"),
        ("CELERYBEAT_SCHEDULES", "CELERYBEAT_SCHEDULE"),
    ],
)
def test_near_miss(name, nearest):
    (finding,) = judge({"conf.py": f"\n{name} = 1\n"}, "conf", **BROKER, **{name: 1}).findings
    assert finding.message == f"{name} does nothing: Celery does not know it, and its setting is {nearest}."
    assert finding.hint == f"Rename {name} to {nearest}."
    assert (finding.severity, str(finding.at)) == (Severity.WARNING, "conf.py:2")


def test_without_a_namespace():
    files = {"shop/celery.py": APP + "app.config_from_object('django.conf:settings')\n"}
    (finding,) = judge(files, CELERY_TASK_TIME_LIMIT=300, CELERY_ACCEPT_CONTENT=["json"]).findings
    assert finding.hint == (
        "Rename CELERY_TASK_TIME_LIMIT to CELERYD_TASK_TIME_LIMIT, or pass namespace='CELERY' to"
        " config_from_object()."
    )


def test_on_the_application():
    files = {"shop/celery.py": APP + "app.conf.task_time_limits = 300\napp.conf.CELERYD_CONCURRENCY = 1\n"}
    (finding,) = judge(files).findings
    assert (finding.subject, str(finding.at)) == ("task_time_limits", "shop/celery.py:3")


def test_other_namespace():
    files = {"shop/celery.py": APP + "app.config_from_object('django.conf:settings', namespace='JOBS')\n"}
    (finding,) = judge(files, JOBS_TASK_ACK_LATE=True, JOBS_TASK_TIME_LIMIT=1).findings
    assert finding.subject == "JOBS_TASK_ACK_LATE"


@pytest.mark.parametrize(
    "settings",
    [
        {"CELERY_TASK_ACKS_LATE": True, "CELERYD_CONCURRENCY": 2, "CELERY_ALWAYS_EAGER": False},
        {"CELERY_ENABLED": True, "CELERY_APP": "shop", "CELERY_LOCK_EXPIRES": 60},
        {"CELERY_EMAIL_BACKEND": "x", "CELERY_EMAIL_TASK_CONFIG": {}, "CELERY_ONCE": {}},
        {"CELERY_TIME_ZONE": "UTC", "CELERY_REDIS_BACKEND_HEALTH_CHECK_INTERVAL": 10},
        {"BROKER_URL": "redis://a/0", "BROKERAGE_FEE": 1},
        {"TASK_ACK_LATE": True},
    ],
)
def test_silent(settings):
    assert judge(**{**BROKER, **settings}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("files", "module"),
    [
        ({"shop/tasks.py": "from django.conf import settings\nx = settings.CELERY_TASK_QUEUE\n"}, None),
        (
            {"shop/tasks.py": "from django.conf import settings\nif settings.CELERY_TASK_QUEUE == 1: ...\n"},
            None,
        ),
        ({"conf.py": "CELERY_TASK_QUEUE = 'a'\nCELERY_TASK_DEFAULT_QUEUE = CELERY_TASK_QUEUE\n"}, "conf"),
    ],
)
def test_name_of_the_project_s_own(files, module):
    assert judge(files, module, CELERY_TASK_QUEUE="a", **BROKER).outcome is Outcome.PASS


def test_keyword_of_the_name_is_no_use():
    files = {"shop/x.py": "override(CELERY_TASK_QUEUE='a')\n"}
    assert judge(files, CELERY_TASK_QUEUE="a", **BROKER).outcome is Outcome.FAIL


def test_module_of_configuration_leaves_django_s_settings_alone():
    files = {
        "shop/celery.py": APP + "app.config_from_object('shop.conf')\n",
        "shop/conf.py": "timezone = 'UTC'\n",
    }
    assert judge(files, CELERY_TASK_ACK_LATE=True).outcome is Outcome.PASS


def test_not_applicable_without_celery():
    assert judge(CELERY_TASK_ACK_LATE=True).outcome is Outcome.NOT_APPLICABLE
