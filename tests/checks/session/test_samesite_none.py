import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
LOCALE = "django.middleware.locale.LocaleMiddleware"
BY_SCHEME = """
from django.contrib.sessions.middleware import SessionMiddleware
from django.middleware.csrf import CsrfViewMiddleware


class ByScheme(SessionMiddleware):
    def process_response(self, request, response):
        response.set_cookie("sid", "x", secure=request.scheme == "https")
        return response


class CsrfByScheme(CsrfViewMiddleware):
    def _set_csrf_cookie(self, request, response):
        response.set_cookie("csrf", "x", secure=request.scheme == "https")
"""


def judge(files=None, settings_module=None, **settings):
    return run_check("session.samesite-none", settings=settings, files=files, settings_module=settings_module)


@pytest.mark.parametrize("value", ["None", "none", "NONE"])
@pytest.mark.parametrize(("name", "loss"), [("SESSION", "nobody stays logged in"), ("CSRF", "every form")])
def test_fires(name, loss, value):
    (finding,) = judge(**{f"{name}_COOKIE_SAMESITE": value}).findings
    assert finding.severity is Severity.ERROR
    assert finding.subject == f"{name}_COOKIE_SAMESITE"
    assert loss in finding.message
    assert finding.hint == f"Set {name}_COOKIE_SECURE = True."


def test_the_cookie_of_the_language_is_a_warning():
    (finding,) = judge(LANGUAGE_COOKIE_SAMESITE="None", MIDDLEWARE=[LOCALE]).findings
    assert finding.severity is Severity.WARNING
    assert "the language cookie, so the chosen language is forgotten" in finding.message


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"SESSION_COOKIE_SAMESITE": "None", "SESSION_COOKIE_SECURE": True},
        {"CSRF_COOKIE_SAMESITE": "None", "CSRF_COOKIE_SECURE": True},
        {"CSRF_COOKIE_SAMESITE": "None", "CSRF_USE_SESSIONS": True},
        {"CSRF_COOKIE_SAMESITE": "None", "MIDDLEWARE": [SESSION]},
        {"SESSION_COOKIE_SAMESITE": "None", "MIDDLEWARE": [CSRF]},
        {"SESSION_COOKIE_SAMESITE": None},
        {"SESSION_COOKIE_SAMESITE": False, "CSRF_COOKIE_SAMESITE": False},
        {"SESSION_COOKIE_SAMESITE": "Lax", "CSRF_COOKIE_SAMESITE": "Strict"},
        {"LANGUAGE_COOKIE_SAMESITE": "None"},
    ],
)
def test_is_silent(settings):
    assert judge(**settings).outcome is Outcome.PASS


def test_is_silent_when_middleware_decides_on_secure():
    settings = {
        "SESSION_COOKIE_SAMESITE": "None",
        "CSRF_COOKIE_SAMESITE": "None",
        "MIDDLEWARE": ["by_scheme.ByScheme", "by_scheme.CsrfByScheme"],
    }
    assert judge(files={"by_scheme.py": BY_SCHEME}, **settings).outcome is Outcome.PASS


def test_is_not_applicable_without_cookies():
    assert judge(SESSION_COOKIE_SAMESITE="None", MIDDLEWARE=[]).outcome is Outcome.NOT_APPLICABLE


def test_is_not_run_when_an_entry_that_cannot_be_imported_may_be_the_one():
    result = judge(SESSION_COOKIE_SAMESITE="None", MIDDLEWARE=["absent_pkg.Sessions"])
    assert result.outcome is Outcome.NOT_RUN


def test_a_broken_entry_does_not_hide_the_session_middleware():
    result = judge(SESSION_COOKIE_SAMESITE="None", MIDDLEWARE=["absent_pkg.Tenant", SESSION])
    assert result.outcome is Outcome.FAIL


def test_says_where():
    files = {"conf.py": "SESSION_COOKIE_AGE = 60\nSESSION_COOKIE_SAMESITE = 'None'\n"}
    (finding,) = judge(files, "conf", SESSION_COOKIE_SAMESITE="None").findings
    assert str(finding.at) == "conf.py:2"
