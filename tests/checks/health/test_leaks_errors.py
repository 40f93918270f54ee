import pytest

from django_prodready.audit import Outcome
from django_prodready.audit.testing import run_check

URLS = """
import socket
import traceback

from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.urls import path


def ask():
    {asks}


def health(request):
    try:
        ask()
    except Exception as error:
        return {answer}
    return HttpResponse("ok")


urlpatterns = [path({path!r}, health)]
"""
DATABASE = "connection.ensure_connection()"
REDIS = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
}


def judge(answer, *, asks=DATABASE, path="health/", **settings):
    return run_check(
        "health.leaks-errors",
        settings={"ROOT_URLCONF": "asked_urls", **settings},
        files={"asked_urls.py": URLS.format(asks=asks, answer=answer, path=path)},
    )


@pytest.mark.parametrize(
    "answer",
    [
        'JsonResponse({"database": f"unhealthy: {error}"})',
        'JsonResponse({"error": str(error)}, status=503)',
        "HttpResponse(repr(error), status=500)",
        'HttpResponse(f"<pre>{error}</pre>", status=503)',
    ],
)
@pytest.mark.parametrize("path", ["health/", "ready/"])
def test_the_text_of_the_error_is_shown(answer, path):
    (finding,) = judge(answer, path=path).findings
    assert finding.message == (
        f"/{path} shows everybody the text of the error when the database (default) cannot be reached."
    )


def test_a_stack_trace_is_named():
    (finding,) = judge("HttpResponse(traceback.format_exc(), status=503)").findings
    assert "the text of the error, with the stack trace when" in finding.message


@pytest.mark.parametrize(
    "asks",
    ["socket.create_connection(('127.0.0.1', 1), 1)", "cache.set('health', 1)"],
    ids=["socket", "redis"],
)
def test_errors_of_the_network_count(asks):
    (finding,) = judge("HttpResponse(str(error), status=503)", asks=asks, CACHES=REDIS).findings
    assert "when a network connection cannot be reached" in finding.message


@pytest.mark.parametrize(
    "answer",
    [
        'JsonResponse({"database": False}, status=503)',
        "JsonResponse({'database': type(error).__name__}, status=503)",
        'HttpResponse("unavailable", status=503)',
        "HttpResponse(status=503)",
    ],
)
def test_fixed_words_show_nothing(answer):
    assert judge(answer).outcome is Outcome.PASS


@pytest.mark.parametrize("debug", [True, False])
def test_djangos_own_error_page_is_not_the_views(debug):
    assert judge("error.no_such_attribute", DEBUG=debug).outcome is Outcome.PASS


def test_details_for_those_who_are_logged_in_are_not_for_everybody():
    answer = "HttpResponse(str(error) if request.user.is_authenticated else 'down', status=503)"
    assert judge(answer).outcome is Outcome.PASS


def test_ours_is_known():
    result = judge("HttpResponse(str(error))", MIDDLEWARE=["django_prodready.middleware.HealthMiddleware"])
    assert result.outcome is Outcome.NOT_APPLICABLE


def test_a_package_that_shows_stack_traces_is_found():
    urls = "from django.urls import path\nfrom watchman.views import status\n"
    urls += "urlpatterns = [path('health/', status)]\n"
    result = run_check(
        "health.leaks-errors",
        settings={"ROOT_URLCONF": "package_urls", "WATCHMAN_CHECKS": ["watchman.checks.databases"]},
        files={"package_urls.py": urls},
    )
    (finding,) = result.findings
    assert "with the stack trace" in finding.message
