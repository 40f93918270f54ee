import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

SECURITY = "django.middleware.security.SecurityMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
HEALTH = "django_prodready.middleware.HealthMiddleware"
PUT_FIRST = f"Put '{HEALTH}' first in MIDDLEWARE, or"
URLS = """
from django.http import HttpResponse
from django.urls import path

def view(request):
    return HttpResponse("ok")

urlpatterns = [path(text, view) for text in {paths!r}]
"""
MIDDLEWARE = """
import time

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.deprecation import MiddlewareMixin


class AnswersHealth(MiddlewareMixin):
    def process_request(self, request):
        if request.path == "/health/":
            return HttpResponse("ok")


class AnswersAlive(MiddlewareMixin):
    def process_request(self, request):
        if request.path == "/__lbheartbeat__":
            return HttpResponse()


class Login(MiddlewareMixin):
    def process_request(self, request):
        return HttpResponseRedirect("/login/?next=secret-token")


class SingleSignOn(MiddlewareMixin):
    def process_request(self, request):
        return HttpResponseRedirect("https://user:pass@sso.example.org/login?token=secret-token")


class Nowhere(MiddlewareMixin):
    def process_request(self, request):
        response = HttpResponse(status=302)
        response["Location"] = "https://[bad"
        return response


class Itself(MiddlewareMixin):
    def process_request(self, request):
        return HttpResponseRedirect("?probe=1")


class Tenants(MiddlewareMixin):
    def process_request(self, request):
        if not request.META["HTTP_HOST"].endswith("example.org"):
            return HttpResponse(status=404)


class Forbids(MiddlewareMixin):
    def process_request(self, request):
        raise PermissionDenied


class Breaks(MiddlewareMixin):
    def process_request(self, request):
        raise KeyError("secret-token")


class Unavailable(MiddlewareMixin):
    def process_request(self, request):
        return HttpResponse(status=503)


class BreaksOnAddresses(MiddlewareMixin):
    def process_request(self, request):
        host = request.META["HTTP_HOST"]
        assert "example.org" in host


class Queries(MiddlewareMixin):
    def process_request(self, request):
        connection.cursor()


class QueriesAndSwallows(MiddlewareMixin):
    def process_request(self, request):
        try:
            connection.cursor()
        except Exception:
            pass


class Late(MiddlewareMixin):
    def process_response(self, request, response):
        return HttpResponse(status=418)
"""
STRICT = (
    "kubelet   Host: 10.42.0.7:8000  400 DisallowedHost",
    "docker    Host: localhost:8000  400 DisallowedHost",
    "balancer  Host: 10.42.0.7       400 DisallowedHost",
)
MANIFEST = """
kind: Deployment
spec:
  containers:
    - livenessProbe:
        httpGet:
          path: /health/
          port: 8000
"""
COMPOSE = """
services:
  web:
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:8000/health/"]
"""


def judge(
    paths=("health/",), *, files=None, facts=None, middleware=(SECURITY, COMMON), prodready=None, **settings
):
    files = {
        "site_urls.py": URLS.format(paths=list(paths)),
        "site_middleware.py": MIDDLEWARE,
        **(files or {}),
    }
    values = {
        "ROOT_URLCONF": "site_urls",
        "MIDDLEWARE": list(middleware),
        "PRODREADY": {"FACTS": facts or {}, **(prodready or {})},
        **settings,
    }
    source = {"files": files}
    if "conf.py" in files:
        source["settings_module"] = "conf"
    return run_check("hosts.probe-rejected", settings=values, **source)


def own(name):
    return f"site_middleware.{name}"


def test_strict_hosts_refuse_every_probe():
    (finding,) = judge().findings
    assert finding.message == (
        "A platform probe to /health/ is refused before the view runs: kubelet got 400 DisallowedHost, "
        "Docker got 400 DisallowedHost, the load balancer got 400 DisallowedHost."
    )
    assert finding.evidence == STRICT
    assert finding.hint == f"Put '{HEALTH}' first in MIDDLEWARE."
    assert (finding.subject, finding.severity) == ("/health/", Severity.CRITICAL)


def test_a_redirect_refuses_every_probe_when_any_host_is_allowed():
    (finding,) = judge(ALLOWED_HOSTS=["*"], SECURE_SSL_REDIRECT=True).findings
    assert finding.message == (
        "A platform probe to /health/ is redirected before the view runs: kubelet got 301 to https, "
        "Docker got 301 to https, the load balancer got 301 to https."
    )
    assert finding.evidence == (
        "kubelet   Host: 10.42.0.7:8000  301 to https: fails on TLS to a plain port",
        "docker    Host: localhost:8000  301 to https: curl -f calls it healthy",
        "balancer  Host: 10.42.0.7       301 to https: wants 200",
    )
    assert finding.severity is Severity.CRITICAL


