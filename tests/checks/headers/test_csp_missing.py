import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.facts import Facts
from django_prodready.audit.facts.csp import django_has_policies
from django_prodready.audit.testing import run_check

DJANGO = "django.middleware.csp.ContentSecurityPolicyMiddleware"
PACKAGE = "csp.middleware.CSPMiddleware"
SELF = {"default-src": ["'self'"]}
PAGES = {"shop/templates/shop/home.html": "<h1>Home</h1>\n"}
HEADER = "Content-Security-Policy"
SETTER = """
def headers(get_response):
    def middleware(request):
        response = get_response(request)
        response.headers[{name!r}] = "default-src 'self'"
        return response

    return middleware
"""
DERIVED = """
from csp.middleware import CSPMiddleware

class Own(CSPMiddleware):
    def {method}(self, *args, **kwargs):
        return super().{method}(*args, **kwargs)
"""


def judge(*, files=None, settings_module=None, **settings):
    files = {**PAGES, **(files or {})}
    return run_check("headers.csp-missing", settings=settings, files=files, settings_module=settings_module)


def test_fires_for_a_site_with_pages():
    (finding,) = judge().findings
    assert finding.severity is Severity.WARNING
    assert finding.message == (
        "No Content-Security-Policy header is sent: a foreign script that gets onto a page "
        "(of shop/templates/shop/home.html) runs."
    )
    assert finding.subject == "MIDDLEWARE"
    if django_has_policies():
        assert finding.hint.startswith(f"Put '{DJANGO}' in MIDDLEWARE and set SECURE_CSP_REPORT_ONLY first,")
    else:
        assert finding.hint.startswith(f"Install django-csp, put '{PACKAGE}' in MIDDLEWARE and set CONTENT_")


@pytest.mark.parametrize(
    ("settings", "sends"),
    [
        ({"CONTENT_SECURITY_POLICY": {"DIRECTIVES": SELF}}, f"Put '{PACKAGE}' in MIDDLEWARE, which sends "),
        ({"MIDDLEWARE": [PACKAGE], "CONTENT_SECURITY_POLICY": {}}, ""),
        ({"MIDDLEWARE": [PACKAGE], "CONTENT_SECURITY_POLICY": "default-src 'self'"}, ""),
        ({"MIDDLEWARE": [PACKAGE], "CONTENT_SECURITY_POLICY": {"DIRECTIVES": None}}, ""),
        ({"MIDDLEWARE": [PACKAGE], "CSP_DEFAULT_SRC": ("'self'",)}, ""),
    ],
)
def test_fires_where_what_is_there_sends_nothing(settings, sends):
    (finding,) = judge(**settings).findings
    assert finding.severity is Severity.WARNING
    assert finding.hint.startswith(sends)


@pytest.mark.skipif(not django_has_policies(), reason="SECURE_CSP is new in Django 6.0")
def test_fires_where_djangos_middleware_is_absent():
    (finding,) = judge(SECURE_CSP=SELF).findings
    assert finding.hint == f"Put '{DJANGO}' in MIDDLEWARE, which sends SECURE_CSP."


@pytest.mark.parametrize(
    "settings",
    [
        {"MIDDLEWARE": [DJANGO], "SECURE_CSP": SELF},
        {"MIDDLEWARE": [DJANGO], "SECURE_CSP": SELF, "SECURE_CSP_REPORT_ONLY": SELF},
        {"MIDDLEWARE": [PACKAGE], "CONTENT_SECURITY_POLICY": {"DIRECTIVES": SELF}},
        {"MIDDLEWARE": [PACKAGE], "CONTENT_SECURITY_POLICY": {"REPORT_PERCENTAGE": 100}},
        {
            "MIDDLEWARE": ["csp.contrib.rate_limiting.RateLimitedCSPMiddleware"],
            "CONTENT_SECURITY_POLICY": {"DIRECTIVES": SELF},
        },
    ],
)
def test_is_silent_when_a_policy_is_enforced(settings):
    assert judge(**settings).outcome is Outcome.PASS


@pytest.mark.parametrize("method", ["get_policy_parts", "process_response"])
def test_is_silent_when_a_subclass_makes_the_policy(method):
    files = {"own_csp.py": DERIVED.format(method=method)}
    assert judge(files=files, MIDDLEWARE=["own_csp.Own"]).outcome is Outcome.PASS


