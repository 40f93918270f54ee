import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

POSTGRES = "django.db.backends.postgresql"
MYSQL = "django.db.backends.mysql"
REMOTE = "db.example.org"


def judge(host=REMOTE, options=None, environ=None, engine=POSTGRES):
    database = {"ENGINE": engine, "NAME": "shop", "HOST": host, "OPTIONS": options or {}}
    return run_check("db.sslmode-disabled", settings={"DATABASES": {"default": database}}, environ=environ)


def test_fires():
    (finding,) = judge(options={"sslmode": "disable"}).findings
    assert finding.subject == "DATABASES['default']['OPTIONS']['sslmode']"
    assert finding.message == (
        "The connection 'default' to a PostgreSQL database on another machine is not encrypted:"
        " sslmode is 'disable'."
    )


@pytest.mark.parametrize("environ", [{"PGSSLMODE": "disable"}, {"PGSSLMODE": " Disable"}])
def test_fires_for_the_variable(environ):
    (finding,) = judge(environ=environ).findings
    assert finding.subject == "PGSSLMODE"
    assert finding.at is None


@pytest.mark.parametrize(
    ("options", "option"),
    [({"ssl_mode": "DISABLED"}, "ssl_mode"), ({"ssl_disabled": True}, "ssl_disabled")],
)
def test_fires_for_mysql(options, option):
    (finding,) = judge(options=options, engine=MYSQL).findings
    assert finding.subject == f"DATABASES['default']['OPTIONS']['{option}']"
    assert "ssl_mode to 'REQUIRED'" in finding.hint


@pytest.mark.parametrize(
    ("options", "environ"),
    [
        ({}, {}),
        ({"sslmode": "prefer"}, {}),
        ({"sslmode": "require"}, {}),
        ({"sslmode": "require"}, {"PGSSLMODE": "disable"}),
        ({"service": "shop"}, {"PGSSLMODE": "disable"}),
    ],
)
def test_is_silent(options, environ):
    assert judge(options=options, environ=environ).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "host",
    [
        "",
        "localhost",
        "127.0.0.1",
        "/run/postgresql",
        "db",
        "10.0.0.7",
        "shop.flycast",
        "top2.nearest.of.x.internal",
    ],
)
def test_is_not_applicable_nearby(host):
    assert judge(host, {"sslmode": "disable"}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("engine", ["django.db.backends.sqlite3", "mssql"])
def test_is_not_applicable_to(engine):
    assert judge(engine=engine).outcome is Outcome.NOT_APPLICABLE


def test_is_silent_about_oracle():
    assert judge(options={"ssl_disabled": True}, engine="django.db.backends.oracle").outcome is Outcome.PASS


def test_is_not_applicable_to_a_damaged_address():
    assert judge("ss%23.example.org", {"sslmode": "disable"}).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    source = (
        f'DATABASES = {{"default": {{"ENGINE": "{POSTGRES}", "NAME": "shop", "HOST": "{REMOTE}"}}}}\n'
        'DATABASES["default"]["OPTIONS"] = {"sslmode": "disable"}\n'
    )
    database = {"ENGINE": POSTGRES, "NAME": "shop", "HOST": REMOTE, "OPTIONS": {"sslmode": "disable"}}
    result = run_check(
        "db.sslmode-disabled",
        settings={"DATABASES": {"default": database}},
        files={"conf.py": source},
        settings_module="conf",
    )
    assert str(result.findings[0].at) == "conf.py:2"