@pytest.mark.parametrize(
    "settings",
    [
        {"ALLOWED_HOSTS": ["*"]},
        {"ALLOWED_HOSTS": ["example.org", "localhost", "10.42.0.7"]},
        {"ALLOWED_HOSTS": ["*"], "SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": [r"^health/$"]},
        {"middleware": []},
        {"middleware": [HEALTH, SECURITY, COMMON], "SECURE_SSL_REDIRECT": True},
        {"middleware": [own("AnswersHealth"), SECURITY, COMMON], "SECURE_SSL_REDIRECT": True},
    ],
    ids=["any host", "all hosts", "exempt", "no middleware", "ours", "their own"],
)
def test_passes(settings):
    assert judge(**settings).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("facts", "paths"),
    [
        ({}, []),
        ({}, ["about/"]),
        ({"platform": "Heroku"}, ["health/"]),
        ({"platform": "pythonanywhere"}, ["health/"]),
    ],
)
def test_is_not_applicable(facts, paths):
    result = judge(paths, facts=facts)
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert result.reason.startswith(("the project has no health path", str(facts.get("platform"))))


@pytest.mark.parametrize(
    ("middleware", "words"),
    [
        ("Login", "302 to /login/"),
        ("SingleSignOn", "302 to https://sso.example.org/login"),
        ("Nowhere", "302 to elsewhere"),
        ("Itself", "302 to itself"),
        ("Tenants", "404"),
        ("Forbids", "403 PermissionDenied"),
        ("BreaksOnAddresses", "500 AssertionError"),
        ("Late", "418"),
    ],
)
def test_every_other_refusal_is_named(middleware, words):
    result = judge(middleware=[own(middleware)], files={"conf.py": "MIDDLEWARE = []\n"})
    (finding,) = result.findings
    assert f"kubelet got {words}, Docker got {words}" in finding.message
    assert (" before the view runs" in finding.message) is (middleware != "Late")
    assert "secret-token" not in repr(result)
    assert str(finding.at) == "conf.py:1"


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({}, 1),
        ({"ALLOWED_HOSTS": ["*"], "SECURE_SSL_REDIRECT": True}, 2),
    ],
    ids=["400", "301"],
)
def test_says_where(settings, line):
    hosts = settings.get("ALLOWED_HOSTS", ["www.example.org"])
    source = f"ALLOWED_HOSTS = {hosts!r}\nSECURE_SSL_REDIRECT = True\n"
    (finding,) = judge(files={"conf.py": source}, **settings).findings
    assert str(finding.at) == f"conf.py:{line}"


def test_a_redirect_to_https_that_is_not_djangos_is_the_middlewares():
    files = {"conf.py": "MIDDLEWARE = []\nSECURE_SSL_REDIRECT = False\n"}
    (finding,) = judge(middleware=[own("SingleSignOn")], files=files).findings
    assert str(finding.at) == "conf.py:1"


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"middleware": [own("Queries")]}, "it needed the database (default)"),
        ({"middleware": [own("QueriesAndSwallows")]}, "it needed the database (default)"),
        ({"middleware": [own("Breaks")]}, "the middleware fails with KeyError here, whoever asks"),
        ({"middleware": [own("Unavailable")]}, "the middleware fails with 503 here, whoever asks"),
    ],
)
def test_is_not_run_when_the_answer_is_not_certain(settings, reason):
    result = judge(**settings)
    assert result.outcome is Outcome.NOT_RUN
    assert result.reason == f"the answer to /health/ is not certain: {reason}"


def test_a_refused_host_is_certain_whatever_else_is_out_of_reach():
    (finding,) = judge(middleware=[own("QueriesAndSwallows"), COMMON]).findings
    assert finding.evidence == STRICT


def test_one_certain_refusal_outweighs_a_doubt():
    (finding,) = judge(middleware=[COMMON, own("Queries")], ALLOWED_HOSTS=["localhost"]).findings
    assert "Docker got no certain answer (it needed the database (default))" in finding.message
    assert finding.severity is Severity.CRITICAL


def test_middleware_that_cannot_be_built_is_not_run():
    assert judge(middleware=["no.such.Middleware"]).outcome is Outcome.NOT_RUN


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        ({}, Severity.WARNING),
        ({"compose.yml": COMPOSE}, Severity.INFO),
        ({"deploy/web.yaml": MANIFEST}, Severity.CRITICAL),
        ({"deploy/web.yaml": MANIFEST, "compose.yml": COMPOSE}, Severity.CRITICAL),
    ],
    ids=["nobody known", "docker", "kubelet", "both"],
)
def test_a_path_that_some_refuse_depends_on_who_asks(files, severity):
    (finding,) = judge(files=files, ALLOWED_HOSTS=["www.example.org", "localhost"]).findings
    assert "Docker got 200, the load balancer got 400 DisallowedHost" in finding.message
    assert finding.severity is severity


