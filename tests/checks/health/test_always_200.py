import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

URLS = """
from django.db import connection
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path


def is_up():
    try:
        connection.ensure_connection()
    except Exception:
        return False
    return True


def health(request):
    up = is_up()
    return {answer}


urlpatterns = [path({path!r}, health)]
"""
# A guide's view, as it stands there.
GUIDE = """
from django.core.cache import cache
from django.db import connection
from django.http import JsonResponse
from django.urls import path


def health_check(request):
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        db_status = "healthy"
    except Exception as e:
        db_status = f"unhealthy: {str(e)}"
    try:
        cache.set("health_check", "ok", 10)
        cache_status = "healthy" if cache.get("health_check") == "ok" else "unhealthy"
    except Exception as e:
        cache_status = f"unhealthy: {str(e)}"
    status = "healthy" if db_status == "healthy" and cache_status == "healthy" else "unhealthy"
    return JsonResponse({"status": status, "database": db_status, "cache": cache_status, "version": "1.0.0"})


urlpatterns = [path("health/", health_check)]
"""


def judge(answer, path="health/", **settings):
    return run_check(
        "health.always-200",
        settings={"ROOT_URLCONF": "asked_urls", **settings},
        files={"asked_urls.py": URLS.format(answer=answer, path=path)},
    )


def test_the_guides_view_is_found():
    result = run_check(
        "health.always-200", settings={"ROOT_URLCONF": "guide_urls"}, files={"guide_urls.py": GUIDE}
    )
    (finding,) = result.findings
    assert finding.message == (
        '/health/ answers 200 with "status": "unhealthy" when the database (default) cannot be reached:'
        " no probe sees that."
    )
    assert finding.severity is Severity.ERROR
    assert str(finding.at) == "guide_urls.py:8"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ('JsonResponse({"status": "ok" if up else "error"})', '"status": "error"'),
        ('JsonResponse({"healthy": up})', '"healthy": false'),
        ('JsonResponse({"ok": up, "database": up})', '"ok": false'),
        ('JsonResponse({"database": up})', '"database": false'),
        (
            'JsonResponse({"checks": {"default_db": "up" if up else "DOWN: x"}})',
            '"checks.default_db": "DOWN"',
        ),
        ('JsonResponse({"status": {"database": "fine" if up else "failed"}})', '"status.database": "failed"'),
        ("JsonResponse(up, safe=False)", '"false"'),
        ('HttpResponse("OK" if up else "NOT OK")', '"NOT OK"'),
        ('HttpResponse("fine" if up else "database unavailable\\n")', '"unavailable"'),
    ],
)
@pytest.mark.parametrize("path", ["health/", "readyz"])
def test_a_success_that_says_it_failed(answer, said, path):
    (finding,) = judge(answer, path).findings
    assert f"answers 200 with {said} when" in finding.message


@pytest.mark.parametrize(
    "answer",
    [
        'JsonResponse({"status": "unhealthy"}, status=200 if up else 503)',
        'HttpResponse("not ok", status=200 if up else 500)',
        # The whole is well, and says which part of it is not.
        'JsonResponse({"status": "healthy", "checks": {"database": up}})',
        'JsonResponse({"status": "degraded", "database": up})',
        'JsonResponse({"ok": True, "cache": "error"})',
        # Nothing is said of the whole, nor of a component.
        'JsonResponse({"maintenance": False, "debug": False, "errors": []})',
        'JsonResponse({"database": "sqlite", "version": 3})',
        "JsonResponse([up], safe=False)",
        "JsonResponse(True, safe=False)",
        "HttpResponse()",
        'HttpResponse("ok")',
        'HttpResponse("0 errors, breakdown attached")',
        'HttpResponse("<h1>error</h1>")',
        'HttpResponse("error " * 200)',
        'StreamingHttpResponse(["error"])',
    ],
)
def test_what_is_not_against_the_whole(answer):
    assert judge(answer).outcome is Outcome.PASS


def test_a_view_that_asks_for_nothing_says_nothing_of_an_outage():
    urls = "from django.http import JsonResponse\nfrom django.urls import path\n"
    urls += "urlpatterns = [path('health/', lambda request: JsonResponse({'status': 'error'}))]\n"
    result = run_check("health.always-200", settings={"ROOT_URLCONF": "u"}, files={"u.py": urls})
    assert result.outcome is Outcome.PASS


def test_djangos_own_error_page_is_not_the_views():
    assert judge("connection.ensure_connection()").outcome is Outcome.PASS
    assert judge("connection.ensure_connection()", DEBUG=True).outcome is Outcome.PASS


def test_ours_is_known():
    result = judge("HttpResponse('error')", MIDDLEWARE=["django_prodready.middleware.HealthMiddleware"])
    assert result.outcome is Outcome.NOT_APPLICABLE


def test_no_value_is_quoted():
    (finding,) = judge('JsonResponse({"status": "error: password=secret-token"})').findings
    assert "secret-token" not in repr(finding)
