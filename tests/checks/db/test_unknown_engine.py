import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check


def judge(engine, files=None, **kwargs):
    database = {"ENGINE": engine, "NAME": "shop"}
    return run_check(
        "db.unknown-engine", settings={"DATABASES": {"default": database}}, files=files, **kwargs
    )


@pytest.mark.parametrize(
    ("engine", "better"),
    [
        ("postgers", "django.db.backends.postgresql"),
        ("postgresq", "django.db.backends.postgresql"),
        ("mysq", "django.db.backends.mysql"),
        ("sqllite", "django.db.backends.sqlite3"),
        ("django.db.backends.postgres", "django.db.backends.postgresql"),
        ("django.db.backends.sqlite", "django.db.backends.sqlite3"),
        ("django.contrib.gis.db.backends.postgiss", "django.contrib.gis.db.backends.postgis"),
        ("nowhere.engine", "django.db.backends.postgresql"),
    ],
)
def test_fires(engine, better):
    (finding,) = judge(engine).findings
    assert finding.subject == "DATABASES['default']['ENGINE']"
    assert f"ENGINE {engine!r} of the database 'default'" in finding.message
    assert f"Write {better!r}" in finding.hint


def test_does_not_show_the_beginning_of_a_url_without_scheme():
    (finding,) = judge("hunter2xyz").findings
    assert "hunter2xyz" not in repr(finding)


def test_fires_for_a_package_without_the_module():
    assert judge("shop_engine", {"shop_engine/__init__.py": ""}).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "engine",
    [
        "django.db.backends.sqlite3",
        "django.db.backends.postgresql",
        "django.db.backends.postgresql_psycopg2",
        "django.db.backends.mysql",
        "django.db.backends.oracle",
        "django.contrib.gis.db.backends.postgis",
        "django.contrib.gis.db.backends.spatialite",
    ],
)
def test_is_silent(engine):
    assert judge(engine).outcome is Outcome.PASS


def test_is_silent_about_an_engine_of_the_project():
    files = {
        "shop/__init__.py": "",
        "shop/engine/__init__.py": "",
        "shop/engine/base.py": "import a_driver\n",
    }
    assert judge("shop.engine", files).outcome is Outcome.PASS


@pytest.mark.parametrize("engine", ["", "django.db.backends.dummy"])
def test_is_not_applicable(engine):
    assert judge(engine).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {"conf.py": 'DATABASES = {\n    "default": {\n        "ENGINE": "postgers",\n    }\n}\n'}
    (finding,) = judge("postgers", files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:3"
