import re

import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check


def judge(*patterns, files=None, settings_module=None, **settings):
    settings = {"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": list(patterns), **settings}
    return run_check(
        "https.exempt-too-broad", settings=settings, files=files, settings_module=settings_module
    )


@pytest.mark.parametrize(
    "pattern", ["", "^", "$", ".*", ".", "/", "/$", "/?", r"health/?|", r"^(?!admin)", re.compile("()")]
)
def test_fires(pattern):
    (finding,) = judge("^health/$", pattern).findings
    assert finding.subject == "SECURE_REDIRECT_EXEMPT[1]"
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize("pattern", ["^$", r"^(health/)?$"])
def test_the_front_page_alone_is_information(pattern):
    (finding,) = judge(pattern).findings
    assert finding.severity is Severity.INFO
    assert "front page" in finding.message


@pytest.mark.parametrize(
    "pattern",
    [
        "^health/$",
        "health",
        "health/?",
        r"^api/",
        r"^api/.*",
        r"\.txt$",
        r"^\.well-known/acme-challenge/",
        "^/",
        "*x",
    ],
)
def test_is_silent(pattern):
    assert judge(pattern).outcome is Outcome.PASS


@pytest.mark.parametrize("settings", [{"SECURE_SSL_REDIRECT": False}, {"MIDDLEWARE": []}])
def test_is_not_applicable_without_a_redirect(settings):
    assert judge("", **settings).outcome is Outcome.NOT_APPLICABLE


def test_nothing_is_exempt():
    assert judge().outcome is Outcome.PASS


def test_says_where():
    files = {"conf.py": 'SECURE_REDIRECT_EXEMPT = [\n    "^ready/$",\n    "",\n]\n'}
    (finding,) = judge("^ready/$", "", files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:3"
