import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

BROKER = {"CELERY_BROKER_URL": "redis://a/0"}
APP = "from celery import Celery\nfrom celery.schedules import crontab\napp = Celery()\n"
DJANGO = "app.config_from_object('django.conf:settings', namespace='CELERY')\n"
TIMETABLE = "app.conf.beat_schedule = {'a': {'schedule': crontab(hour=3)}}\n"


def judge(files=None, settings_module=None, **settings):
    return run_check("celery.timezone", settings=settings, files=files, settings_module=settings_module)


def test_other_zone():
    files = {"shop/celery.py": APP + DJANGO + TIMETABLE, "conf.py": "CELERY_TIMEZONE = 'UTC'\n"}
    (finding,) = judge(files, "conf", TIME_ZONE="Asia/Manila", CELERY_TIMEZONE="UTC").findings
    assert finding.message == (
        "Celery's timetable is in UTC and the site in Asia/Manila: an hour in a crontab is not the site's."
    )
    assert finding.hint == (
        "Set CELERY_TIMEZONE to 'Asia/Manila', or, where Django's settings hold the configuration, remove it."
    )
    assert (finding.severity, str(finding.at)) == (Severity.WARNING, "conf.py:1")


@pytest.mark.parametrize(
    ("files", "site", "zone"),
    [
        (None, "Asia/Manila", "UTC"),
        ({"shop/celery.py": APP.replace("crontab", "solar") + DJANGO}, "Asia/Manila", "UTC"),
        ({"shop/celery.py": APP + DJANGO + TIMETABLE}, "UTC", "Asia/Manila"),
    ],
)
def test_information_only(files, site, zone):
    (finding,) = judge(files, TIME_ZONE=site, CELERY_TIMEZONE=zone).findings
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize("zone", ["Europe/Berln", "../etc", "UTC+8"])
def test_no_zone(zone):
    (finding,) = judge(TIME_ZONE="UTC", CELERY_TIMEZONE=zone).findings
    assert finding.message == (
        f"CELERY_TIMEZONE is {zone!r}, which is no time zone: workers and beat do not start."
    )


def test_module_of_configuration_has_utc():
    files = {
        "shop/celery.py": APP + "app.config_from_object('shop.conf')\n" + TIMETABLE,
        "shop/conf.py": "a = 1\n",
    }
    (finding,) = judge(files, TIME_ZONE="Asia/Manila").findings
    assert (finding.subject, finding.at) == ("timezone", None)
    files["shop/conf.py"] = "timezone = 'Asia/Manila'\n"
    assert judge(files, TIME_ZONE="Asia/Manila").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "settings",
    [
        {"TIME_ZONE": "Asia/Manila"},
        {"TIME_ZONE": "Asia/Manila", "CELERY_TIMEZONE": "Asia/Manila"},
        {"TIME_ZONE": "Asia/Manila", "CELERY_TIMEZONE": None},
        {"TIME_ZONE": "Asia/Manila", "CELERY_TIMEZONE": "Asia/Singapore"},
        {"TIME_ZONE": "UTC", "CELERY_TIMEZONE": "Etc/UTC"},
        {"TIME_ZONE": "Asia/Manila", "CELERY_TIME_ZONE": "Asia/Manila"},
        {"TIME_ZONE": None, "CELERY_TIMEZONE": "UTC"},
    ],
)
def test_silent(settings):
    assert judge(**BROKER, **settings).outcome is Outcome.PASS


def test_computed_zone_is_not_judged():
    files = {"shop/celery.py": APP + DJANGO + "app.conf.timezone = zone()\n"}
    assert judge(files, TIME_ZONE="Asia/Manila").outcome is Outcome.PASS


def test_not_applicable_without_celery():
    assert judge(TIME_ZONE="Asia/Manila").outcome is Outcome.NOT_APPLICABLE
