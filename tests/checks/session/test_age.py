import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

DAY_S = 86_400
OWN = {
    "own_sessions.py": "from django.contrib.sessions.backends.db import SessionStore as Base\n"
    "class SessionStore(Base):\n"
    "    def get_session_cookie_age(self):\n"
    "        return 60\n"
}


def judge(age_s, files=None, settings_module=None, **settings):
    settings = {"SESSION_COOKIE_AGE": age_s, **settings}
    return run_check("session.age", settings=settings, files=files, settings_module=settings_module)


@pytest.mark.parametrize(("age_s", "days"), [(31 * DAY_S, 31), (365 * DAY_S, 365), (1e9, 11574)])
def test_fires(age_s, days):
    (finding,) = judge(age_s).findings
    assert finding.severity is Severity.INFO
    assert f"SESSION_COOKIE_AGE = {age_s} keeps a session valid for {days} days" in finding.message


@pytest.mark.parametrize("age_s", [0, 60, 14 * DAY_S, 30 * DAY_S, None, "31536000"])
def test_is_silent(age_s):
    assert judge(age_s).outcome is Outcome.PASS


def test_is_not_applicable_without_sessions():
    assert judge(365 * DAY_S, MIDDLEWARE=[]).outcome is Outcome.NOT_APPLICABLE


def test_is_not_applicable_when_the_engine_decides():
    result = judge(365 * DAY_S, OWN, SESSION_ENGINE="own_sessions")
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert result.reason == "own_sessions decides by itself how long sessions live"


def test_says_where():
    (finding,) = judge(40 * DAY_S, {"conf.py": "SESSION_COOKIE_AGE = 60 * 60 * 24 * 40\n"}, "conf").findings
    assert str(finding.at) == "conf.py:1"
