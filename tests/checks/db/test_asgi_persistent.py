import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

POSTGRES = "django.db.backends.postgresql"
UVICORN = {"Procfile": "web: uvicorn shop.asgi:application --port $PORT\n"}


def judge(files=None, engine=POSTGRES, settings_module=None, **more):
    database = {"ENGINE": engine, "NAME": "shop", "HOST": "db", **more}
    return run_check(
        "db.asgi-persistent",
        settings={"DATABASES": {"default": database}},
        files=files,
        settings_module=settings_module,
    )


@pytest.mark.parametrize("age_s", [600, None])
@pytest.mark.parametrize(
    ("engine", "hint"),
    [
        (POSTGRES, "to 0, and keep connections in OPTIONS['pool'] or PgBouncer."),
        ("django_tenants.postgresql_backend", "OPTIONS['pool']"),
        ("django_cockroachdb", "to 0."),
        ("django.db.backends.oracle", "in OPTIONS['pool']."),
        ("django.db.backends.mysql", "to 0."),
    ],
)
def test_fires(engine, hint, age_s):
    (finding,) = judge(UVICORN, engine, CONN_MAX_AGE=age_s).findings
    assert finding.subject == "DATABASES['default']['CONN_MAX_AGE']"
    assert f"(CONN_MAX_AGE = {age_s})" in finding.message
    assert "under ASGI (uvicorn in Procfile)" in finding.message
    assert hint in finding.hint


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"Procfile": "web: gunicorn shop.wsgi\n"},
        {"Procfile": "web: gunicorn shop.wsgi\nsocket: daphne shop.asgi:application\n"},
        {"requirements.txt": "uvicorn\n"},
        {"shop/asgi.py": "application = get_asgi_application()\n"},
        {"Dockerfile.dev": "CMD uvicorn shop.asgi:application\n"},
    ],
)
def test_is_not_applicable_without_an_asgi_server(files):
    assert judge(files, CONN_MAX_AGE=600).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("engine", "more"),
    [
        (POSTGRES, {}),
        (POSTGRES, {"CONN_MAX_AGE": 0}),
        (POSTGRES, {"CONN_MAX_AGE": "600"}),
        (POSTGRES, {"CONN_MAX_AGE": 600, "OPTIONS": {"pool": True}}),
        ("django_db_geventpool.backends.postgresql_psycopg3", {"CONN_MAX_AGE": 600}),
        ("django.db.backends.sqlite3", {"CONN_MAX_AGE": 600}),
        ("mssql", {"CONN_MAX_AGE": 600}),
    ],
)
def test_is_not_applicable_when_nothing_is_kept(engine, more):
    assert judge(UVICORN, engine, **more).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    source = f'DATABASES = {{"default": {{"ENGINE": "{POSTGRES}", "NAME": "shop", "HOST": "db"}}}}\n'
    source += 'DATABASES["default"]["CONN_MAX_AGE"] = 600\n'
    (finding,) = judge({**UVICORN, "conf.py": source}, settings_module="conf", CONN_MAX_AGE=600).findings
    assert str(finding.at) == "conf.py:2"
