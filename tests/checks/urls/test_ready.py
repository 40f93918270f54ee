import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

OURS = "django_prodready.middleware.HealthMiddleware"
URLS = """
from django.db import connection
from django.http import HttpResponse
from django.urls import include, path


def page(request):
    return HttpResponse("ok")


def combined(request):
    try:
        connection.ensure_connection()
    except Exception:
        return HttpResponse(status=503)
    return HttpResponse("ok")


def readiness(request):
    return HttpResponse("ok")


urlpatterns = [{routes}]
"""
SERVER = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
LOCAL = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
POD = "readinessProbe:\n  httpGet:\n    path: {path}\n    port: 8000\n"


def judge(routes="path('health/', page)", *, files=None, middleware=(), **settings):
    return run_check(
        "urls.ready",
        settings={
            "ROOT_URLCONF": "shop_urls",
            "WSGI_APPLICATION": "shop.wsgi.application",
            "MIDDLEWARE": list(middleware),
            **settings,
        },
        files={"shop_urls.py": URLS.format(routes=routes), **(files or {})},
    )


@pytest.mark.parametrize(
    "routes", ["", "path('health/', page)", "path('already/', page), path('reading/', page)"]
)
def test_a_site_without_a_readiness_path(routes):
    (finding,) = judge(routes).findings
    assert finding.message == (
        "No path of this site answers whether the process may have traffic: alive is not ready."
    )
    assert finding.hint == f"Put '{OURS}' first in MIDDLEWARE: it answers /ready/."
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    "routes",
    [
        "path('ready/', page)",
        "path('readyz', page)",
        "path('api/v3/readiness/', page)",
        "path('ops/', page, name='ready')",
        "path('ops/', readiness)",
        "path('<slug:tenant>/ready/', page)",
        "path('health/', combined)",
        "path('ht/', combined)",
        "path('', include('django_prodready.urls'))",
    ],
)
def test_a_path_of_any_name_that_speaks_of_readiness_counts(routes):
    assert judge(routes).outcome is Outcome.PASS


def test_our_middleware_answers():
    assert judge(middleware=[OURS]).outcome is Outcome.PASS
    (finding,) = judge(middleware=[OURS], PRODREADY={"READY_PATH": None}).findings
    assert finding.hint == "Set PRODREADY['READY_PATH'] to 'ready/'."


@pytest.mark.parametrize(("path", "outcome"), [("/health/", Outcome.PASS), ("/nothing/", Outcome.FAIL)])
def test_a_page_that_a_readiness_probe_asks_counts(path, outcome):
    assert judge(files={"web.yaml": POD.format(path=path)}).outcome is outcome


def test_a_page_that_a_liveness_probe_asks_does_not():
    manifest = POD.format(path="/health/").replace("readiness", "liveness")
    assert judge(files={"web.yaml": manifest}).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("settings", "outcome"),
    [
        ({"DATABASES": {}}, Outcome.NOT_APPLICABLE),
        ({"DATABASES": {}, "CACHES": {"default": LOCAL}}, Outcome.NOT_APPLICABLE),
        ({"DATABASES": {}, "CACHES": {"default": {"BACKEND": "no.such.Cache"}}}, Outcome.NOT_APPLICABLE),
        ({"DATABASES": {}, "CACHES": {"default": SERVER}}, Outcome.FAIL),
        ({"PRODREADY": {"FACTS": {"platform": "heroku"}}}, Outcome.NOT_APPLICABLE),
        ({"WSGI_APPLICATION": None}, Outcome.NOT_APPLICABLE),
    ],
    ids=str,
)
def test_who_is_concerned(settings, outcome):
    assert judge(**settings).outcome is outcome


def test_a_urlconf_that_cannot_be_imported_is_not_judged():
    assert judge(files={"shop_urls.py": "1 / 0\n"}).outcome is Outcome.NOT_RUN


MIDDLEWARE = """
from django.db import connection


def asks(get_response):
    def middleware(request):
        connection.cursor()

    return middleware
"""
COMPUTED = """
from django.urls import path

exec("def view(request): pass")
urlpatterns = [path("health/", view)]
"""


def test_a_view_behind_middleware_that_asks_is_judged_by_its_text():
    files = {"own.py": MIDDLEWARE}
    asking = {"files": files, "middleware": ["own.asks"]}
    assert judge("path('health/', combined)", **asking).outcome is Outcome.PASS
    assert judge("path('api/status/', combined)", **asking).outcome is Outcome.PASS
    assert judge("path('health/', page)", **asking).outcome is Outcome.FAIL
    result = judge(files={"shop_urls.py": COMPUTED, **files}, middleware=["own.asks"])
    assert result.outcome is Outcome.NOT_RUN
    assert result.reason == "/health/ needed the database (default) before its view"


def test_a_page_about_something_else_is_no_readiness():
    assert judge("path('orders/', combined), path('orders/status/', page)").outcome is Outcome.FAIL


def test_a_server_without_a_container_makes_it_information():
    (finding,) = judge(files={"shop.service": ""}).findings
    assert finding.severity is Severity.INFO
