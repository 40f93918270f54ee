import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

URLS = """
import socket

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.urls import include, path
from django.views import View


def well(request):
    return HttpResponse("ok")


def queries(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok")


def swallows(request):
    try:
        connection.ensure_connection()
    except Exception:
        pass
    return HttpResponse("ok")


def orm(request):
    return JsonResponse({{"users": User.objects.count()}})


def network(request):
    try:
        socket.create_connection(("127.0.0.1", 1), timeout=1).close()
    except OSError:
        return HttpResponse(status=503)
    return HttpResponse("ok")


def local_cache(request):
    cache.set("health", 1)
    return HttpResponse(cache.get("health"))


async def later(request):
    return HttpResponse("ok")


class Health(View):
    def get(self, request):
        return queries(request)


def raises(request):
    raise KeyError("secret-token")


urlpatterns = [{routes}]
"""
MIDDLEWARE = """
from django.db import connection


def queries(get_response):
    def middleware(request):
        try:
            connection.cursor()
        except Exception:
            pass
        return get_response(request)

    return middleware


def fails(get_response):
    def middleware(request):
        connection.cursor()

    return middleware
"""
REDIS = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
}
KUBERNETES = """
kind: Deployment
spec:
  containers:
    - name: web
      {kind}Probe:
        httpGet:
          path: {path}
          port: 8000
"""


def judge(routes, *, files=None, **settings):
    written = ", ".join(f"path({path!r}, {view})" for path, view in routes.items())
    return run_check(
        "health.depends-on-db",
        settings={"ROOT_URLCONF": "asked_urls", **settings},
        files={
            "asked_urls.py": URLS.format(routes=written),
            "own_middleware.py": MIDDLEWARE,
            **(files or {}),
        },
    )


@pytest.mark.parametrize("view", ["queries", "swallows", "orm", "network", "Health.as_view()"])
def test_a_liveness_path_asks_for_nothing(view):
    (finding,) = judge({"livez": view}).findings
    assert finding.subject == "/livez"
    assert finding.severity is Severity.WARNING
    needs = "a network connection" if view == "network" else "the database (default)"
    assert finding.message == (
        f"The view of /livez asks for {needs}, and /livez is named for liveness:"
        " an outage there restarts sound processes."
    )


@pytest.mark.parametrize("view", ["well", "later", "raises", "local_cache"])
def test_a_view_that_asks_for_nothing_passes(view):
    assert judge({"livez": view, "readyz": "queries"}).outcome is Outcome.PASS


def test_a_cache_on_a_server_counts():
    (finding,) = judge({"livez": "local_cache"}, CACHES=REDIS).findings
    assert "a network connection" in finding.message


def test_transactions_around_every_view_count():
    entry = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "ATOMIC_REQUESTS": True}
    (finding,) = judge({"livez": "well"}, DATABASES={"default": entry}).findings
    assert "the database (default)" in finding.message


@pytest.mark.parametrize("path", ["ready/", "readyz", "readiness/", "health/ready/", "__heartbeat__"])
def test_readiness_may_ask(path):
    assert judge({path: "queries"}).outcome is Outcome.PASS


def test_one_combined_path_that_nobody_asks_is_information():
    (finding,) = judge({"health/": "queries"}).findings
    assert finding.severity is Severity.INFO
    assert finding.message.startswith("The view of /health/ asks for the database (default): as a liveness")


def test_beside_a_readiness_path_it_is_the_one_for_liveness():
    (finding,) = judge({"health/": "queries", "ready/": "queries"}).findings
    assert (finding.subject, finding.severity) == ("/health/", Severity.WARNING)
    assert "/health/ stands beside /ready/ for liveness" in finding.message


@pytest.mark.parametrize(
    ("kind", "path", "severity"),
    [
        ("liveness", "/health/", Severity.WARNING),
        ("liveness", "/health", Severity.WARNING),
        ("liveness", "/other/", Severity.INFO),
        ("readiness", "/health/", None),
        ("startup", "/health/", None),
    ],
)
def test_a_manifest_says_what_a_path_is_for(kind, path, severity):
    files = {"deploy/web.yaml": KUBERNETES.format(kind=kind, path=path)}
    found = judge({"health/": "queries"}, files=files).findings
    assert [finding.severity for finding in found] == ([severity] if severity else [])


def test_the_manifest_is_named():
    files = {"deploy/web.yaml": KUBERNETES.format(kind="liveness", path="/health/")}
    (finding,) = judge({"health/": "queries"}, files=files).findings
    assert "the liveness probe in deploy/web.yaml asks /health/: an outage" in finding.message


def test_a_readiness_path_that_liveness_asks_counts():
    files = {"deploy/web.yaml": KUBERNETES.format(kind="liveness", path="/ready/")}
    (finding,) = judge({"ready/": "queries"}, files=files).findings
    assert (finding.subject, finding.severity) == ("/ready/", Severity.WARNING)


def test_dockers_health_check_counts():
    files = {"Dockerfile": "HEALTHCHECK CMD curl -f http://localhost:8000/health/ || exit 1\n"}
    (finding,) = judge({"health/": "queries"}, files=files).findings
    assert "the health check in Dockerfile asks /health/" in finding.message


def test_what_middleware_asks_for_is_not_the_views_doing():
    assert judge({"livez": "well"}, MIDDLEWARE=["own_middleware.queries"]).outcome is Outcome.PASS
    assert judge({"livez": "queries"}, MIDDLEWARE=["own_middleware.fails"]).outcome is Outcome.PASS


def test_our_own_endpoints_are_known():
    ours = "django_prodready.middleware.HealthMiddleware"
    assert judge({"health/": "queries"}, MIDDLEWARE=[ours]).outcome is Outcome.NOT_APPLICABLE
    result = judge({"": "include('django_prodready.urls')"})
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert result.reason == "no health path of the project's own was found"


def test_a_project_without_health_paths_is_not_concerned():
    assert judge({"": "queries"}).outcome is Outcome.NOT_APPLICABLE


def test_says_where_the_view_is():
    (finding,) = judge({"livez": "queries"}).findings
    line = URLS.splitlines().index("def queries(request):") + 1
    assert str(finding.at) == f"asked_urls.py:{line}"


@pytest.mark.parametrize(
    ("url", "middle"),
    [("/health/", "health_check.views.HealthCheckView.as_view(checks=['health_check.Database'])")],
)
def test_a_packages_combined_view_is_information(url, middle):
    urls = "import health_check.views\nfrom django.urls import path\n"
    urls += f"urlpatterns = [path('health/', {middle})]\n"
    result = run_check(
        "health.depends-on-db", settings={"ROOT_URLCONF": "package_urls"}, files={"package_urls.py": urls}
    )
    (finding,) = result.findings
    assert (finding.subject, finding.severity, finding.at) == (url, Severity.INFO, None)
