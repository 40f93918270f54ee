import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

TENANTS = """
from django.core.exceptions import DisallowedHost


def tenants(get_response):
    def middleware(request):
        if request.get_host() != "a.example.org":
            raise DisallowedHost("unknown")
        return get_response(request)
    return middleware
"""
BY_HOST = """
from django.contrib.sessions.middleware import SessionMiddleware


class ByHost(SessionMiddleware):
    def process_response(self, request, response):
        response.set_cookie("sid", "x", domain=request.get_host(), secure=request.is_secure())
        return response
"""


def judge(domain, *hosts, files=None, settings_module=None, **settings):
    settings = {"SESSION_COOKIE_DOMAIN": domain, "ALLOWED_HOSTS": list(hosts), **settings}
    return run_check("session.cookie-domain", settings=settings, files=files, settings_module=settings_module)


@pytest.mark.parametrize(
    ("domain", "hosts", "words"),
    [
        (".example.org", [".example.org"], "ALLOWED_HOSTS accepts '.example.org'"),
        ("example.org", ["*"], "ALLOWED_HOSTS accepts '*'"),
        (".shop.example.org", [".example.org"], "ALLOWED_HOSTS accepts '.example.org'"),
        (".example.org", ["app.example.org"], "has only 'app.example.org' there"),
        (".Example.org", ["example.org", "localhost", "10.0.0.1"], "has only 'example.org' there"),
        (".example.org", ["app.example.org", "*.example.org"], "has only 'app.example.org' there"),
        (".herokuapp.com", ["shop.herokuapp.com"], "any customer of Heroku has hosts below it"),
        ("co.uk", ["shop.co.uk"], "anybody who registers a domain has hosts below it"),
        (".example.com", ["www.example.org"], "no host in ALLOWED_HOSTS is below it"),
        ("shop.example.org", ["www.example.org", "notshop.example.org"], "no host in ALLOWED_HOSTS"),
    ],
)
def test_fires(domain, hosts, words):
    (finding,) = judge(domain, *hosts).findings
    assert finding.severity is Severity.INFO
    assert finding.message.startswith(f"SESSION_COOKIE_DOMAIN is {domain!r}: ")
    assert words in finding.message


@pytest.mark.parametrize(
    ("domain", "hosts"),
    [
        (".example.org", ["example.org", "www.example.org"]),
        ("example.org", ["app.example.org", "api.example.org", "localhost"]),
        (".example.org", []),
    ],
)
def test_is_silent_for_several_hosts_of_ones_own(domain, hosts):
    assert judge(domain, *hosts).outcome is Outcome.PASS


@pytest.mark.parametrize("name", ["CSRF_TRUSTED_ORIGINS", "CORS_ALLOWED_ORIGINS"])
@pytest.mark.parametrize("origin", ["https://app.example.org", "https://APP.example.org:8443"])
def test_is_silent_with_a_frontend_below_the_domain(name, origin):
    assert judge(".example.org", "api.example.org", **{name: [origin]}).outcome is Outcome.PASS


@pytest.mark.parametrize("origins", [[], ["https://api.example.org"], ["https://app.example.com"], None])
def test_fires_when_no_origin_is_another_host_below_the_domain(origins):
    assert judge(".example.org", "api.example.org", CORS_ALLOWED_ORIGINS=origins).outcome is Outcome.FAIL


def test_tenants_share_their_logins():
    middleware = ["django.contrib.sessions.middleware.SessionMiddleware", "hosts_of.tenants"]
    files = {"hosts_of.py": TENANTS}
    (finding,) = judge(".example.org", "*", files=files, MIDDLEWARE=middleware).findings
    assert "all tenants below it, which hosts_of.tenants looks up" in finding.message


@pytest.mark.parametrize("domain", [None, "", " ", ".", False])
def test_is_not_applicable_without_a_domain(domain):
    assert judge(domain, ".example.org").outcome is Outcome.NOT_APPLICABLE


def test_is_not_applicable_without_sessions():
    assert judge(".example.org", ".example.org", MIDDLEWARE=[]).outcome is Outcome.NOT_APPLICABLE


def test_is_not_applicable_when_middleware_decides():
    files = {"by_host.py": BY_HOST}
    result = judge(".example.org", "*", files=files, MIDDLEWARE=["by_host.ByHost"])
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert result.reason == "by_host.ByHost decides by itself where the cookie is sent"


def test_says_where():
    files = {"conf.py": "\nSESSION_COOKIE_DOMAIN = '.example.org'\n"}
    (finding,) = judge(".example.org", "*", files=files, settings_module="conf").findings
    assert str(finding.at) == "conf.py:2"
