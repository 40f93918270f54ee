import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

OURS = "django_prodready.middleware.HealthMiddleware"
SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
AUTH = "django.contrib.auth.middleware.AuthenticationMiddleware"
LOGIN_REQUIRED = "django.contrib.auth.middleware.LoginRequiredMiddleware"
URLS = """
from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path


def well(request):
    return HttpResponse("ok")


def unauthorized(request):
    return HttpResponse(status=401)


def forbids(request):
    raise PermissionDenied


def by_address(request):
    return HttpResponse(status=200 if request.META["REMOTE_ADDR"].startswith("10.") else 403)


def by_loopback(request):
    return HttpResponse(status=200 if request.META["REMOTE_ADDR"] == "127.0.0.1" else 403)


def by_agent(request):
    return HttpResponse(status=200 if "ELB" in request.headers.get("User-Agent", "") else 403)


def by_database(request):
    try:
        User.objects.exists()
    except Exception:
        return HttpResponse(status=403)
    return HttpResponse("ok")


def to_home(request):
    return HttpResponseRedirect("/welcome/")


def to_sign_in(request):
    return HttpResponseRedirect("https://id.example.org/sso/?next=/health/")


@login_not_required
def exempt(request):
    return HttpResponse("ok")


guarded = login_required(well)

urlpatterns = [{routes}]
"""
PROBE = """
services:
  web:
    healthcheck:
      test: ["CMD", "curl", "-f", {header}"http://localhost:8000{path}"]
"""


def judge(routes, *, files=None, **settings):
    written = ", ".join(f"path({path!r}, {view})" for path, view in routes.items())
    return run_check(
        "health.needs-auth",
        settings={"ROOT_URLCONF": "asked_urls", **settings},
        files={"asked_urls.py": URLS.format(routes=written), **(files or {})},
    )


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ("guarded", "302 to /accounts/login/"),
        ("unauthorized", "401"),
        ("forbids", "403"),
        ("to_sign_in", "302 to /sso/"),
    ],
)
@pytest.mark.parametrize("path", ["health/", "ready/"])
def test_a_probe_without_credentials_is_refused(view, said, path):
    (finding,) = judge({path: view}).findings
    assert finding.message == (
        f"A probe of /{path} without credentials gets {said}: it never sees the health of the process."
    )
    assert finding.severity is Severity.ERROR
    assert finding.at.file == "asked_urls.py"


def test_a_login_that_middleware_requires_is_found():
    middleware = [SESSION, AUTH, LOGIN_REQUIRED]
    (finding,) = judge({"health/": "well"}, MIDDLEWARE=middleware, LOGIN_URL="/hello/").findings
    assert "gets 302 to /hello/" in finding.message
    assert judge({"health/": "exempt"}, MIDDLEWARE=middleware).outcome is Outcome.PASS
    assert judge({"health/": "well"}, MIDDLEWARE=[OURS, *middleware]).outcome is Outcome.PASS


@pytest.mark.parametrize("view", ["well", "by_address", "by_loopback", "by_agent", "by_database", "to_home"])
def test_who_lets_probes_in_passes(view):
    assert judge({"health/": view}).outcome is Outcome.PASS


def test_a_login_address_that_cannot_be_resolved_is_none():
    assert judge({"health/": "to_home"}, LOGIN_URL="no-such:name").outcome is Outcome.PASS
    assert judge({"health/": "to_home"}, LOGIN_URL="").outcome is Outcome.PASS


def test_guarded_details_beside_an_open_path_are_information():
    (finding,) = judge({"ping/": "well", "health/": "guarded"}).findings
    assert (finding.subject, finding.severity) == ("/health/", Severity.INFO)
    files = {"compose.yml": PROBE.format(path="/health/", header="")}
    (finding,) = judge({"ping/": "well", "health/": "guarded"}, files=files).findings
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    "header",
    ['"-H", "Authorization: Bearer $TOKEN", ', '"-u", "probe:$PASSWORD", ', '"-H", "X-Api-Key: $KEY", '],
)
def test_a_probe_that_sends_credentials_is_let_in(header):
    files = {"compose.yml": PROBE.format(path="/health/", header=header)}
    assert judge({"health/": "unauthorized"}, files=files).outcome is Outcome.PASS


TOKENS = {"HEALTH_TOKENS": ["correct-horse-battery-staple"]}


def test_our_tokens_are_meant():
    assert judge({}, MIDDLEWARE=[OURS], PRODREADY=TOKENS).outcome is Outcome.PASS


@pytest.mark.parametrize("path", ["/ready/", "/ready", "/startup/"])
def test_a_probe_must_send_our_token(path):
    files = {"compose.yml": PROBE.format(path=path, header="")}
    (finding,) = judge({}, files=files, MIDDLEWARE=[OURS], PRODREADY=TOKENS).findings
    assert finding.message == (
        f"{path.rstrip('/')}/ asks for one of PRODREADY['HEALTH_TOKENS'], and the health check in compose.yml"
        " sends none: it gets 401."
    )
    assert str(finding.at) == "compose.yml:4"
    assert judge({}, files=files, MIDDLEWARE=[OURS]).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "test",
    [
        "curl -f -H 'Authorization: Bearer $TOKEN' http://localhost:8000/ready/",
        "curl -f -H 'X-Health-Token: $TOKEN' http://localhost:8000/ready/",
        "python -m django_prodready.probe http http://localhost:8000/ready/ --token-env HEALTH_TOKEN",
        "curl -f http://localhost:8000/health/",
    ],
)
def test_a_probe_that_sends_our_token_or_needs_none(test):
    files = {"Dockerfile": f"FROM python\nHEALTHCHECK --timeout=2s CMD {test}\n"}
    assert judge({}, files=files, MIDDLEWARE=[OURS], PRODREADY=TOKENS).outcome is Outcome.PASS


def test_without_a_health_path_it_is_not_applicable():
    assert judge({"": "guarded"}).outcome is Outcome.NOT_APPLICABLE
