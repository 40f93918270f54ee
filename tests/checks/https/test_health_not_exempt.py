import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

HEALTH = "django_prodready.middleware.HealthMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"
HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
URLS = """
from django.http import HttpResponse
from django.urls import path

def fine(request):
    return HttpResponse("fine")

urlpatterns = [path("health/", fine), path("ready/", fine)]
"""
MIDDLEWARE = """
from django.db import connection
from django.http import HttpResponseRedirect

def answers_health(get_response):
    def middleware(request):
        if request.path == "/health/":
            connection.cursor()
        return get_response(request)
    return middleware

def elsewhere(get_response):
    return lambda request: HttpResponseRedirect("https://sso.example.org/login/")

def needs_database(get_response):
    def middleware(request):
        connection.cursor()
        return get_response(request)
    return middleware
"""


def judge(*, files=None, settings_module=None, **settings):
    settings = {"SECURE_SSL_REDIRECT": True, "ROOT_URLCONF": "probed_urls", **settings}
    files = {"probed_urls.py": URLS, "probed_middleware.py": MIDDLEWARE, **(files or {})}
    return run_check(
        "https.health-not-exempt", settings=settings, files=files, settings_module=settings_module
    )


def test_fires_for_each_path():
    result = judge(SECURE_PROXY_SSL_HEADER=HEADER)
    assert [finding.subject for finding in result.findings] == ["/health/", "/ready/"]
    assert {finding.severity for finding in result.findings} == {Severity.ERROR}
    assert "(301)" in result.findings[0].message
    assert 'r"^health/$"' in result.findings[0].hint
    assert "HealthMiddleware" in result.findings[0].hint
    assert (
        result.findings[1].hint
        == f'Put {HEALTH} first in MIDDLEWARE, or add r"^ready/$" to SECURE_REDIRECT_EXEMPT.'
    )


def test_fires_for_the_path_that_is_left():
    (finding,) = judge(SECURE_REDIRECT_EXEMPT=[r"^health/$"]).findings
    assert finding.subject == "/ready/"


@pytest.mark.parametrize("pattern", [r"^/health/$", r"/health/$"])
def test_names_the_exemption_that_was_meant(pattern):
    first, second = judge(SECURE_REDIRECT_EXEMPT=[pattern]).findings
    assert repr(pattern) in first.message
    assert "although" not in second.message


def test_fires_with_another_host_for_https():
    assert judge(SECURE_SSL_HOST="secure.example.org").outcome is Outcome.FAIL


def test_is_silent_when_exempt():
    assert judge(SECURE_REDIRECT_EXEMPT=[r"^(health|ready)/$"]).outcome is Outcome.PASS


def test_is_silent_when_answered_before_the_redirect():
    result = judge(MIDDLEWARE=[HEALTH, SECURITY], ROOT_URLCONF="django_prodready.audit.bare_project")
    assert result.outcome is Outcome.PASS


def test_fires_when_answered_after_the_redirect():
    result = judge(MIDDLEWARE=[SECURITY, HEALTH], ROOT_URLCONF="django_prodready.audit.bare_project")
    assert [finding.subject for finding in result.findings] == ["/health/", "/ready/"]


@pytest.mark.parametrize("settings", [{"SECURE_SSL_REDIRECT": False}, {"MIDDLEWARE": []}])
def test_is_not_applicable_without_a_redirect(settings):
    assert judge(**settings).outcome is Outcome.NOT_APPLICABLE


def test_is_not_applicable_without_a_health_path():
    assert judge(ROOT_URLCONF="django_prodready.audit.bare_project").outcome is Outcome.NOT_APPLICABLE


def test_is_silent_about_a_redirect_elsewhere():
    result = judge(MIDDLEWARE=["probed_middleware.elsewhere", SECURITY])
    assert result.outcome is Outcome.PASS


@pytest.mark.parametrize(
    "files",
    [
        {
            "Dockerfile": 'HEALTHCHECK CMD curl -f -H "X-Forwarded-Proto: https" http://localhost:8000/health/\n'
        },
        {
            "compose.yml": 'test: ["CMD", "curl", "-f", "-H", "X-Forwarded-Proto: https", "http://localhost/health/"]\n'
        },
        {"k8s/web.yaml": "httpHeaders:\n  - name: X-Forwarded-Proto\n    value: https\n"},
    ],
)
def test_is_silent_when_probes_send_the_proxys_header(files):
    assert judge(files=files, SECURE_PROXY_SSL_HEADER=HEADER).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "files",
    [
        {"Dockerfile": "HEALTHCHECK CMD curl -f http://localhost:8000/health/\n"},
        {"Dockerfile": '# curl -H "X-Forwarded-Proto: https"\n'},
        {
            "compose.yml": 'test: ["CMD", "curl", "-H", "X-Forwarded-For: 1.2.3.4", "http://localhost/health/"]\n'
        },
    ],
)
def test_fires_when_probes_do_not(files):
    assert judge(files=files, SECURE_PROXY_SSL_HEADER=HEADER).outcome is Outcome.FAIL


def test_a_header_that_nobody_declared_does_not_help():
    files = {
        "Dockerfile": 'HEALTHCHECK CMD curl -H "X-Forwarded-Proto: https" http://localhost:8000/health/\n'
    }
    assert judge(files=files).outcome is Outcome.FAIL


