import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}


def judge(settings, **kwargs):
    return run_check("settings.misplaced-db-key", settings=settings, **kwargs)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"CONN_MAX_AGE": 600},
            "CONN_MAX_AGE = 600 at module level does nothing: the default connection uses CONN_MAX_AGE = 0.",
        ),
        (
            {"CONN_MAX_AGE": None},
            "CONN_MAX_AGE = None at module level does nothing: the default connection uses CONN_MAX_AGE = 0.",
        ),
        (
            {"ATOMIC_REQUESTS": True, "DATABASES": {"default": SQLITE, "log": {**SQLITE, "CONN_MAX_AGE": 5}}},
            (
                "ATOMIC_REQUESTS = True at module level does nothing: "
                "the default connection uses ATOMIC_REQUESTS = False."
            ),
        ),
        (
            {"DISABLE_SERVER_SIDE_CURSORS": True},
            (
                "DISABLE_SERVER_SIDE_CURSORS = True at module level does nothing: "
                "the default connection uses DISABLE_SERVER_SIDE_CURSORS = False."
            ),
        ),
        (
            {"DATABASE_POOL_SIZE": 10},
            "DATABASE_POOL_SIZE = 10 at module level does nothing: the default connection uses no pool.",
        ),
        (
            {
                "DATABASE_POOL_SIZE": 10,
                "DATABASES": {"default": {**SQLITE, "OPTIONS": {"pool": {"max_size": 4}}}},
            },
            (
                "DATABASE_POOL_SIZE = 10 at module level does nothing: "
                "the default connection uses a pool that is set up elsewhere."
            ),
        ),
    ],
)
def test_message(settings, message):
    (finding,) = judge(settings).findings
    assert finding.message == message
    assert "DATABASES['default']" in finding.hint


def test_does_not_show_text():
    (finding,) = judge({"CONN_MAX_AGE": "hunter2"}).findings
    assert "hunter2" not in repr(finding)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"CONN_MAX_AGE": 0},
        {"AUTOCOMMIT": True},
        {"DISABLE_SERVER_SIDE_CURSORS": False},
        {"CONN_MAX_AGE": 60, "DATABASES": {"default": {**SQLITE, "CONN_MAX_AGE": 60}}},
        {"CONN_MAX_AGE": 60, "DATABASES": {"default": SQLITE, "replica": {**SQLITE, "CONN_MAX_AGE": 60}}},
        {
            "DATABASE_POOL_SIZE": 4,
            "DATABASES": {"default": {**SQLITE, "OPTIONS": {"pool": {"min_size": 2, "max_size": 4}}}},
        },
        {"DATABASE_POOL_SIZE": 4, "DATABASES": {"default": {**SQLITE, "POOL_OPTIONS": {"POOL_SIZE": 4}}}},
    ],
)
def test_is_silent(settings):
    assert judge(settings).outcome is Outcome.PASS


def test_is_not_applicable_without_database():
    assert judge({"CONN_MAX_AGE": 60, "DATABASES": {}}).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "files",
    [
        {"conf.py": 'CONN_MAX_AGE = 60\nDATABASES = {"default": {"CONN_MAX_AGE": CONN_MAX_AGE // 2}}\n'},
        {"shop/db.py": "from django.conf import settings\n\nAGE = settings.CONN_MAX_AGE\n"},
        {"shop/db.py": "AGE = getattr(settings, 'CONN_MAX_AGE', 0)\n"},
        {"shop/db.py": "from conf import CONN_MAX_AGE\n"},
        {"shop/db.py": "def age():\n    return CONN_MAX_AGE == 0\n"},
    ],
)
def test_is_silent_when_the_project_uses_the_name(files):
    assert judge({"CONN_MAX_AGE": 60}, files=files, settings_module="conf").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "files",
    [
        {"conf.py": "CONN_MAX_AGE = 60\n"},
        {"conf.py": "import dj_database_url\n\nCONN_MAX_AGE = 60\n"},
        {"other.py": "CONN_MAX_AGE = 60\n"},
        {"other.py": "CONN_MAX_AGE: int = 60\n"},
        {"other.py": 'DATABASES = {"default": {"CONN_MAX_AGE": 60}}\n'},
        {"other.py": 'DATABASES["default"]["CONN_MAX_AGE"] = 60\n'},
        {"other.py": "settings.CONN_MAX_AGE = 60\n"},
        {"other.py": "# CONN_MAX_AGE is what we want\n"},
        {"other.py": "AGE = MY_CONN_MAX_AGE\n"},
    ],
)
def test_fires_when_the_name_is_only_written(files):
    assert judge({"CONN_MAX_AGE": 60}, files=files, settings_module="conf").outcome is Outcome.FAIL


def test_says_where():
    files = {"conf.py": 'DATABASES = {"default": {}}\nCONN_MAX_AGE = 600\n'}
    (finding,) = judge({"CONN_MAX_AGE": 600}, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"


@pytest.mark.parametrize("path", ["tests/test_a.py", "shop/tests.py", "docs/conf.py", "other/views.py"])
def test_code_that_the_site_never_runs_proves_nothing(path):
    files = {
        path: "from django.conf import settings\n\nprint(settings.CONN_MAX_AGE)\n",
        "other/manage.py": "",
    }
    result = run_check("settings.misplaced-db-key", settings={"CONN_MAX_AGE": 600}, files=files)
    assert len(result.findings) == 1
