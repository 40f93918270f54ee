import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

POSTGRES = "django.db.backends.postgresql"


def judge(engine=POSTGRES, files=None, settings_module=None, **more):
    database = {"ENGINE": engine, "NAME": "shop", "HOST": "db", **more}
    return run_check(
        "db.no-health-checks",
        settings={"DATABASES": {"default": database}},
        files=files,
        settings_module=settings_module,
    )


@pytest.mark.parametrize("age_s", [600, 0.5, None])
def test_fires(age_s):
    (finding,) = judge(CONN_MAX_AGE=age_s).findings
    assert finding.subject == "DATABASES['default']"
    assert f"CONN_MAX_AGE = {age_s}" in finding.message


def test_fires_when_switched_off():
    assert judge(CONN_MAX_AGE=600, CONN_HEALTH_CHECKS=False).outcome is Outcome.FAIL


@pytest.mark.parametrize("age_s", [600, None])
def test_is_silent(age_s):
    assert judge(CONN_MAX_AGE=age_s, CONN_HEALTH_CHECKS=True).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("engine", "more"),
    [
        (POSTGRES, {}),
        (POSTGRES, {"CONN_MAX_AGE": 0}),
        (POSTGRES, {"CONN_MAX_AGE": "600"}),
        (POSTGRES, {"OPTIONS": {"pool": True}}),
        ("django.db.backends.sqlite3", {"CONN_MAX_AGE": 600}),
        ("django_db_geventpool.backends.postgresql_psycopg3", {"CONN_MAX_AGE": 600}),
        ("django.db.backends.dummy", {"CONN_MAX_AGE": None}),
    ],
)
def test_is_not_applicable(engine, more):
    assert judge(engine, **more).outcome is Outcome.NOT_APPLICABLE


def test_one_finding_for_each_connection():
    database = {"ENGINE": POSTGRES, "NAME": "shop", "HOST": "db", "CONN_MAX_AGE": 60}
    databases = {"default": {**database, "CONN_HEALTH_CHECKS": True}, "replica": database}
    result = run_check("db.no-health-checks", settings={"DATABASES": databases})
    assert [finding.subject for finding in result.findings] == ["DATABASES['replica']"]


def test_says_where():
    source = (
        f'DATABASES = {{"default": {{"ENGINE": "{POSTGRES}", "NAME": "shop", "HOST": "db"}}}}\n'
        'DATABASES["default"]["CONN_MAX_AGE"] = 600\n'
    )
    (finding,) = judge(files={"conf.py": source}, settings_module="conf", CONN_MAX_AGE=600).findings
    assert str(finding.at) == "conf.py:2"
