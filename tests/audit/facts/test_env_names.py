import pytest

from django_prodready.audit.facts.env_names import is_near, is_of_others, is_of_the_machine


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("ALLOWED_HOST", "ALLOWED_HOSTS"),
        ("SECRET_KYE", "SECRET_KEY"),
        ("sentry_dsn", "SENTRY_DSN"),
        ("SECRETKEY", "SECRET_KEY"),
    ],
)
def test_near(name, other):
    assert is_near(name, other)
    assert is_near(other, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("SECRET_KEY", "SECRET_KEY"),
        ("S3_URL_A", "S4_URL_A"),
        ("DB_URL", "DB_USE"),
        ("DEBUG", "DEBUGS"),
        ("MAIL_TOKEN", "MAIL_TOKENS_OF"),
        ("ABCDEF", "BACDFE"),
        ("CACHE_AB", "CACHE_CD"),
        ("CACHE_ABC", "CACHE_CBA"),
    ],
)
def test_far(name, other):
    assert not is_near(name, other)
    assert not is_near(other, name)


@pytest.mark.parametrize("name", ["PATH", "HOME", "LC_ALL", "PYTHONPATH", "_", "XDG_RUNTIME_DIR"])
def test_of_the_machine(name):
    assert is_of_the_machine(name)
    assert is_of_others(name)


@pytest.mark.parametrize(
    "name",
    [
        "AWS_REGION",
        "PGHOST",
        "POSTGRES_DB",
        "WEB_CONCURRENCY",
        "SENTRY_DSN",
        "DJANGO_SETTINGS_MODULE",
        "PORT",
        "HTTPS_PROXY",
        "DD_ENV",
    ],
)
def test_of_others(name):
    assert is_of_others(name)
    assert not is_of_the_machine(name)


@pytest.mark.parametrize(
    "name", ["STRIPE_KEY", "DJANGO_DEBUG", "PATHS", "DDOS_LIMIT", "PORTAL", "WEBHOOK_SECRET", "HOMEPAGE"]
)
def test_of_the_project(name):
    assert not is_of_others(name)
