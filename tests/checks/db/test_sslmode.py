import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

POSTGRES = "django.db.backends.postgresql"
MYSQL = "django.db.backends.mysql"
REMOTE = "shop.abc123.eu-west-1.rds.amazonaws.com"


def judge(host, options=None, environ=None, engine=POSTGRES, **more):
    database = {"ENGINE": engine, "NAME": "shop", "HOST": host, "OPTIONS": options or {}, **more}
    return run_check("db.sslmode", settings={"DATABASES": {"default": database}}, environ=environ)


@pytest.mark.parametrize(
    ("options", "environ", "says"),
    [
        ({}, {}, "sslmode is not set, so it is 'prefer'"),
        ({"sslmode": ""}, {}, "sslmode is not set"),
        ({"sslmode": "prefer"}, {}, "sslmode is 'prefer'"),
        ({"sslmode": "allow"}, {}, "sslmode is 'allow'"),
        ({}, {"PGSSLMODE": "prefer"}, "PGSSLMODE is 'prefer'"),
        ({"sslmode": "prefer"}, {"PGSSLMODE": "require"}, "sslmode is 'prefer'"),
        ({"sslrootcert": "/etc/ssl/ca.pem"}, {}, "sslmode is not set"),
    ],
)
def test_fires(options, environ, says):
    (finding,) = judge(REMOTE, options, environ).findings
    assert finding.severity is Severity.WARNING
    assert finding.subject == "DATABASES['default']"
    assert finding.message.startswith(
        "The connection 'default' to the PostgreSQL database can be read on its way"
    )
    assert says in finding.message
    assert "'require'" in finding.hint


def test_names_the_variable_to_change():
    (finding,) = judge(REMOTE, environ={"PGSSLMODE": "prefer"}).findings
    assert finding.hint.startswith("Set PGSSLMODE to")


@pytest.mark.parametrize(
    "engine",
    [
        "django.contrib.gis.db.backends.postgis",
        "django_prometheus.db.backends.postgresql",
        "django_tenants.postgresql_backend",
        "psqlextra.backend",
        "django_cockroachdb",
        "django_db_geventpool.backends.postgresql_psycopg3",
    ],
)
def test_fires_for_engines_made_of_the_same(engine):
    assert judge(REMOTE, engine=engine).outcome is Outcome.FAIL


@pytest.mark.parametrize("options", [{}, {"ssl_mode": "PREFERRED"}, {"ssl-mode": "preferred"}, {"ssl": {}}])
def test_fires_for_mysql(options):
    (finding,) = judge(REMOTE, options, engine=MYSQL).findings
    assert "['OPTIONS']['ssl_mode'] to 'REQUIRED'" in finding.hint


@pytest.mark.parametrize("host", ["db", "10.0.0.7", "postgres.railway.internal", "shop.flycast", "pgbouncer"])
@pytest.mark.parametrize("options", [{}, {"sslmode": "disable"}, {"sslmode": "prefer"}])
def test_is_an_info_in_a_private_network(host, options):
    (finding,) = judge(host, options).findings
    assert finding.severity is Severity.INFO
    assert "as private as the network" in finding.message


@pytest.mark.parametrize(
    ("options", "environ"),
    [
        ({"sslmode": "require"}, {}),
        ({"sslmode": "verify-ca"}, {}),
        ({"sslmode": "verify-full"}, {}),
        ({"sslmode": "Require"}, {}),
        ({}, {"PGSSLMODE": "require"}),
        ({"sslrootcert": "system"}, {}),
        ({}, {"PGSSLROOTCERT": "system"}),
        ({"gssencmode": "require"}, {}),
        ({"service": "shop"}, {}),
        ({}, {"PGSERVICE": "shop"}),
        ({"sslmode": "disable"}, {}),
        ({"sslmode": "no-such-mode"}, {}),
    ],
)
def test_is_silent(options, environ):
    assert judge(REMOTE, options, environ).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "options",
    [
        {"ssl_mode": "REQUIRED"},
        {"ssl-mode": "REQUIRED"},
        {"ssl_mode": "VERIFY_IDENTITY"},
        {"ssl": {"ca": "/etc/ssl/ca.pem"}},
        {"ssl": True},
        {"ssl_ca": "/etc/ssl/ca.pem"},
        {"read_default_file": "/etc/my.cnf"},
        {"ssl_disabled": True},
    ],
)
def test_is_silent_about_mysql(options):
    assert judge(REMOTE, options, engine=MYSQL).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("host", "more"),
    [
        ("", {}),
        ("/cloudsql/shop:europe-west1:main", {}),
        ("localhost", {}),
        ("127.0.0.1", {}),
        ("", {"options": {"service": "shop"}}),
        ("ss%23word.example.org", {}),
        (REMOTE, {"NAME": ""}),
        (REMOTE, {"engine": "django.db.backends.sqlite3"}),
        (REMOTE, {"engine": "django.db.backends.oracle"}),
        (REMOTE, {"engine": "mssql"}),
        (REMOTE, {"engine": "django_mongodb_backend"}),
    ],
)
def test_is_not_applicable(host, more):
    assert judge(host, **more).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    source = (
        f'DATABASES = {{"default": {{"ENGINE": "{POSTGRES}", "NAME": "shop", "HOST": "{REMOTE}"}}}}\n'
        'DATABASES["default"]["OPTIONS"] = {\n    "sslmode": "prefer",\n}\n'
    )
    database = {"ENGINE": POSTGRES, "NAME": "shop", "HOST": REMOTE, "OPTIONS": {"sslmode": "prefer"}}
    result = run_check(
        "db.sslmode",
        settings={"DATABASES": {"default": database}},
        files={"conf.py": source},
        settings_module="conf",
    )
    assert str(result.findings[0].at) == "conf.py:3"
