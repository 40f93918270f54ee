import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

CSRF = "django.middleware.csrf.CsrfViewMiddleware"
SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
OWN = """
from django.contrib.sessions.middleware import SessionMiddleware
from django.middleware.csrf import CsrfViewMiddleware


class OwnSession(SessionMiddleware):
    pass


class OwnCsrf(CsrfViewMiddleware):
    pass


def factory(get_response):
    return get_response
"""


def judge(*middleware, **kwargs):
    files = {"own_middleware.py": OWN, **kwargs.pop("files", {})}
    settings = {"MIDDLEWARE": list(middleware), **kwargs.pop("settings", {})}
    return run_check("csrf.middleware", settings=settings, files=files, **kwargs)


@pytest.mark.parametrize(
    ("middleware", "name"),
    [
        ([SESSION, AUTHENTICATION], "SessionMiddleware"),
        ([COMMON, SESSION], "SessionMiddleware"),
        ([AUTHENTICATION], "AuthenticationMiddleware"),
        (["own_middleware.OwnSession", "own_middleware.factory"], "SessionMiddleware"),
    ],
)
def test_fires(middleware, name):
    (finding,) = judge(*middleware).findings
    assert f"though {name} is" in finding.message
    assert CSRF in finding.hint


@pytest.mark.parametrize(
    "middleware",
    [
        [SESSION, CSRF, AUTHENTICATION],
        [CSRF, SESSION],
        [SESSION, "own_middleware.OwnCsrf", AUTHENTICATION],
        ["own_middleware.OwnSession", CSRF, "no.such.Middleware"],
    ],
)
def test_is_silent(middleware):
    assert judge(*middleware).outcome is Outcome.PASS


def test_is_silent_with_a_replacement():
    files = {"session_csrf.py": "class CsrfMiddleware:\n    pass\n"}
    assert judge(SESSION, "session_csrf.CsrfMiddleware", files=files).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "middleware", [[], [COMMON], ["own_middleware.factory"], [COMMON, CSRF], ["no.such.Middleware"]]
)
def test_is_not_applicable_without_cookies(middleware):
    assert judge(*middleware).outcome is Outcome.NOT_APPLICABLE


def test_is_not_run_when_it_may_be_there():
    result = judge(SESSION, "no.such.Middleware")
    assert result.outcome is Outcome.NOT_RUN
    assert "no.such.Middleware" in result.reason


def test_says_where():
    files = {"conf.py": f'DEBUG = False\nMIDDLEWARE = ["{SESSION}"]\n'}
    (finding,) = judge(SESSION, files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"


def test_silencing_django_silences_it():
    (finding,) = judge(SESSION, settings={"SILENCED_SYSTEM_CHECKS": ["security.W003"]}).findings
    assert finding.suppressed.by == "silenced"
