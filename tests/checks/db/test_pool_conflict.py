import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.facts import Facts
from django_prodready.audit.testing import run_check

POSTGRES = "django.db.backends.postgresql"
ORACLE = "django.db.backends.oracle"


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    """The packages that are taken to be installed; a test may change it."""
    packages = {"psycopg", "psycopg_pool"}
    monkeypatch.setattr(Facts, "is_installed", lambda facts, module: module in packages)
    return packages


def judge(engine=POSTGRES, pool=True, **more):
    database = {"ENGINE": engine, "NAME": "shop", "HOST": "db", "OPTIONS": {"pool": pool}, **more}
    return run_check("db.pool-conflict", settings={"DATABASES": {"default": database}})


@pytest.mark.parametrize("age_s", [60, 0.5, None, "0"])
@pytest.mark.parametrize(
    "engine",
    [
        POSTGRES,
        "django.contrib.gis.db.backends.postgis",
        "django_prometheus.db.backends.postgresql",
        "psqlextra.backend",
        "django_tenants.postgresql_backend",
        ORACLE,
    ],
)
def test_fires(engine, age_s):
    (finding,) = judge(engine, CONN_MAX_AGE=age_s).findings
    assert finding.subject == "DATABASES['default']['CONN_MAX_AGE']"
    assert f"CONN_MAX_AGE = {age_s!r}" in finding.message


@pytest.mark.parametrize("pool", [{"min_size": 2}, "true", 1])
def test_fires_for_any_pool(pool):
    assert judge(pool=pool, CONN_MAX_AGE=60).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("packages", "says"),
    [({"psycopg2"}, "psycopg 3 instead of psycopg2"), ({"psycopg"}, "the package psycopg_pool")],
)
def test_fires_for_a_missing_package(installed, packages, says):
    installed.clear()
    installed |= packages
    (finding,) = judge().findings
    assert finding.subject == "DATABASES['default']['OPTIONS']['pool']"
    assert f"asks for {says}, which is not installed." in finding.message


def test_says_nothing_of_drivers_where_there_is_none(installed):
    installed.clear()
    assert judge().outcome is Outcome.PASS


def test_is_silent_about_psycopg_for_oracle(installed):
    installed.clear()
    installed.add("psycopg2")
    assert judge(ORACLE).outcome is Outcome.PASS


@pytest.mark.parametrize("age_s", [0, 0.0, False])
def test_is_silent(age_s):
    assert judge(CONN_MAX_AGE=age_s).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("engine", "pool"),
    [
        (POSTGRES, False),
        (POSTGRES, {}),
        (POSTGRES, None),
        (ORACLE, False),
        ("django.db.backends.mysql", True),
        ("django.db.backends.sqlite3", True),
        ("dj_db_conn_pool.backends.postgresql", True),
        ("django.db.backends.dummy", True),
    ],
)
def test_is_not_applicable(engine, pool):
    assert judge(engine, pool, CONN_MAX_AGE=60).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    source = f'DATABASES = {{"default": {{"ENGINE": "{POSTGRES}", "NAME": "shop", "OPTIONS": OPTIONS}}}}\n'
    source += 'DATABASES["default"]["CONN_MAX_AGE"] = 60\n'
    database = {"ENGINE": POSTGRES, "NAME": "shop", "OPTIONS": {"pool": True}, "CONN_MAX_AGE": 60}
    result = run_check(
        "db.pool-conflict",
        settings={"DATABASES": {"default": database}},
        files={"conf.py": source},
        settings_module="conf",
    )
    assert str(result.findings[0].at) == "conf.py:2"
