"""The project's own views at its health paths: what is known of them, and what running one may not do."""

import functools
import tempfile
from pathlib import Path

import pytest

from django_prodready.audit.facts import health_views
from django_prodready.audit.facts.code_text import source_of
from django_prodready.audit.facts.routes import find_routes, view_behind
from django_prodready.audit.model import Case, NotApplicable, NotRun
from django_prodready.audit.testing import project

OURS = "django_prodready.middleware.HealthMiddleware"
URLS = """
import io
import pathlib
import subprocess
import tempfile

from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path


def first():
    return second()


def second():
    return [third() for _ in range(1)]


def third():
    return first and "the third"


def deep(request):
    return HttpResponse(first())


class Callable:
    def __call__(self, request):
        return HttpResponse("called")


def attempt(request):
    try:
        done = {attempt}
    except OSError as error:
        return HttpResponse(f"refused: {{error}}")
    return HttpResponse("done")


def stream(request):
    return StreamingHttpResponse(["one"])


def long(request):
    return HttpResponse("x" * 200_000)


computed = type("Computed", (), {{"__call__": lambda self, request: HttpResponse("ok")}})()
exec(compile("def written(request): return HttpResponse('ok')", "<nowhere>", "exec"))

urlpatterns = [path("health/", {view})]
"""
MIDDLEWARE = """
from types import SimpleNamespace

from django.core.cache.backends.memcached import BaseMemcachedCache
from django.http import HttpResponse


class Memcached(BaseMemcachedCache):
    def __init__(self, server, params):
        library = SimpleNamespace(Client=None)
        super().__init__(server, params, library=library, value_not_found_exception=KeyError)


def answers(get_response):
    return lambda request: HttpResponse("ok") if request.path == "/ping/" else get_response(request)


def broken(get_response):
    raise ValueError
"""


@pytest.fixture
def facts(request):
    def make(view="attempt", attempt="None", middleware=(), **settings):
        case = Case(
            settings={"ROOT_URLCONF": "asked_urls", "MIDDLEWARE": list(middleware), **settings},
            files={"asked_urls.py": URLS.format(view=view, attempt=attempt), "own.py": MIDDLEWARE},
        )
        context = project(case)
        made = context.__enter__()
        request.addfinalizer(lambda: context.__exit__(None, None, None))
        return made

    return make


@pytest.mark.parametrize(
    "attempt",
    [
        "default_storage.save('health.txt', ContentFile(b'x'))",
        "default_storage.delete('health.txt')",
        "subprocess.run(['true'])",
    ],
)
def test_a_view_that_is_run_stores_and_starts_nothing(facts, attempt):
    (outage,) = facts(attempt=attempt).health_views.outages()
    assert outage.answer.body.startswith("refused: ")
    assert outage.answer.blocked
    # The process's own machine is no dependency.
    assert outage.needs == ()


@pytest.mark.parametrize(
    "attempt",
    [
        "open('written', 'w').close()",
        "open('written', mode='ab').close()",
        "io.open(__file__, 'r+').close()",
        "pathlib.Path('written').write_text('x')",
        "tempfile.TemporaryFile().close()",
        "tempfile.NamedTemporaryFile().close()",
    ],
)
def test_a_view_writes_to_memory_alone(facts, attempt, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (outage,) = facts(attempt=attempt).health_views.outages()
    assert (outage.answer.body, outage.answer.blocked) == ("done", ())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "attempt", ["open(__file__)", "open(__file__, 'rb').close()", "open('/dev/null', 'w')"]
)
def test_a_view_may_read(facts, attempt):
    (outage,) = facts(attempt=attempt).health_views.outages()
    assert outage.answer.body == "done"
    assert outage.answer.blocked == ()


def test_memcached_is_a_cache_out_of_reach(facts):
    memcached = {"default": {"BACKEND": "own.Memcached", "LOCATION": "127.0.0.1:1"}}
    (outage,) = facts(attempt="caches['default'].get('x')", CACHES=memcached).health_views.outages()
    assert outage.needs == ("the cache",)


def test_files_are_open_again_afterwards(facts):
    facts(attempt="open('/no/such/folder/health', 'w')").health_views.outages()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "after")
        path.write_text("written")
        with open(path, "a") as file:  # noqa: PTH123 - the very function that was guarded
            file.write(" twice")
        assert path.read_text() == "written twice"


def test_the_body_is_the_views_and_has_an_end(facts):
    (outage,) = facts("long").health_views.outages()
    assert 100_000 < len(outage.answer.body) < 200_000
    assert "xxx" not in repr(outage)


def test_a_stream_may_have_no_end(facts):
    made = facts("stream")
    (outage,) = made.health_views.outages()
    assert (outage.answer.status, outage.answer.body) == (200, "")
    assert made.requests.send("/health/").body == ""


def test_the_source_has_what_the_view_calls(facts):
    source = facts("deep").health_views.source("/health/")
    assert source.startswith("def deep(request):")
    assert source.count("def ") == 4
    assert "the third" in source


@pytest.mark.parametrize("view", ["Callable()", "computed", "written"])
def test_a_view_without_a_text_has_none(facts, view):
    views = facts(view).health_views
    assert views.location("/health/") is None
    assert views.source("/health/") == ""
    (outage,) = views.outages()
    assert outage.answer.status == 200


def test_middleware_that_answers_has_no_view(facts):
    views = facts(middleware=["own.answers"]).health_views
    assert views.paths == ("/health/", "/ping/")
    assert views.view("/ping/") is None
    assert views.location("/ping/") is None
    health, ping = views.outages()
    assert health.tells
    assert not ping.tells


def test_each_view_is_run_once(facts):
    views = facts().health_views
    assert views.outages()[0] is views.outages()[0]


def test_what_cannot_be_asked_is_not_run(facts):
    views = facts(middleware=["own.broken"]).health_views
    with pytest.raises(NotRun, match=r"own\.broken could not be built"):
        views.outages()


def test_slow_views_do_not_take_the_time_of_the_whole_check(facts, monkeypatch):
    monkeypatch.setattr(health_views, "_PATIENCE_S", 0.0)
    views = facts(middleware=["own.answers"]).health_views
    assert [outage.path for outage in views.outages()] == ["/health/"]


def test_ours_are_never_asked(facts):
    views = facts(middleware=[OURS]).health_views
    assert views.paths == ()
    with pytest.raises(NotApplicable):
        views.outages()


def test_in_requests_our_endpoints_are_a_marker(facts, monkeypatch):
    made = facts(middleware=[OURS])
    monkeypatch.setattr("django_prodready.middleware.health.respond", None)
    for path in ("/health/", "/health", "/ready/", "/ready", "/startup/"):
        assert made.requests.send(path, host="10.1.2.3:8000").status == 200
    assert made.requests.send("/elsewhere/").status == 404


def test_what_is_behind_a_callback():
    class View:
        pass

    def as_view(request):
        return None

    as_view.view_class = View

    @functools.wraps(as_view)
    def wrapped(request):
        return as_view(request)

    plain = functools.wraps(as_view)(lambda request: None)
    del plain.view_class
    assert view_behind(wrapped) is View
    assert view_behind(functools.partial(plain)) is View
    assert view_behind(len) is len


def test_source_of_what_has_none():
    assert source_of(len) == ""
    assert source_of(None) == ""
    assert source_of(source_of).startswith("def source_of(")


def test_routes_are_told_by_their_letters(facts):
    facts("deep")
    (route,) = find_routes()
    assert (route.text, route.name, route.view) == ("health/", "", "deep")