def test_an_address_is_not_allowed_by_habit():
    (finding,) = judge(ALLOWED_HOSTS=["www.example.org", "10.1.2.3"]).findings
    assert finding.evidence == (
        "kubelet   Host: 10.1.2.3:8000   200",
        "docker    Host: localhost:8000  400 DisallowedHost",
        "balancer  Host: 10.1.2.3        200",
    )
    assert finding.severity is Severity.INFO
    files = {"compose.yml": COMPOSE}
    (finding,) = judge(files=files, ALLOWED_HOSTS=["www.example.org", "10.1.2.3"]).findings
    assert finding.severity is Severity.CRITICAL


def test_an_address_that_the_settings_compute_is_not_certain():
    files = {"conf.py": "import os\n\nALLOWED_HOSTS = ['www.example.org', os.environ.get('POD_IP', '')]\n"}
    result = judge(files=files, facts={"platform": "kubernetes"})
    assert result.outcome is Outcome.NOT_RUN
    assert result.reason == (
        "the answer to /health/ is not certain: conf.py may allow the address that it runs on"
    )


@pytest.mark.parametrize(
    ("platform", "outcome"),
    [
        ("coolify", Outcome.PASS),
        ("sevalla", Outcome.FAIL),
        ("kubernetes", Outcome.FAIL),
        ("aws", Outcome.FAIL),
    ],
)
def test_a_declared_platform_decides_who_asks(platform, outcome):
    result = judge(facts={"platform": platform}, ALLOWED_HOSTS=["www.example.org", "localhost"])
    assert result.outcome is outcome
    assert {finding.severity for finding in result.findings} <= {Severity.CRITICAL}


def test_a_declared_probe_host_is_the_only_one_that_counts():
    assert judge(facts={"probe_host": "www.example.org"}).outcome is Outcome.PASS
    (finding,) = judge(facts={"probe_host": "wrong.example.org"}).findings
    assert finding.evidence == ("platform  Host: wrong.example.org  400 DisallowedHost",)
    assert finding.severity is Severity.CRITICAL


def test_a_redirect_of_a_declared_probe_host_is_a_warning():
    (finding,) = judge(facts={"probe_host": "www.example.org"}, SECURE_SSL_REDIRECT=True).findings
    assert finding.evidence == ("platform  Host: www.example.org  301 to https",)
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("platform", "settings", "outcome"),
    [
        ("railway", {}, Outcome.FAIL),
        ("railway", {"ALLOWED_HOSTS": ["www.example.org", "healthcheck.railway.app"]}, Outcome.PASS),
        ("render", {}, Outcome.PASS),
        ("render", {"SECURE_SSL_REDIRECT": True}, Outcome.PASS),
        ("render", {"ALLOWED_HOSTS": ["*."]}, Outcome.FAIL),
    ],
)
def test_platforms_that_document_their_host(platform, settings, outcome):
    assert judge(facts={"platform": platform}, **settings).outcome is outcome


def test_another_path_that_passes_makes_it_information():
    middleware = [own("AnswersAlive"), SECURITY, COMMON]
    first, second = judge(["health/", "ready/"], middleware=middleware).findings
    assert (first.subject, first.severity) == ("/health/", Severity.INFO)
    assert (second.subject, second.severity) == ("/ready/", Severity.CRITICAL)


def test_each_path_is_a_finding_with_an_identity():
    first, second = judge(["health/", "ready/"]).findings
    assert [first.subject, second.subject] == ["/health/", "/ready/"]
    assert first.fingerprint != second.fingerprint


