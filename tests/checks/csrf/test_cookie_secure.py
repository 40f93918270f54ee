import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

CSRF = "django.middleware.csrf.CsrfViewMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
CHILD = "from django.middleware.csrf import CsrfViewMiddleware\nclass Csrf(CsrfViewMiddleware): pass\n"

BY_SCHEME = """
from django.conf import settings
from django.middleware.csrf import CsrfViewMiddleware


class ByScheme(CsrfViewMiddleware):
    def _set_csrf_cookie(self, request, response):
        response.set_cookie("csrftoken", request.META["CSRF_COOKIE"], secure=request.is_secure())


class BySetting(CsrfViewMiddleware):
    def _set_csrf_cookie(self, request, response):
        response.set_cookie("csrftoken", "x", secure=settings.CSRF_COOKIE_SECURE)


class Extends(CsrfViewMiddleware):
    def _set_csrf_cookie(self, request, response):
        super()._set_csrf_cookie(request, response)
        response.set_cookie("seen", "1", secure=True)
"""


def judge(settings, middleware=(COMMON, CSRF), **kwargs):
    settings = {"MIDDLEWARE": list(middleware), **settings}
    files = {"child.py": CHILD, "by_scheme.py": BY_SCHEME, **kwargs.pop("files", {})}
    return run_check("csrf.cookie-secure", settings=settings, files=files, **kwargs)


@pytest.mark.parametrize("settings", [{}, *({"CSRF_COOKIE_SECURE": value} for value in (False, None, 0))])
@pytest.mark.parametrize("middleware", [CSRF, "child.Csrf"])
def test_fires(settings, middleware):
    (finding,) = judge(settings, [middleware]).findings
    assert finding.subject == "CSRF_COOKIE_SECURE"


@pytest.mark.parametrize("value", [True, 1, "yes"])
@pytest.mark.parametrize("middleware", [CSRF, "child.Csrf"])
def test_is_silent(value, middleware):
    assert judge({"CSRF_COOKIE_SECURE": value}, [middleware]).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("settings", "middleware"),
    [
        ({}, []),
        ({}, [COMMON]),
        ({"CSRF_USE_SESSIONS": True}, [CSRF]),
        ({"CSRF_USE_SESSIONS": True}, ["absent_pkg.Csrf"]),
    ],
)
def test_is_not_applicable_without_the_cookie(settings, middleware):
    assert judge(settings, middleware).outcome is Outcome.NOT_APPLICABLE


def test_is_not_applicable_when_the_middleware_decides():
    result = judge({}, ["by_scheme.ByScheme"])
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert result.reason == "by_scheme.ByScheme decides by itself whether the cookie is Secure"


@pytest.mark.parametrize("middleware", ["by_scheme.BySetting", "by_scheme.Extends"])
def test_fires_when_the_middleware_goes_by_the_setting(middleware):
    assert judge({}, [middleware]).outcome is Outcome.FAIL


def test_is_not_run_when_an_entry_that_cannot_be_imported_may_be_the_one():
    assert judge({}, ["absent_pkg.Csrf"]).outcome is Outcome.NOT_RUN


def test_says_where():
    files = {"conf.py": "DEBUG = False\nCSRF_COOKIE_SECURE = False\n"}
    (finding,) = judge({"CSRF_COOKIE_SECURE": False}, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"
