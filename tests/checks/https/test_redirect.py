import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

SECURITY = "django.middleware.security.SecurityMiddleware"


def judge(declared=None, *, files=None, settings_module=None, **settings):
    if declared:
        settings["PRODREADY"] = {"FACTS": declared}
    return run_check("https.redirect", settings=settings, files=files, settings_module=settings_module)


@pytest.mark.parametrize(
    "declared",
    [None, {"tls": "app"}, {"redirect": "app"}, {"tls": "proxy", "redirect": "app"}, {"platform": "vps"}],
)
def test_fires(declared):
    (finding,) = judge(declared, SECURE_SSL_REDIRECT=False).findings
    assert finding.severity is Severity.WARNING
    assert finding.subject == "SECURE_SSL_REDIRECT"


@pytest.mark.parametrize("declared", [{"redirect": "proxy"}, {"tls": "proxy"}, {"platform": "railway"}])
def test_a_declaration_resolves_it(declared):
    assert judge(declared).outcome is Outcome.PASS


def test_a_redirect_in_the_proxys_file_resolves_it():
    files = {"nginx/site.conf": "server {\n  return 301 https://$host$request_uri;\n}\n"}
    assert judge(files=files).outcome is Outcome.PASS


@pytest.mark.parametrize("path", ["sslify.middleware.SSLifyMiddleware", "shop.middleware.RequireHttps"])
def test_another_middleware_may_redirect(path):
    assert judge(MIDDLEWARE=[SECURITY, path]).outcome is Outcome.PASS


@pytest.mark.parametrize("value", [True, 1])
def test_is_silent_when_django_redirects(value):
    assert judge(SECURE_SSL_REDIRECT=value).outcome is Outcome.PASS


def test_absent_middleware_is_another_checks_business():
    assert judge(MIDDLEWARE=[]).outcome is Outcome.NOT_APPLICABLE


def test_says_where():
    files = {"conf.py": "DEBUG = False\nSECURE_SSL_REDIRECT = False\n"}
    (finding,) = judge(files=files, settings_module="conf", SECURE_SSL_REDIRECT=False).findings
    assert str(finding.at) == "conf.py:2"


def test_the_name_of_the_project_says_nothing():
    files = {"ssllabs/__init__.py": "", "ssllabs/middleware.py": "def Timing(get): return get\n"}
    settings = {"ROOT_URLCONF": "ssllabs.urls", "MIDDLEWARE": [SECURITY, "ssllabs.middleware.Timing"]}
    assert judge(files=files, **settings).outcome is Outcome.FAIL


def test_a_platform_that_always_redirects_resolves_it():
    assert judge({"platform": "Cloud Run"}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("settings", "files", "first"),
    [
        ({}, {}, "SECURE_PROXY_SSL_HEADER and "),
        ({"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}, {}, ""),
        ({}, {"gunicorn.conf.py": "forwarded_allow_ips = '*'\n"}, ""),
    ],
)
def test_the_hint_leads_into_no_loop(settings, files, first):
    (finding,) = judge({"platform": "sevalla"}, files=files, **settings).findings
    assert f"or set {first}SECURE_SSL_REDIRECT = True." in finding.hint
    (finding,) = judge(files=files, **settings).findings
    assert "or set SECURE_SSL_REDIRECT = True." in finding.hint


@pytest.mark.parametrize("facts", [{}, {"tls": "app"}])
def test_proxies_that_settings_name_hide_https_too(facts):
    (finding,) = judge(PRODREADY={"CLOUDFLARE": True, "FACTS": facts}).findings
    assert ("SECURE_PROXY_SSL_HEADER and " in finding.hint) is (not facts)
