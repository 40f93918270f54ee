import pytest

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.testing import run_check

OURS = "django_prodready.middleware.HealthMiddleware"
LOCAL = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
DUMMY = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
SERVER = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
URLS = """
from functools import partial

from django.conf import settings
from django.core.cache import cache, caches
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.views import View
from django.views.decorators.cache import never_cache


def check_cache():
    cache.set("health_check", "ok", timeout=10)
    return cache.get("health_check") == "ok"


def deeper():
    return check_cache()


def only_reads():
    return cache.get("health_check", "ok")


def other():
    caches["sessions"].set("health_check", "ok")
    return True


def careful():
    if "LocMem" in settings.CACHES["default"]["BACKEND"]:
        return None
    return cache.get("health_check")


def unrelated():
    page_cache = {{}}
    page_cache.get("health_check")
    return True


@never_cache
def ready(request):
    return JsonResponse({{"cache": {check}()}})


class Ready(View):
    def get(self, request):
        return JsonResponse({{"cache": {check}()}})


def well(request):
    return HttpResponse("ok")


urlpatterns = [path({path!r}, {view})]
"""


def judge(check="check_cache", *, view="ready", path="ready/", caches=None, **settings):
    return run_check(
        "cache.probe-is-locmem",
        settings={"CACHES": caches or {"default": LOCAL}, "ROOT_URLCONF": "asked_urls", **settings},
        files={"asked_urls.py": URLS.format(check=check, view=view, path=path)},
    )


@pytest.mark.parametrize("view", ["ready", "Ready.as_view()", "partial(ready)"])
@pytest.mark.parametrize("check", ["check_cache", "deeper", "only_reads"])
@pytest.mark.parametrize("path", ["ready/", "health/"])
def test_a_check_that_cannot_fail(view, check, path):
    (finding,) = judge(check, view=view, path=path).findings
    assert finding.message == (
        f"/{path} checks the cache 'default', which is local memory: that answers whatever became of Redis."
    )
    assert finding.severity is Severity.WARNING
    assert finding.at.file == "asked_urls.py"


def test_a_cache_by_its_alias():
    result = judge("other", caches={"default": SERVER, "sessions": DUMMY})
    (finding,) = result.findings
    assert "the cache 'sessions', which is a dummy" in finding.message
    assert judge("other", caches={"default": LOCAL, "sessions": SERVER}).outcome is Outcome.PASS


@pytest.mark.parametrize("check", ["careful", "unrelated", "dict"])
def test_a_view_that_knows_or_asks_no_cache(check):
    assert judge(check).outcome is Outcome.PASS


@pytest.mark.parametrize(("path", "view"), [("ready/", "well"), ("", "ready"), ("about/", "ready")])
def test_other_views_do_not_count(path, view):
    assert judge(path=path, view=view).outcome is Outcome.PASS


def test_a_cache_on_a_server_is_what_it_should_be():
    result = judge(caches={"default": SERVER})
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert judge(caches={"default": {"BACKEND": "no.such.Cache"}}).outcome is Outcome.NOT_APPLICABLE


CACHE_PROBE = "django_prodready.health.probes.cache.CacheProbe"


@pytest.mark.parametrize(
    ("probes", "subjects"),
    [
        ({}, []),
        ({"cache": None}, []),
        ({"cache": {}}, ["PRODREADY['PROBES']['cache']"]),
        ({"cache": {"OPTIONS": {"alias": "shared"}}}, []),
        ({"pages": {"PROBE": CACHE_PROBE}}, ["PRODREADY['PROBES']['pages']"]),
        ({"cache": {"OPTIONS": {"alias": ["default"]}}}, []),
        ({"pages": {"PROBE": CACHE_PROBE, "OPTIONS": {"alias": "shared"}}}, []),
        ({"cache": {"PROBE": "shop.probes.CacheProbe"}}, []),
        ({"database": {"DEADLINE": 0.5}}, []),
    ],
    ids=str,
)
def test_our_probe_on_local_memory_proves_nothing(probes, subjects):
    caches = {"default": LOCAL, "shared": SERVER}
    settings = {"MIDDLEWARE": [OURS], "PRODREADY": {"PROBES": probes}}
    result = judge(path="", caches=caches, **settings)
    assert [finding.subject for finding in result.findings] == subjects
    assert judge(path="", caches=caches, **{**settings, "MIDDLEWARE": []}).outcome is Outcome.PASS


def test_ours_hides_the_view_behind_it():
    assert judge(MIDDLEWARE=[OURS]).outcome is Outcome.PASS
