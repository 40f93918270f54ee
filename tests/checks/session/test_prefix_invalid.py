import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

LOCALE = "django.middleware.locale.LocaleMiddleware"
SECURE = {"SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True}
BY_SCHEME = """
from django.contrib.sessions.middleware import SessionMiddleware


class ByScheme(SessionMiddleware):
    def process_response(self, request, response):
        response.set_cookie("sid", "x", secure=request.scheme == "https")
        return response
"""


def judge(files=None, settings_module=None, **settings):
    return run_check(
        "session.prefix-invalid", settings=settings, files=files, settings_module=settings_module
    )


@pytest.mark.parametrize(
    ("settings", "hint"),
    [
        ({"SESSION_COOKIE_NAME": "__Secure-id"}, "Set SESSION_COOKIE_SECURE = True, "),
        ({"SESSION_COOKIE_NAME": "__secure-id"}, "Set SESSION_COOKIE_SECURE = True, "),
        ({"SESSION_COOKIE_NAME": "__Host-id"}, "Set SESSION_COOKIE_SECURE = True, "),
        ({"CSRF_COOKIE_NAME": "__Host-csrf"}, "Set CSRF_COOKIE_SECURE = True, "),
        (
            {**SECURE, "SESSION_COOKIE_NAME": "__Host-id", "SESSION_COOKIE_DOMAIN": "example.org"},
            "Set SESSION_COOKIE_DOMAIN = None, ",
        ),
        (
            {**SECURE, "SESSION_COOKIE_NAME": "__HOST-id", "SESSION_COOKIE_PATH": "/app"},
            "Set SESSION_COOKIE_PATH = '/', ",
        ),
        (
            {
                "CSRF_COOKIE_NAME": "__Host-csrf",
                "CSRF_COOKIE_PATH": None,
                "CSRF_COOKIE_DOMAIN": ".example.org",
            },
            "Set CSRF_COOKIE_SECURE = True and CSRF_COOKIE_PATH = '/' and CSRF_COOKIE_DOMAIN = None, ",
        ),
        ({**SECURE, "CSRF_COOKIE_NAME": "__Http-csrf"}, "Set CSRF_COOKIE_HTTPONLY = True, "),
        ({**SECURE, "CSRF_COOKIE_NAME": "__Host-Http-csrf"}, "Set CSRF_COOKIE_HTTPONLY = True, "),
    ],
)
def test_fires(settings, hint):
    (finding,) = judge(**settings).findings
    assert finding.severity is Severity.ERROR
    assert finding.hint.startswith(hint)


def test_says_what_breaks():
    (finding,) = judge(SESSION_COOKIE_NAME="__Secure-id").findings
    assert finding.message == (
        "SESSION_COOKIE_NAME is '__Secure-id', but the cookie lacks what browsers ask of __Secure-:"
        " they refuse it, so nobody stays logged in."
    )


def test_the_cookie_of_the_language_is_a_warning():
    (finding,) = judge(LANGUAGE_COOKIE_NAME="__Host-lang", MIDDLEWARE=[LOCALE]).findings
    assert finding.severity is Severity.WARNING
    assert finding.subject == "LANGUAGE_COOKIE_NAME"


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"SESSION_COOKIE_NAME": "host-id"},
        {"SESSION_COOKIE_NAME": "__id"},
        {"SESSION_COOKIE_NAME": "id__Host-"},
        {**SECURE, "SESSION_COOKIE_NAME": "__Host-id", "CSRF_COOKIE_NAME": "__Host-csrf"},
        {**SECURE, "SESSION_COOKIE_NAME": "__Host-id", "SESSION_COOKIE_DOMAIN": ""},
        {**SECURE, "SESSION_COOKIE_NAME": "__Secure-id", "SESSION_COOKIE_DOMAIN": ".example.org"},
        {**SECURE, "SESSION_COOKIE_NAME": "__Secure-id", "SESSION_COOKIE_PATH": "/app"},
        {**SECURE, "SESSION_COOKIE_NAME": "__Http-id"},
        {**SECURE, "SESSION_COOKIE_NAME": "__Host-Http-id"},
        {"CSRF_COOKIE_NAME": "__Host-csrf", "CSRF_USE_SESSIONS": True},
        {"LANGUAGE_COOKIE_NAME": "__Host-lang"},
    ],
)
def test_is_silent(settings):
    assert judge(**settings).outcome is Outcome.PASS


def test_is_silent_when_middleware_decides_on_secure():
    result = judge(
        {"by_scheme.py": BY_SCHEME}, SESSION_COOKIE_NAME="__Host-id", MIDDLEWARE=["by_scheme.ByScheme"]
    )
    assert result.outcome is Outcome.PASS


def test_is_not_applicable_without_cookies():
    assert judge(SESSION_COOKIE_NAME="__Host-id", MIDDLEWARE=[]).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {"base.py": "SESSION_COOKIE_NAME = '__Host-id'\n", "conf.py": "from base import *\n"}
    (finding,) = judge(files, "conf", SESSION_COOKIE_NAME="__Host-id").findings
    assert str(finding.at) == "base.py:1"