@pytest.mark.parametrize(
    ("paths", "settings", "hint"),
    [
        (
            ["healthz"],
            {},
            f"Put '{HEALTH}' first in MIDDLEWARE and set PRODREADY['HEALTH_PATH'] to 'healthz/'.",
        ),
        (
            ["health/"],
            {"middleware": [SECURITY, COMMON, HEALTH]},
            f"Move '{HEALTH}' to the first place in MIDDLEWARE.",
        ),
        (
            ["ready/"],
            {"SECURE_SSL_REDIRECT": True},
            PUT_FIRST
            + r" have the probe send 'Host: www.example.org' and add r'^ready/$' to SECURE_REDIRECT_EXEMPT.",
        ),
        (
            ["ready/"],
            {},
            PUT_FIRST + " have the probe send 'Host: www.example.org'.",
        ),
        (
            ["ready/"],
            {"ALLOWED_HOSTS": []},
            PUT_FIRST + " have the probe send 'Host: <a host of the site>'.",
        ),
        (
            ["ready/"],
            {"ALLOWED_HOSTS": ["localhost"]},
            PUT_FIRST + " have the probe send 'Host: <a host of the site>'.",
        ),
        (
            ["ready/"],
            {"middleware": [own("Forbids")]},
            PUT_FIRST + " let requests to /ready/ pass the middleware that answers them.",
        ),
        (
            ["health/"],
            {"middleware": [HEALTH, SECURITY, COMMON], "prodready": {"HEALTH_PATH": None}},
            "Set PRODREADY['HEALTH_PATH'] to 'health/': HealthMiddleware answers it before anything else.",
        ),
        (
            ["ping/"],
            {"middleware": [HEALTH, SECURITY, COMMON]},
            "Point the probe at /health/, which HealthMiddleware answers before anything else.",
        ),
    ],
)
def test_the_hint_is_for_this_path(paths, settings, hint):
    assert judge(paths, **settings).findings[-1].hint == hint


def test_a_path_that_a_probe_asks_is_not_replaced_by_another():
    settings = {
        "ROOT_URLCONF": "asked_urls",
        "MIDDLEWARE": [HEALTH, COMMON],
        "PRODREADY": {"HEALTH_PATH": "live/"},
    }
    files = {"asked_urls.py": URLS.format(paths=["health/"])}
    (finding,) = run_check("hosts.probe-rejected", settings=settings, files=files).findings
    assert finding.severity is Severity.INFO
    files["Dockerfile"] = "HEALTHCHECK CMD curl -f http://localhost:8000/health/\n"
    (finding,) = run_check("hosts.probe-rejected", settings=settings, files=files).findings
    assert finding.severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("paths", "prodready", "hint"),
    [
        (
            ["ready/"],
            {"READY_PATH": "status/"},
            PUT_FIRST.replace(", or", " and set PRODREADY['READY_PATH'] to 'ready/', or")
            + " have the probe send 'Host: www.example.org'.",
        ),
        (
            ["health/"],
            {"HEALTH_PATH": "x/", "READY_PATH": "health/"},
            PUT_FIRST + " have the probe send 'Host: www.example.org'.",
        ),
    ],
)
def test_the_hint_follows_the_configured_paths(paths, prodready, hint):
    assert judge(paths, prodready=prodready).findings[-1].hint == hint


def test_our_readiness_answers_before_host_and_redirect():
    middleware = [HEALTH, SECURITY, COMMON]
    assert judge((), middleware=middleware, SECURE_SSL_REDIRECT=True).outcome is Outcome.PASS
    first, second = judge((), middleware=[SECURITY, COMMON, HEALTH]).findings
    assert (first.subject, second.subject) == ("/health/", "/ready/")
    assert {first.hint, second.hint} == {f"Move '{HEALTH}' to the first place in MIDDLEWARE."}


WRAPPER = """
from django.core.{kind} import get_{kind}_application
from django_prodready.{kind} import with_health

application = with_health(get_{kind}_application())
"""


@pytest.mark.parametrize("kind", ["wsgi", "asgi"])
def test_what_a_wrapper_answers_is_never_refused(kind):
    files = {f"shop/{kind}.py": WRAPPER.format(kind=kind)}
    assert judge(["health/", "ready/"], files=files).outcome is Outcome.PASS
    (finding,) = judge(["health/", "ping/"], files=files).findings
    assert (finding.subject, finding.severity) == ("/ping/", Severity.INFO)


def test_our_urls_are_behind_the_middleware_and_run_no_probe():
    urls = (
        "from django.urls import include, path\nurlpatterns = [path('', include('django_prodready.urls'))]\n"
    )
    findings = judge(files={"own_urls.py": urls}, ROOT_URLCONF="own_urls").findings
    assert [finding.subject for finding in findings] == ["/health/", "/ready/"]


def test_the_middleware_that_answers_liveness_hides_no_readiness():
    settings = {
        "ROOT_URLCONF": "both_urls",
        "MIDDLEWARE": [HEALTH, COMMON],
        "PRODREADY": {"READY_PATH": None},
    }
    files = {"both_urls.py": URLS.format(paths=["health/", "ready/"])}
    (finding,) = run_check("hosts.probe-rejected", settings=settings, files=files).findings
    assert (finding.subject, finding.severity) == ("/ready/", Severity.CRITICAL)
