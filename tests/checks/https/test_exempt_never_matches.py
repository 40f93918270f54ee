import re

import pytest
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

URLS = {
    "shop/urls.py": """
urlpatterns = [
    path("health/", health),
    re_path(r"^ready/$", ready),
    path("api/", include("shop.api.urls")),
]
"""
}


def judge(*patterns, files=None, settings_module=None, **settings):
    settings = {"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": list(patterns), **settings}
    return run_check(
        "https.exempt-never-matches", settings=settings, files=files, settings_module=settings_module
    )


@pytest.mark.parametrize(
    ("pattern", "better"),
    [
        (r"^/health/$", r"^health/$"),
        (r"^/health", r"^health"),
        (r"\A/health/\Z", r"\Ahealth/\Z"),
        (r"^\/health\/$", r"^health\/$"),
        (r"(?i)^/health/$", r"(?i)^health/$"),
        (r"^/(health|ready)/$", r"^(health|ready)/$"),
        (r"^/health/$|^/ready/$", r"^health/$|^ready/$"),
        (r"^/[|)]x$", r"^[|)]x$"),
        (re.compile(r"^/up$"), r"^up$"),
    ],
)
def test_fires_for_what_is_anchored_to_a_slash(pattern, better):
    (finding,) = judge("^ready/$", pattern).findings
    assert finding.subject == "SECURE_REDIRECT_EXEMPT[1]"
    assert "can never match" in finding.message
    assert finding.hint == f'Write r"{better}".'


@pytest.mark.parametrize(
    "pattern", [r"^/health/$", r"\A/health/\Z", r"(?i)^/health/$", r"^/(health|ready)/$"]
)
def test_django_agrees(pattern, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [pattern]
    settings.ALLOWED_HOSTS = ["testserver"]
    middleware = SecurityMiddleware(lambda request: HttpResponse())
    for path in ("/health/", "//health/", "/x/health/"):
        assert middleware(RequestFactory().get(path)).status_code == 301


@pytest.mark.parametrize("pattern", [r"/health/", r"/health/$", r"\/ready\/$", r"/api/"])
def test_fires_for_a_slash_before_a_route_of_the_root_urlconf(pattern):
    (finding,) = judge(pattern, files=URLS, ROOT_URLCONF="shop.urls").findings
    assert "does not match" in finding.message
    assert finding.hint.startswith('Write r"^')


@pytest.mark.parametrize("pattern", [r"/status/$", r"/api/health/$", r"/$", r".*/health/$", r"(^|/)health/$"])
def test_leaves_patterns_for_nested_paths_alone(pattern):
    assert judge(pattern, files=URLS, ROOT_URLCONF="shop.urls").outcome is Outcome.PASS


def test_a_script_name_stands_before_the_path():
    result = judge(r"/health/$", files=URLS, ROOT_URLCONF="shop.urls", FORCE_SCRIPT_NAME="/shop")
    assert result.outcome is Outcome.PASS


@pytest.mark.parametrize(
    "pattern",
    [
        r"^health/$",
        r"health",
        r"^/?health/$",
        r"^/*health/$",
        r"^/{0,1}health/$",
        r"^(/health/|ready/)$",
        r"^/health/$|^health/$",
        r"^[/]?health/$",
        r"",
        r"/health/",
    ],
)
def test_is_silent(pattern):
    assert judge(pattern).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("entry", "words"), [("*health", "nothing to repeat"), ("(health", "unterminated"), (7, "int")]
)
def test_fires_for_what_is_no_regular_expression(entry, words):
    for redirect in (True, False):
        (finding,) = judge(entry, SECURE_SSL_REDIRECT=redirect).findings
        assert words in finding.message


def test_unused_patterns_do_no_harm():
    assert judge(r"^/health/$", SECURE_SSL_REDIRECT=False).outcome is Outcome.PASS


def test_is_not_applicable_without_patterns_or_middleware():
    assert judge().outcome is Outcome.NOT_APPLICABLE
    assert judge(r"^/health/$", MIDDLEWARE=[]).outcome is Outcome.NOT_APPLICABLE
    assert judge(SECURE_REDIRECT_EXEMPT="^/health/$").outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {"conf.py": 'SECURE_REDIRECT_EXEMPT = [\n    "^ready/$",\n    "^/health/$",\n]\n'}
    (finding,) = judge("^ready/$", "^/health/$", files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:3"


def test_fingerprint_survives_reordering():
    (first,) = judge("^/a/$", "b").findings
    (second,) = judge("b", "^/a/$").findings
    assert first.fingerprint == second.fingerprint


def test_a_pattern_that_stands_there_rightly_too_is_information():
    settings = {"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": [r"^/health/$", r"^health/$"]}
    (finding,) = run_check("https.exempt-never-matches", settings=settings).findings
    assert finding.severity is Severity.INFO