def test_a_subclass_that_makes_no_policy_reads_the_settings():
    files = {"own_csp.py": DERIVED.format(method="process_request")}
    assert len(judge(files=files, MIDDLEWARE=["own_csp.Own"]).findings) == 1
    settings = {"MIDDLEWARE": ["own_csp.Own"], "CONTENT_SECURITY_POLICY": {"DIRECTIVES": SELF}}
    assert judge(files=files, **settings).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("nginx.conf", "add_header Content-Security-Policy \"default-src 'self'\" always;\n"),
        ("Caddyfile", "header Content-Security-Policy \"default-src 'self'\"\n"),
        ("compose.yml", "- traefik.http.middlewares.h.headers.contentsecuritypolicy=default-src 'self'\n"),
        ("traefik/dynamic.yml", "contentSecurityPolicy: >-\n  default-src 'self'\n"),
        ("cdn.tf", "content_security_policy {\n"),
        (
            "frontend/index.html",
            "<meta content=\"default-src 'self'\"\n http-equiv='Content-Security-Policy'>\n",
        ),
        ("shop/templates/base.html", '<meta http-equiv="Content-Security-Policy" content="x">\n'),
    ],
)
def test_is_silent_when_a_file_sends_it(path, text):
    assert judge(files={path: text}).outcome is Outcome.PASS


def test_is_silent_when_a_middleware_sends_it():
    files = {"own_headers.py": SETTER.format(name=HEADER)}
    assert judge(files=files, MIDDLEWARE=["own_headers.headers"]).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        pytest.param(
            {"MIDDLEWARE": [DJANGO], "SECURE_CSP_REPORT_ONLY": SELF},
            "Move it to SECURE_CSP once",
            marks=pytest.mark.skipif(not django_has_policies(), reason="SECURE_CSP is new in Django 6.0"),
        ),
        (
            {"MIDDLEWARE": [PACKAGE], "CONTENT_SECURITY_POLICY_REPORT_ONLY": {"DIRECTIVES": SELF}},
            "Move it to CONTENT_SECURITY_POLICY once",
        ),
        (
            {"files": {"nginx.conf": "add_header Content-Security-Policy-Report-Only x;\n"}},
            "Send it as Content-Security-Policy once",
        ),
        (
            {
                "files": {"own_headers.py": SETTER.format(name=f"{HEADER}-Report-Only")},
                "MIDDLEWARE": ["own_headers.headers"],
            },
            "Send it as Content-Security-Policy once",
        ),
    ],
)
def test_a_policy_that_only_reports_is_information(settings, words):
    (finding,) = judge(**settings).findings
    assert finding.severity is Severity.INFO
    assert "is only reported" in finding.message
    assert finding.hint.startswith(words)


def test_a_view_that_sets_it_makes_it_information():
    files = {"shop/views.py": f"def upload(request):\n    response['{HEADER}'] = 'sandbox'\n"}
    (finding,) = judge(files=files).findings
    assert finding.severity is Severity.INFO
    assert "except where shop/views.py:2 sets it" in finding.message


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"shop/urls.py": "urlpatterns = [path('admin/', admin.site.urls)]\n"},
        {"shop/api.py": "class Books(ListAPIView):\n    pass\n"},
        {"shop/admin.py": "def stats(request):\n    return render(request, 'admin/stats.html')\n"},
        {
            "shop/templates/admin/stats.html": "",
            "shop/templates/emails/hello.html": "",
            "templates/404.html": "",
        },
    ],
)
def test_without_pages_it_is_information(files):
    (finding,) = run_check("headers.csp-missing", files=files).findings
    assert finding.severity is Severity.INFO
    assert "shows no HTML page of its own" in finding.message


def test_a_middleware_that_fails_to_import_may_send_it():
    assert judge(MIDDLEWARE=["not_there.Middleware"]).outcome is Outcome.NOT_RUN


def test_without_django_csp_its_setting_is_another_ones(monkeypatch):
    monkeypatch.setattr(Facts, "is_installed", lambda facts, module: False)
    (finding,) = judge(CONTENT_SECURITY_POLICY={"DIRECTIVES": SELF}).findings
    assert "which sends" not in finding.hint


def test_django_csp_3_sends_a_policy_without_a_setting(monkeypatch):
    monkeypatch.setattr(Facts, "is_installed", lambda facts, module: module == "csp")
    assert judge(MIDDLEWARE=[PACKAGE]).outcome is Outcome.PASS
    (finding,) = judge(MIDDLEWARE=[PACKAGE], CSP_REPORT_ONLY=True).findings
    assert finding.hint.startswith("Set CSP_REPORT_ONLY = False once")
    (finding,) = judge(CSP_DEFAULT_SRC=("'self'",)).findings
    assert finding.severity is Severity.WARNING


def test_says_where():
    files = {"conf.py": "MIDDLEWARE = []\n"}
    (finding,) = judge(files=files, settings_module="conf", MIDDLEWARE=[]).findings
    assert str(finding.at) == "conf.py:1"


def test_is_not_applicable_to_an_api_without_pages():
    result = run_check("headers.csp-missing", settings={"TEMPLATES": []}, files={"api/urls.py": ""})
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert judge(TEMPLATES=[]).outcome is Outcome.FAIL
