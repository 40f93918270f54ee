import django
import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

SECURITY = "django.middleware.security.SecurityMiddleware"
CSP = "django.middleware.csp.ContentSecurityPolicyMiddleware"
POLICY = {"default-src": ["'self'"]}
needs_csp = pytest.mark.skipif(django.VERSION < (6, 0), reason="Django 6.0 introduced SECURE_CSP")


def judge(*middleware, files=None, settings_module=None, **settings):
    settings["MIDDLEWARE"] = list(middleware)
    return run_check(
        "https.settings-without-middleware", settings=settings, files=files, settings_module=settings_module
    )


@pytest.mark.parametrize(
    ("name", "value", "severity"),
    [
        ("SECURE_SSL_REDIRECT", True, Severity.ERROR),
        ("SECURE_HSTS_SECONDS", 3600, Severity.ERROR),
        ("SECURE_HSTS_PRELOAD", True, Severity.WARNING),
        ("SECURE_SSL_HOST", "www.example.org", Severity.WARNING),
        ("SECURE_REDIRECT_EXEMPT", ["^health/$"], Severity.WARNING),
        ("SECURE_CONTENT_TYPE_NOSNIFF", True, Severity.WARNING),
        ("SECURE_REFERRER_POLICY", "origin", Severity.WARNING),
    ],
)
def test_fires(name, value, severity):
    (finding,) = judge(**{name: value}).findings
    assert finding.message == f"{name} has no effect: SecurityMiddleware is not in MIDDLEWARE."
    assert finding.severity is severity


def test_one_cause_is_one_finding():
    files = {"conf.py": "SECURE_HSTS_SECONDS = 60\nSECURE_SSL_REDIRECT = True\n"}
    settings = {"SECURE_SSL_REDIRECT": True, "SECURE_HSTS_SECONDS": 60}
    (finding,) = judge(files=files, settings_module="conf", **settings).findings
    assert finding.message.startswith("SECURE_SSL_REDIRECT, SECURE_HSTS_SECONDS have no effect")
    assert str(finding.at) == "conf.py:2"
    assert finding.evidence == ("conf.py:2  SECURE_SSL_REDIRECT", "conf.py:1  SECURE_HSTS_SECONDS")


@needs_csp
@pytest.mark.parametrize("name", ["SECURE_CSP", "SECURE_CSP_REPORT_ONLY"])
def test_fires_for_a_policy(name):
    (finding,) = judge(SECURITY, **{name: POLICY}).findings
    assert "ContentSecurityPolicyMiddleware" in finding.message


@needs_csp
def test_two_causes_are_two_findings():
    assert len(judge(SECURE_SSL_REDIRECT=True, SECURE_CSP=POLICY).findings) == 2


@needs_csp
def test_is_silent_with_the_policys_middleware():
    assert judge(SECURITY, CSP, SECURE_CSP=POLICY).outcome is Outcome.PASS


@pytest.mark.skipif(django.VERSION >= (6, 0), reason="only Django before 6.0 does not know SECURE_CSP")
def test_a_policy_means_nothing_to_an_older_django():
    assert judge(SECURITY, SECURE_CSP=POLICY).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"SECURE_SSL_REDIRECT": False, "SECURE_HSTS_SECONDS": 0},
        {"SECURE_CONTENT_TYPE_NOSNIFF": False, "SECURE_REFERRER_POLICY": None},
        {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")},
        {"SECURE_REDIRECT_EXEMPT": [], "SECURE_SSL_HOST": None},
        {"SESSION_COOKIE_SECURE": True, "X_FRAME_OPTIONS": "DENY"},
    ],
)
def test_is_silent_when_nothing_is_asked_for(settings):
    assert judge(**settings).outcome is Outcome.PASS


def test_is_silent_with_the_middleware():
    assert judge(SECURITY, SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=60).outcome is Outcome.PASS


def test_a_subclass_counts():
    source = (
        "from django.middleware.security import SecurityMiddleware\nclass Own(SecurityMiddleware): pass\n"
    )
    result = judge("inert_hardening.Own", files={"inert_hardening.py": source}, SECURE_SSL_REDIRECT=True)
    assert result.outcome is Outcome.PASS


def test_what_cannot_be_imported_is_not_judged():
    assert judge("missing_module.Security", SECURE_SSL_REDIRECT=True).outcome is Outcome.NOT_RUN


@pytest.mark.parametrize(
    "code", ["if settings.SECURE_SSL_REDIRECT:\n    pass\n", 'getattr(settings, "SECURE_SSL_REDIRECT")\n']
)
def test_code_that_reads_the_setting_gives_it_an_effect(code):
    assert judge(files={"shop/middleware.py": code}, SECURE_SSL_REDIRECT=True).outcome is Outcome.PASS


@pytest.mark.parametrize("code", ["SECURE_SSL_REDIRECT = True\n", "settings.SECURE_SSL_REDIRECT = False\n"])
def test_code_that_sets_it_does_not(code):
    assert judge(files={"shop/tests.py": code}, SECURE_SSL_REDIRECT=True).outcome is Outcome.FAIL


def test_says_where_the_middleware_belongs():
    health = "django_prodready.middleware.HealthMiddleware"
    for middleware, place in (([], "at the top of MIDDLEWARE"), ([health], f"right after '{health}'")):
        settings = {"MIDDLEWARE": middleware, "SECURE_SSL_REDIRECT": True}
        (finding,) = run_check("https.settings-without-middleware", settings=settings).findings
        assert place in finding.hint


def test_a_test_that_reads_the_setting_proves_nothing():
    settings = {"MIDDLEWARE": [], "SECURE_SSL_REDIRECT": True}
    files = {"shop/tests/test_redirect.py": "assert settings.SECURE_SSL_REDIRECT\n"}
    result = run_check("https.settings-without-middleware", settings=settings, files=files)
    assert len(result.findings) == 1
