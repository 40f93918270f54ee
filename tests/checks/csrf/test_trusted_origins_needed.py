import pytest
from django.middleware.csrf import CsrfViewMiddleware
from django.test import RequestFactory

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

PROXY = {"PRODREADY": {"FACTS": {"tls": "proxy"}}}
TRAEFIK = """
services:
  web:
    labels:
      - "traefik.http.routers.web.tls=true"
"""


def judge(hosts=("example.org", "www.example.org"), origins=(), *, settings=PROXY, **kwargs):
    values = {"ALLOWED_HOSTS": list(hosts), "CSRF_TRUSTED_ORIGINS": list(origins), **settings}
    return run_check("csrf.trusted-origins-needed", settings=values, **kwargs)


def test_fires():
    (finding,) = judge().findings
    assert finding.message == (
        "A form that a browser sends from https://example.org gets 403: TLS ends at a proxy (declared), "
        "so Django expects the origin with http://, and CSRF_TRUSTED_ORIGINS does not hold it."
    )
    assert finding.evidence == ("not covered: example.org", "not covered: www.example.org")
    assert finding.severity is Severity.WARNING
    assert "SECURE_PROXY_SSL_HEADER" in finding.hint
    assert "'https://example.org'" in finding.hint


def test_what_it_says_is_what_django_does(settings):
    """The same request, to Django."""
    settings.ALLOWED_HOSTS = ["example.org"]
    request = RequestFactory(enforce_csrf_checks=True).post(
        "/", HTTP_HOST="example.org", HTTP_ORIGIN="https://example.org"
    )
    for origins, verified in (
        ((), False),
        (["https://*.example.org"], True),
        (["https://example.org/"], False),
    ):
        settings.CSRF_TRUSTED_ORIGINS = origins
        assert CsrfViewMiddleware(lambda request: None)._origin_verified(request) is verified


def test_fires_when_the_repository_shows_the_proxy():
    (finding,) = judge(settings={}, files={"compose.yml": TRAEFIK}).findings
    assert "TLS ends at Traefik (compose.yml:5)" in finding.message


@pytest.mark.parametrize(
    ("hosts", "origins"),
    [
        (["example.org"], ["http://example.org"]),
        (["example.org"], ["https://example.org/"]),
        (["example.org"], ["https://other.example.net"]),
        (["example.org"], ["https://[bad"]),
        (["example.org"], ["https://*"]),
        (["example.org"], ["example.org", None]),
        ([".example.org"], []),
        (["*"], []),
        (["EXAMPLE.org", "localhost"], []),
    ],
)
def test_fires_when_nothing_covers_the_hosts(hosts, origins):
    (finding,) = judge(hosts, origins).findings
    assert finding.severity is Severity.WARNING


def test_names_no_host_that_is_not_known():
    (finding,) = judge(["*"]).findings
    assert "from https://<the site's host> gets 403" in finding.message


def test_is_information_when_some_hosts_are_covered():
    (finding,) = judge(["example.org", "api.example.org"], ["https://example.org"]).findings
    assert finding.severity is Severity.INFO
    assert finding.evidence == ("not covered: api.example.org",)


@pytest.mark.parametrize(
    ("hosts", "origins"),
    [
        (["example.org", "www.example.org"], ["https://example.org", "https://www.example.org"]),
        (["example.org", "www.example.org"], ["https://*.example.org"]),
        ([".example.org"], ["https://*.example.org"]),
        ([".example.org"], ["https://www.example.org"]),
        (["*"], ["https://www.example.org"]),
        (["example.org"], ["https://example.org:8443"]),
        (["EXAMPLE.org", "localhost", "10.0.0.7", "web"], ["https://example.org"]),
    ],
)
def test_is_silent_when_the_hosts_are_covered(hosts, origins):
    assert judge(hosts, origins).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "hosts",
    [
        [],
        ["localhost"],
        ["web"],
        ["10.0.0.7", "[::1]"],
        ["app.local"],
        [" example.org"],
        ["https://example.org"],
        [None],
    ],
)
def test_is_not_applicable_without_hosts_for_browsers(hosts):
    assert judge(hosts).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("settings", "kwargs", "reason"),
    [
        ({}, {}, "no proxy is known"),
        ({"PRODREADY": {"FACTS": {"tls": "app"}}}, {"files": {"compose.yml": TRAEFIK}}, "no proxy is known"),
        (
            {**PROXY, "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")},
            {},
            "from SECURE_PROXY_SSL_HEADER",
        ),
        ({**PROXY, "MIDDLEWARE": []}, {}, "CsrfViewMiddleware is not in MIDDLEWARE"),
        (PROXY, {"environ": {"FORWARDED_ALLOW_IPS": "*"}}, "FORWARDED_ALLOW_IPS"),
        (PROXY, {"files": {"Procfile": "web: gunicorn site --forwarded-allow-ips='*'\n"}}, "Procfile"),
        ({"PRODREADY": {"FACTS": {"platform": "heroku"}}}, {}, "heroku"),
    ],
    ids=[
        "no proxy",
        "app ends tls",
        "header",
        "no csrf",
        "gunicorn's variable",
        "gunicorn's option",
        "heroku",
    ],
)
def test_is_not_applicable(settings, kwargs, reason):
    result = judge(settings=settings, **kwargs)
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert reason in result.reason


def test_says_where():
    files = {"conf.py": 'DEBUG = False\nCSRF_TRUSTED_ORIGINS = ["http://example.org"]\n'}
    (finding,) = judge(origins=["http://example.org"], files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"
