import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
CHILD = (
    "from django.contrib.sessions.middleware import SessionMiddleware\n"
    "class Sessions(SessionMiddleware): pass\n"
)


def judge(settings, middleware=(COMMON, SESSION), **kwargs):
    settings = {"MIDDLEWARE": list(middleware), **settings}
    files = {"child.py": CHILD, **kwargs.pop("files", {})}
    return run_check("session.cookie-httponly", settings=settings, files=files, **kwargs)


@pytest.mark.parametrize("value", [False, None, 0, ""])
@pytest.mark.parametrize("middleware", [SESSION, "child.Sessions"])
def test_fires(value, middleware):
    (finding,) = judge({"SESSION_COOKIE_HTTPONLY": value}, [middleware]).findings
    assert finding.message.startswith(f"SESSION_COOKIE_HTTPONLY is {value!r}:")


@pytest.mark.parametrize(
    "settings", [{}, *({"SESSION_COOKIE_HTTPONLY": value} for value in (True, 1, "False"))]
)
@pytest.mark.parametrize("middleware", [SESSION, "child.Sessions"])
def test_is_silent(settings, middleware):
    assert judge(settings, [middleware]).outcome is Outcome.PASS


@pytest.mark.parametrize("middleware", [[], [COMMON]])
def test_is_not_applicable_without_sessions(middleware):
    assert judge({"SESSION_COOKIE_HTTPONLY": False}, middleware).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {"conf.py": "DEBUG = False\nSESSION_COOKIE_HTTPONLY = False\n"}
    (finding,) = judge({"SESSION_COOKIE_HTTPONLY": False}, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"
