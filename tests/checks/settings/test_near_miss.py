import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check


def judge(*names, **kwargs):
    return run_check("settings.near-miss", settings=dict.fromkeys(names, True), **kwargs)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("SECURE_HSTS_SECOND", "SECURE_HSTS_SECONDS"),
        ("SECURE_SSL_REDIRECTS", "SECURE_SSL_REDIRECT"),
        ("ALLOWED_HOST", "ALLOWED_HOSTS"),
        ("CSRF_TRUSTED_ORIGIN", "CSRF_TRUSTED_ORIGINS"),
        ("CRSF_TRUSTED_ORIGINS", "CSRF_TRUSTED_ORIGINS"),
        ("SESION_COOKIE_SECURE", "SESSION_COOKIE_SECURE"),
        ("SECURE_PROXY_SSL_HEADERS", "SECURE_PROXY_SSL_HEADER"),
        ("EMAIL_HOST_PASWORD", "EMAIL_HOST_PASSWORD"),
        ("MESSAGE_LEVELS", "MESSAGE_LEVEL"),
        ("LANGUAGE", "LANGUAGES"),
    ],
)
def test_fires(name, meant):
    (finding,) = judge(name).findings
    assert finding.message == f"{name} does nothing: nothing reads it, and Django's setting is {meant}."
    assert finding.hint == f"Rename {name} to {meant}, or delete it."
    assert finding.subject == name


@pytest.mark.parametrize(
    "name",
    [
        "SECURE_HSTS_SECONDS",
        "SITE_ID",
        "MAILERS",
        "SERIALIZATION_MODULES",
        "TEMPLATE_DIRS",
        "USE_ETAGS",
        "STATICFILES_STORAGE",
        "MEDIA_BUCKET",
        "STATIC_HOST",
        "CORS_ALLOWED_ORIGINS",
        "CORS_ORIGIN_WHITELIST",
        "JWT_COOKIE_SECURE",
        "ACCOUNT_EMAIL_SUBJECT_PREFIX",
        "DEFAULT_PAGE_SIZE",
        "EMAIL_FROM",
        "SENTRY_DSN",
        "DATABASE_URL",
        "SITE_URL",
        "REST_FRAMEWORK",
        "CELERY_TIMEZONE",
    ],
)
def test_is_silent(name):
    assert judge(name).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "files",
    [
        {"conf.py": 'CACHE = {}\nCACHES = {"default": CACHE}\n'},
        {"shop/context.py": "from django.conf import settings\n\nCOPY = settings.CACHE\n"},
        {"shop/context.py": "from conf import CACHE\n"},
    ],
)
def test_is_silent_when_the_project_reads_it(files):
    assert judge("CACHE", files=files, settings_module="conf").outcome is Outcome.PASS


def test_says_where():
    files = {"conf.py": "DEBUG = False\n\nALLOWED_HOST = ['example.org']\n"}
    result = run_check(
        "settings.near-miss", settings={"ALLOWED_HOST": ["example.org"]}, files=files, settings_module="conf"
    )
    assert [str(finding.at) for finding in result.findings] == ["conf.py:3"]


@pytest.mark.parametrize("path", ["tests/test_a.py", "shop/tests.py", "docs/conf.py", "other/views.py"])
def test_code_that_the_site_never_runs_proves_nothing(path):
    files = {
        path: "from django.conf import settings\n\nprint(settings.ALLOWED_HOST)\n",
        "other/manage.py": "",
    }
    result = run_check("settings.near-miss", settings={"ALLOWED_HOST": ["a"]}, files=files)
    assert len(result.findings) == 1
