import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

POSTGRES = "django.db.backends.postgresql"


def judge(password="", environ=None, **more):
    database = {
        "ENGINE": POSTGRES,
        "NAME": "shop",
        "HOST": "db",
        "USER": "seller",
        "PASSWORD": password,
        **more,
    }
    return run_check("db.password-weak", settings={"DATABASES": {"default": database}}, environ=environ)


@pytest.mark.parametrize(
    "password",
    [
        "blue-horse-7",
        "Summer2026Shop",
        "Qx7!vB2",
        "hunterofbluehorses",
        "x" * 19,
        "483029184739201847",
        "ÄÖÜäöü-ß",
    ],
)
def test_fires(password):
    (finding,) = judge(password).findings
    assert finding.severity is Severity.WARNING
    assert finding.subject == "DATABASES['default']['PASSWORD']"
    assert finding.message == "The password of the database 'default' has fewer than 20 characters."
    assert password not in repr(finding)


@pytest.mark.parametrize(
    "password",
    ["npg_k8Vq2XwLr9Tz", "k8Vq2XwLr9Tz", "k8Vq2-XwLr9_Tz7", "9d4e1fd4d4c9a1d2b7", "K8VQ2XW7LR9TZ4B6"],
)
def test_a_generated_one_is_an_info(password):
    (finding,) = judge(password).findings
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize("password", ["x" * 20, "u7Vq-2kXw_Lr9TzB4mNc8HsD", "seller", "postgres", "changeme"])
def test_is_silent(password):
    assert judge(password).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("password", "more"),
    [
        ("", {}),
        ("", {"OPTIONS": {"passfile": "/run/secrets/pgpass"}}),
        ("blue-horse-7", {"HOST": "/run/postgresql"}),
        ("blue", {"HOST": "horse", "NAME": ""}),
        ("blue-horse-7", {"ENGINE": "django_iam_dbauth.aws.postgresql"}),
        ("blue-horse-7", {"ENGINE": "django.db.backends.sqlite3"}),
    ],
)
def test_is_not_applicable(password, more):
    assert judge(password, **more).outcome is Outcome.NOT_APPLICABLE


def test_fires_for_the_variable_of_libpq():
    (finding,) = judge(environ={"PGPASSWORD": "blue-horse-7"}).findings
    assert finding.subject == "PGPASSWORD"
