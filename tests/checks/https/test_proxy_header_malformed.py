import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check


def judge(value, **kwargs):
    return run_check("https.proxy-header-malformed", settings={"SECURE_PROXY_SSL_HEADER": value}, **kwargs)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (("X-Forwarded-Proto", "https"), '("HTTP_X_FORWARDED_PROTO", "https")'),
        (("X_FORWARDED_PROTO", "https"), '("HTTP_X_FORWARDED_PROTO", "https")'),
        (("HTTP_X-Forwarded-Proto", "https"), '("HTTP_X_FORWARDED_PROTO", "https")'),
        (("http_x_forwarded_proto", "https"), '("HTTP_X_FORWARDED_PROTO", "https")'),
        (("HTTP_X_FORWARDED_PROTO ", "https"), '("HTTP_X_FORWARDED_PROTO", "https")'),
        (("Fastly-SSL", "1"), '("HTTP_FASTLY_SSL", "1")'),
        (("", "https"), '("HTTP_X_FORWARDED_PROTO", "https")'),
        (("HTTP_X_FORWARDED_PROTO", " https"), '("HTTP_X_FORWARDED_PROTO", "https")'),
        (("HTTP_X_FORWARDED_PROTO", "https,http"), '("HTTP_X_FORWARDED_PROTO", "https")'),
        (("HTTP_X_FORWARDED_PROTO", " "), '("HTTP_X_FORWARDED_PROTO", "https")'),
        (("HTTP_X_FORWARDED_PROTO", True), '("HTTP_X_FORWARDED_PROTO", "https")'),
        ((None, "https"), '("HTTP_X_FORWARDED_PROTO", "https")'),
        ("HTTP_X_FORWARDED_PROTO", '("HTTP_X_FORWARDED_PROTO", "https")'),
        (("HTTP_X_FORWARDED_PROTO",), '("HTTP_X_FORWARDED_PROTO", "https")'),
        (True, '("HTTP_X_FORWARDED_PROTO", "https")'),
    ],
)
def test_fires(value, hint):
    (finding,) = judge(value).findings
    assert finding.severity is Severity.CRITICAL
    assert hint in finding.hint


@pytest.mark.parametrize(
    "value",
    [
        ("HTTP_X_FORWARDED_PROTO", "https"),
        ["HTTP_X_FORWARDED_PROTO", "https"],
        ("HTTP_X_FORWARDED_PROTOCOL", "https"),
        ("HTTP_X_FORWARDED_SSL", "on"),
        ("HTTP_FASTLY_SSL", "1"),
        ("HTTP_CLOUDFRONT_FORWARDED_PROTO", "https"),
        ("HTTP_CF_VISITOR", '{"scheme":"https"}'),
        ("HTTPS", "on"),
        ("wsgi.url_scheme", "https"),
    ],
)
def test_is_silent(value):
    assert judge(value).outcome is Outcome.PASS


@pytest.mark.parametrize("value", [None, (), ""])
def test_is_not_applicable_when_unset(value):
    assert judge(value).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "value",
    [
        ("X-Forwarded-Proto", "https"),
        ("HTTP_X_FORWARDED_PROTO", " https"),
        ("HTTP_X_FORWARDED_PROTO", "https,http"),
    ],
)
def test_django_agrees_that_nothing_is_secure(value, settings):
    settings.SECURE_PROXY_SSL_HEADER = value
    request = RequestFactory().get("/", HTTP_X_FORWARDED_PROTO=value[1])
    assert not request.is_secure()


def test_django_raises_for_what_is_no_pair(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO",)
    with pytest.raises(ImproperlyConfigured):
        RequestFactory().get("/").is_secure()


def test_says_where():
    files = {"conf.py": '\nSECURE_PROXY_SSL_HEADER = ("X-Forwarded-Proto", "https")\n'}
    (finding,) = judge(("X-Forwarded-Proto", "https"), files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"
