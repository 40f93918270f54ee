import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

POSTGRES = "django.db.backends.postgresql"
STRONG = "u7Vq-2kXw_Lr9TzB4mNc8HsD"


def judge(password="", environ=None, **more):
    database = {
        "ENGINE": POSTGRES,
        "NAME": "shop",
        "HOST": "db.example.org",
        "USER": "seller",
        "PASSWORD": password,
        **more,
    }
    return run_check("db.default-credentials", settings={"DATABASES": {"default": database}}, environ=environ)


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("seller", "is the name of its user."),
        ("Seller", "is the name of its user."),
        ("seller123", "is the name of its user with little behind it."),
        ("shop", "is the name of its database."),
        ("shop2026!", "is the name of its database with little behind it."),
        ("postgres", "is one of the first"),
        ("postgres1", "is one of the first"),
        ("pass", "is one of the first"),
        ("Password123!", "is one of the first"),
        ("root", "is one of the first"),
        ("mysecretpassword", "is one of the first"),
        ("123456", "is one of the first"),
        ("1234567890", "is one of the first"),
        ("1", "is one of the first"),
        ("changeme", "is one of the first"),
        ("change-me-please", "is the placeholder"),
        ("your-database-password", "is the placeholder"),
        ("your_db_password", "is the placeholder"),
        ("postgres_secret", "is the placeholder"),
        ("rootsecret", "is the placeholder"),
        ("<password>", "is the placeholder"),
        ("${DB_PASSWORD}", "is the placeholder"),
    ],
)
def test_fires(password, says):
    (finding,) = judge(password).findings
    assert finding.subject == "DATABASES['default']['PASSWORD']"
    assert f"The password of the database 'default' {says}" in finding.message
    assert password not in finding.hint.replace("secrets", "")


@pytest.mark.parametrize(
    "more",
    [
        {"HOST": "localhost"},
        {"HOST": "db"},
        {"HOST": "/cloudsql/shop:europe-west1:main"},
        {"HOST": "", "ENGINE": "django.db.backends.mysql"},
        {"ENGINE": "django.contrib.gis.db.backends.postgis"},
        {"ENGINE": "django_db_geventpool.backends.postgresql_psycopg3"},
        {"ENGINE": "django.db.backends.oracle"},
        {"OPTIONS": {"passfile": "/run/secrets/pgpass"}},
        {"OPTIONS": None},
    ],
)
def test_fires_with(more):
    assert judge("seller", **more).outcome is Outcome.FAIL


def test_fires_for_the_variable_of_libpq():
    (finding,) = judge(environ={"PGPASSWORD": "postgres"}).findings
    assert finding.subject == "PGPASSWORD"
    assert finding.at is None
    assert finding.hint.endswith("and set PGPASSWORD to it.")


def test_fires_for_an_option():
    (finding,) = judge(OPTIONS={"password": "postgres"}).findings
    assert finding.subject == "DATABASES['default']['OPTIONS']"


@pytest.mark.parametrize(
    "password",
    [
        STRONG,
        "npg_k8Vq2XwLr9Tz",
        "hunter-of-blue-horses",
        "postgres-k8Vq2XwLr9Tz",
        "sellerk8Vq2XwLr9Tz",
        "48302918473920184730",
        "9d4e1fd4d4c9a1d2",
    ],
)
def test_is_silent(password):
    assert judge(password).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("password", "more"),
    [
        ("", {}),
        (None, {}),
        ("", {"OPTIONS": {"passfile": "/run/secrets/pgpass"}}),
        ("", {"OPTIONS": {"service": "shop"}}),
        ("", {"OPTIONS": {"sslcert": "client.crt"}}),
        ("seller", {"HOST": ""}),
        ("seller", {"HOST": "/run/postgresql"}),
        ("seller", {"ENGINE": "django_iam_dbauth.aws.postgresql"}),
        ("seller", {"OPTIONS": {"use_iam_auth": 1}}),
        ("seller", {"ENGINE": "django.db.backends.sqlite3"}),
        ("seller", {"ENGINE": "django.db.backends.dummy"}),
        (object(), {}),
    ],
)
def test_is_not_applicable(password, more):
    assert judge(password, **more).outcome is Outcome.NOT_APPLICABLE


def test_a_service_file_goes_before_the_variable():
    result = judge(environ={"PGPASSWORD": "postgres"}, OPTIONS={"service": "shop"})
    assert result.outcome is Outcome.NOT_APPLICABLE


def test_one_finding_for_each_connection():
    database = {"ENGINE": POSTGRES, "NAME": "shop", "HOST": "db", "USER": "seller"}
    result = run_check(
        "db.default-credentials",
        settings={"DATABASES": {"default": database, "replica": {**database, "HOST": "db2"}}},
        environ={"PGPASSWORD": "postgres"},
    )
    assert len({finding.fingerprint for finding in result.findings}) == 2


def test_says_where():
    source = f'DATABASES = {{"default": {{"ENGINE": "{POSTGRES}", "NAME": "shop", "HOST": "db"}}}}\n'
    source += 'DATABASES["default"]["PASSWORD"] = "postgres"\n'
    database = {"ENGINE": POSTGRES, "NAME": "shop", "HOST": "db", "PASSWORD": "postgres"}
    result = run_check(
        "db.default-credentials",
        settings={"DATABASES": {"default": database}},
        files={"conf.py": source},
        settings_module="conf",
    )
    assert str(result.findings[0].at) == "conf.py:2"
