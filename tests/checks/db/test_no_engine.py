import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

POSTGRES = {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "HOST": "db"}


def judge(databases, source=None, **settings):
    return run_check(
        "db.no-engine",
        settings={"DATABASES": databases, **settings},
        files={"conf.py": source} if source else None,
        settings_module="conf" if source else None,
    )


@pytest.mark.parametrize(
    "default",
    [{}, {"ENGINE": ""}, {"ENGINE": "django.db.backends."}, {"NAME": "shop"}, {"CONN_MAX_AGE": 600}],
)
def test_fires(default):
    (finding,) = judge({"default": default}).findings
    assert finding.subject == "DATABASES['default']"
    assert finding.severity is Severity.CRITICAL
    assert finding.message == "DATABASES['default'] names no ENGINE, so every query sent there fails."


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ('import dj_database_url\nDATABASES = {"default": dj_database_url.config()}\n', 2),
        ("DATABASES = {}\nDATABASES['default'] = dj_database_url.config()\n", 2),
        ("DATABASES = load()\n", 1),
    ],
)
def test_fires_for_an_unset_variable(source, line):
    (finding,) = judge({"default": {}}, source).findings
    assert str(finding.at) == f"conf.py:{line}"


def test_another_than_the_default_is_an_error():
    (finding,) = judge({"default": POSTGRES, "replica": {}}).findings
    assert finding.subject == "DATABASES['replica']"
    assert finding.severity is Severity.ERROR


def test_routers_need_the_others():
    databases = {"default": {}, "main": POSTGRES, "replica": {}}
    result = judge(databases, DATABASE_ROUTERS=["shop.Router"])
    assert [finding.subject for finding in result.findings] == ["DATABASES['replica']"]


def test_an_empty_default_needs_routers():
    assert judge({"default": {}, "main": POSTGRES}).outcome is Outcome.FAIL


@pytest.mark.parametrize("default", [POSTGRES, {"ENGINE": "django.db.backends.sqlite3"}, {"ENGINE": "shop"}])
def test_is_silent(default):
    assert judge({"default": default}).outcome is Outcome.PASS


def test_is_silent_about_an_empty_default_with_routers():
    databases = {"default": {}, "main": POSTGRES}
    assert judge(databases, DATABASE_ROUTERS=["shop.Router"]).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "source",
    ["DATABASES = {}\n", 'DATABASES = {"default": {"ENGINE": "django.db.backends.dummy"}}\n'],
)
def test_is_not_applicable_without_a_database(source):
    assert judge({}, source).outcome is Outcome.NOT_APPLICABLE


def test_is_not_applicable_when_unset(settings):
    from django_prodready.audit.checks.db.no_engine import judge as check
    from django_prodready.audit.model import Case
    from django_prodready.audit.testing import judge as judge_facts
    from django_prodready.audit.testing import project

    with project(Case()) as facts:
        facts.explicit = facts.explicit - {"DATABASES"}
        assert judge_facts(facts, check).outcome is Outcome.NOT_APPLICABLE