@pytest.mark.parametrize("malformed", [5, "HTTP_X_FORWARDED_PROTO", {"HTTP_X": "https"}])
def test_a_header_that_breaks_django_is_no_redirect(malformed):
    files = {
        "Dockerfile": 'HEALTHCHECK CMD curl -H "X-Forwarded-Proto: https" http://localhost:8000/health/\n'
    }
    result = judge(files=files, SECURE_PROXY_SSL_HEADER=malformed)
    assert (result.outcome, list(result.findings)) == (Outcome.PASS, [])
    result = judge(files=files, SECURE_PROXY_SSL_HEADER=(5, "https"))
    assert result.outcome is Outcome.FAIL


def test_is_not_run_when_nothing_can_be_seen():
    result = judge(MIDDLEWARE=["probed_middleware.needs_database", SECURITY])
    assert result.outcome is Outcome.NOT_RUN
    assert "/health/ answered 500" in result.reason


def test_is_not_run_without_a_host():
    assert judge(ALLOWED_HOSTS=[]).outcome is Outcome.NOT_RUN


def test_says_what_can_be_said():
    (finding,) = judge(MIDDLEWARE=["probed_middleware.answers_health", SECURITY]).findings
    assert finding.subject == "/ready/"


def test_says_where():
    files = {"conf.py": "\nSECURE_SSL_REDIRECT = True\n"}
    first, _ = judge(files=files, settings_module="conf").findings
    assert str(first.at) == "conf.py:2"
    files = {"conf.py": '\nSECURE_SSL_REDIRECT = True\nSECURE_REDIRECT_EXEMPT = ["^/health/$"]\n'}
    first, _ = judge(files=files, settings_module="conf", SECURE_REDIRECT_EXEMPT=["^/health/$"]).findings
    assert str(first.at) == "conf.py:3"


def test_the_hint_holds_below_a_script_name():
    site = {"SECURE_SSL_REDIRECT": True, "FORCE_SCRIPT_NAME": "/my-app"}
    findings = judge(**site).findings
    exempt = [
        finding.hint.partition('add r"')[2] or finding.hint.partition('Add r"')[2] for finding in findings
    ]
    exempt = [text.partition('"')[0] for text in exempt]
    assert exempt == ["^my-app/health/$", "^my-app/ready/$"]
    assert judge(**site, SECURE_REDIRECT_EXEMPT=exempt).outcome is Outcome.PASS


@pytest.mark.parametrize("path", ["docs/smoke.sh", "tests/probe.sh", ".github/workflows/ci.yml"])
def test_a_header_that_no_probe_sends_proves_nothing(path):
    files = {path: "curl -H 'X-Forwarded-Proto: https' http://localhost:8000/health/\n"}
    site = {"SECURE_SSL_REDIRECT": True, "SECURE_PROXY_SSL_HEADER": HEADER}
    assert judge(files=files, **site).outcome is Outcome.FAIL


LIVE = """
from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("health/", HttpResponse), path("healthz", HttpResponse)]
"""


@pytest.mark.parametrize(
    ("middleware", "health_path", "severities", "hint"),
    [
        ([SECURITY], "health/", [Severity.ERROR, Severity.ERROR], "Put "),
        ([HEALTH, SECURITY], "health/", [Severity.INFO], "Point the probe at /health/,"),
        ([SECURITY, HEALTH], "healthz/", [Severity.ERROR] * 3, "Move "),
        ([HEALTH, SECURITY], None, [Severity.ERROR, Severity.ERROR], "Add "),
    ],
)
def test_says_what_the_health_middleware_can_do(middleware, health_path, severities, hint):
    settings = {
        "SECURE_SSL_REDIRECT": True,
        "ROOT_URLCONF": "live_urls",
        "MIDDLEWARE": middleware,
        "PRODREADY": {"HEALTH_PATH": health_path},
    }
    findings = run_check("https.health-not-exempt", settings=settings, files={"live_urls.py": LIVE}).findings
    assert [finding.severity for finding in findings] == severities
    assert any(finding.hint.startswith(hint) for finding in findings)
    assert all("add r" in finding.hint or "Add r" in finding.hint for finding in findings)


def test_a_path_that_a_probe_asks_is_an_error_beside_another():
    settings = {"SECURE_SSL_REDIRECT": True, "ROOT_URLCONF": "live_urls", "MIDDLEWARE": [HEALTH, SECURITY]}
    files = {"live_urls.py": LIVE, "Dockerfile": "HEALTHCHECK CMD curl -f http://localhost:8000/healthz\n"}
    (finding,) = run_check("https.health-not-exempt", settings=settings, files=files).findings
    assert finding.severity is Severity.ERROR


WRAPPED = """
from django.core.wsgi import get_wsgi_application
from django_prodready.wsgi import with_health

application = with_health(get_wsgi_application())
"""


def test_what_a_wrapper_answers_is_never_redirected():
    result = judge(files={"shop/wsgi.py": WRAPPED})
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert judge(files={"shop/wsgi.py": WRAPPED.replace("with_health(get", "(get")}).outcome is Outcome.FAIL


def test_a_path_that_nobody_asks_is_information_beside_a_wrapper():
    files = {"shop/wsgi.py": WRAPPED, "live_urls.py": LIVE}
    (finding,) = judge(files=files, ROOT_URLCONF="live_urls").findings
    assert (finding.subject, finding.severity) == ("/healthz", Severity.INFO)
