import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
OWN = (
    "from django.conf import settings\n"
    "def sessions(get_response):\n"
    "    def middleware(request):\n"
    "        response = get_response(request)\n"
    "        response.set_cookie('sid', 'x', secure=settings.SESSION_COOKIE_SECURE)\n"
    "        return response\n"
    "    return middleware\n"
)
CHILD = (
    "from django.contrib.sessions.middleware import SessionMiddleware\n"
    "class Sessions(SessionMiddleware): pass\n"
)
# As sites do that are served over HTTP and HTTPS, or under domains of their customers.
BY_SCHEME = """
from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware


class ByScheme(SessionMiddleware):
    def process_response(self, request, response):
        response.set_cookie("sid", "x", secure=request.scheme == "https")
        return response


class Inherits(ByScheme):
    pass


class BySetting(SessionMiddleware):
    def process_response(self, request, response):
        response.set_cookie("sid", "x", secure=settings.SESSION_COOKIE_SECURE or None)
        return response


class NotSecure(SessionMiddleware):
    def process_response(self, request, response):
        response.set_cookie("sid", "x", secure=False)
        return response


class Extends(SessionMiddleware):
    def process_response(self, request, response):
        response.set_cookie("seen", "1", secure=True)
        return super().process_response(request, response)


class Amends(SessionMiddleware):
    def process_response(self, request, response):
        response = super().process_response(request, response)
        response.cookies["sessionid"]["secure"] = request.is_secure()
        return response
"""
FILES = {
    "own.py": OWN,
    "child.py": CHILD,
    "other.py": "class Other: pass\n",
    "by_scheme.py": BY_SCHEME,
}


def judge(value, middleware=(SESSION,), **kwargs):
    settings = {"SESSION_COOKIE_SECURE": value, "MIDDLEWARE": list(middleware)}
    files = {**FILES, **kwargs.pop("files", {})}
    return run_check("session.cookie-secure", settings=settings, files=files, **kwargs)


@pytest.mark.parametrize("value", [False, None, 0, ""])
@pytest.mark.parametrize("middleware", [SESSION, "child.Sessions", "own.sessions"])
def test_fires(value, middleware):
    (finding,) = judge(value, [COMMON, middleware]).findings
    assert finding.message.startswith(f"SESSION_COOKIE_SECURE is {value!r}:")


@pytest.mark.parametrize("value", [True, 1, "yes"])
@pytest.mark.parametrize("middleware", [SESSION, "child.Sessions", "own.sessions"])
def test_is_silent(value, middleware):
    assert judge(value, [middleware]).outcome is Outcome.PASS


@pytest.mark.parametrize("middleware", ["by_scheme.ByScheme", "by_scheme.Inherits", "by_scheme.Amends"])
def test_is_not_applicable_when_the_middleware_decides(middleware):
    result = judge(False, [middleware])
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert result.reason == f"{middleware} decides by itself whether the cookie is Secure"


@pytest.mark.parametrize("middleware", ["by_scheme.BySetting", "by_scheme.NotSecure", "by_scheme.Extends"])
def test_fires_when_the_middleware_goes_by_the_setting_or_by_nothing(middleware):
    assert judge(False, [middleware]).outcome is Outcome.FAIL


@pytest.mark.parametrize("middleware", [[], [COMMON], ["other.Other"]])
def test_is_not_applicable_without_sessions(middleware):
    assert judge(False, middleware).outcome is Outcome.NOT_APPLICABLE


def test_the_app_alone_sets_no_cookie():
    result = run_check(
        "session.cookie-secure",
        settings={"MIDDLEWARE": [COMMON], "INSTALLED_APPS": ["django.contrib.sessions"]},
    )
    assert result.outcome is Outcome.NOT_APPLICABLE


def test_is_not_run_when_an_entry_that_cannot_be_imported_may_be_the_one():
    assert judge(False, ["absent_pkg.middleware.SessionMiddleware"]).outcome is Outcome.NOT_RUN


def test_a_broken_entry_does_not_hide_the_session_middleware():
    assert judge(False, ["absent_pkg.Tenant", SESSION]).outcome is Outcome.FAIL


def test_middleware_without_source_is_taken_for_none():
    files = {"made.py": "Made = type('Made', (), {'__module__': 'builtins'})\n"}
    assert judge(False, ["made.Made"], files=files).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {
        "base.py": "SESSION_COOKIE_SECURE = True\n",
        "conf.py": "from base import *\n\nSESSION_COOKIE_SECURE = False\n",
    }
    (finding,) = judge(False, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:3"
