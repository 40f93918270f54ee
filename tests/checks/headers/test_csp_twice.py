import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

DJANGO = "django.middleware.csp.ContentSecurityPolicyMiddleware"
PACKAGE = "csp.middleware.CSPMiddleware"
RATE_LIMITED = "csp.contrib.rate_limiting.RateLimitedCSPMiddleware"
SELF = {"default-src": ["'self'"]}
THEIRS = {"DIRECTIVES": SELF}


def judge(*, middleware=(DJANGO, PACKAGE), files=None, settings_module=None, **settings):
    settings = {"MIDDLEWARE": list(middleware), **settings}
    return run_check("headers.csp-twice", settings=settings, files=files, settings_module=settings_module)


@pytest.mark.parametrize(
    ("middleware", "lost", "kept"),
    [
        ((DJANGO, PACKAGE), "SECURE_CSP", "CONTENT_SECURITY_POLICY"),
        ((PACKAGE, DJANGO), "CONTENT_SECURITY_POLICY", "SECURE_CSP"),
        ((DJANGO, RATE_LIMITED), "SECURE_CSP", "CONTENT_SECURITY_POLICY"),
    ],
)
def test_fires_and_names_the_one_that_is_lost(middleware, lost, kept):
    (finding,) = judge(middleware=middleware, SECURE_CSP=SELF, CONTENT_SECURITY_POLICY=THEIRS).findings
    assert finding.severity is Severity.WARNING
    assert finding.message == f"{lost} has no effect: {kept} sets Content-Security-Policy before it can be."
    assert f"remove '{middleware[0]}' from MIDDLEWARE, or '{middleware[1]}'" in finding.hint


def test_fires_for_policies_that_only_report():
    settings = {"SECURE_CSP_REPORT_ONLY": SELF, "CONTENT_SECURITY_POLICY_REPORT_ONLY": THEIRS}
    (finding,) = judge(**settings).findings
    assert "sets Content-Security-Policy-Report-Only before" in finding.message
    assert len(judge(SECURE_CSP=SELF, CONTENT_SECURITY_POLICY=THEIRS, **settings).findings) == 2


@pytest.mark.parametrize(
    "settings",
    [
        {"SECURE_CSP": SELF, "CONTENT_SECURITY_POLICY_REPORT_ONLY": THEIRS},
        {"SECURE_CSP_REPORT_ONLY": SELF, "CONTENT_SECURITY_POLICY": THEIRS},
    ],
)
def test_two_headers_are_no_conflict(settings):
    assert judge(**settings).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"SECURE_CSP": SELF},
        {"CONTENT_SECURITY_POLICY": THEIRS},
        {"SECURE_CSP": {}, "CONTENT_SECURITY_POLICY": THEIRS},
        {"SECURE_CSP": SELF, "SECURE_CSP_REPORT_ONLY": SELF},
        {"middleware": (DJANGO,), "SECURE_CSP": SELF, "CONTENT_SECURITY_POLICY": THEIRS},
        {"middleware": (PACKAGE,), "SECURE_CSP": SELF, "CONTENT_SECURITY_POLICY": THEIRS},
        {"middleware": (), "SECURE_CSP": SELF, "CONTENT_SECURITY_POLICY": THEIRS},
    ],
)
def test_is_not_applicable(settings):
    assert judge(**settings).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {"conf.py": "SECURE_CSP = {'default-src': [\"'self'\"]}\n"}
    settings = {"SECURE_CSP": SELF, "CONTENT_SECURITY_POLICY": THEIRS}
    (finding,) = judge(files=files, settings_module="conf", **settings).findings
    assert str(finding.at) == "conf.py:1"
