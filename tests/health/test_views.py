"""The endpoints in a URLconf, in Django's handlers, sync and async."""

import asyncio
import logging
import sys
import threading
import types

import django
import pytest
from django.core import mail
from django.core.handlers.asgi import ASGIHandler
from django.db import transaction
from django.test import Client
from django.test.client import AsyncClient
from django.urls import clear_url_caches, include, path, reverse
from surface_probes import Broken, Fine, Hanging, Switched
from surface_probes.urls import fails

import django_prodready.urls
from django_prodready.health import views


class Asynchronous:
    """An AsyncClient that is asked as a Client is."""

    def __init__(self):
        self.client = AsyncClient()
        self.handler = self.client.handler

    def generic(self, method, url, **more):
        return asyncio.run(self.client.generic(method, url, **more))

    def get(self, url, **more):
        return self.generic("GET", url, **more)


@pytest.fixture(params=[Client, Asynchronous], ids=["sync", "async"])
def client_of(request):
    return request.param


@pytest.fixture
def mounted(settings, monkeypatch, probes):
    """Put the endpoints into the project's URLs: mounted("internal/")."""

    def mount(prefix=""):
        module = types.ModuleType("urls_of_this_test")
        module.urlpatterns = [path(prefix, include("django_prodready.urls")), path("fails/", fails)]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        clear_url_caches()
        settings.ROOT_URLCONF = module.__name__

    settings.ALLOWED_HOSTS = ["*"]
    yield mount
    clear_url_caches()


@pytest.mark.parametrize("prefix", ["", "internal/"])
def test_each_path_answers_with_and_without_slash(mounted, probes, client_of, prefix):
    probes(fine=Fine)
    mounted(prefix)
    client = client_of()
    for spelling in ("ready/", "ready"):
        response = client.get(f"/{prefix}{spelling}")
        assert response.content == b'{"status": "ready", "checks": {"fine": true}}'
        assert (response["Cache-Control"], response["X-Content-Type-Options"]) == ("no-store", "nosniff")
        assert not response.cookies
    for spelling in ("health/", "health"):
        body = client.get(f"/{prefix}{spelling}").content
        assert body == b'{"status": "healthy", "version": "1.0.0", "checks": {"fine": true}}'
    assert client.get(f"/{prefix}ready/?probe=x").status_code == 404
    assert client.get(f"/{prefix}ready/x").status_code == 404
    assert reverse("django_prodready:ready") == f"/{prefix}ready/"


def test_startup_answers(mounted, probes, client_of, monkeypatch):
    monkeypatch.setattr("django_prodready.health.startup_endpoint.startup_problem", lambda: "not yet")
    probes(fine=Fine)
    mounted()
    response = client_of().get("/startup")
    assert (response.status_code, response.content) == (503, b'{"status": "starting", "reason": "not yet"}')


def test_the_paths_are_those_of_the_settings(mounted, probes):
    probes({"HEALTH_PATH": "/live", "READY_PATH": None}, fine=Fine)
    mounted()
    assert Client().get("/live/").status_code == 200
    assert Client().get("/health/").status_code == 404
    assert Client().get("/ready/").status_code == 404
    assert [str(pattern.pattern) for pattern in django_prodready.urls.urlpatterns] == [
        "live/",
        "live",
        "startup/",
        "startup",
    ]


def test_the_module_of_urls_has_nothing_else():
    with pytest.raises(AttributeError, match="no attribute 'handler404'"):
        django_prodready.urls.handler404  # noqa: B018


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_refused_by_us_and_not_for_want_of_a_csrf_token(mounted, probes, client_of, method):
    probes(fine=Fine)
    mounted()
    client = client_of()
    client.handler.enforce_csrf_checks = True
    response = client.generic(method, "/ready/")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_head_has_no_body(mounted, probes, client_of):
    probes(fine=Fine)
    mounted()
    response = client_of().generic("HEAD", "/ready/")
    assert (response.status_code, response["Content-Length"], response.content) == (200, "45", b"")


def test_a_required_login_is_not_required_here(mounted, probes, settings, client_of):
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
    ]
    probes(fine=Fine)
    mounted()
    assert client_of().get("/ready/").status_code == 200


def test_no_view_is_wrapped_in_a_transaction():
    for view in (views.health, views.ready, views.startup):
        # How Django's handler asks: django.core.handlers.base.BaseHandler.make_view_atomic
        assert view._non_atomic_requests == {"default"}
        assert view.csrf_exempt
        assert view.login_required is False


def test_atomic_requests_open_no_transaction(mounted, probes, monkeypatch, client_of):
    from django.db import connections

    monkeypatch.setitem(connections["default"].settings_dict, "ATOMIC_REQUESTS", True)
    monkeypatch.setattr(transaction.Atomic, "__enter__", lambda self: pytest.fail("a transaction began"))
    probes(fine=Fine)
    mounted()
    assert client_of().get("/ready/").status_code == 200


def test_no_cache_of_djangos_keeps_an_answer(mounted, probes, settings, client_of):
    settings.MIDDLEWARE = [
        "django.middleware.cache.UpdateCacheMiddleware",
        "django.middleware.cache.FetchFromCacheMiddleware",
    ]
    probes({"READY_TTL": 0}, switched=Switched)
    mounted()
    client = client_of()
    assert client.get("/ready/").status_code == 200
    Switched.is_down.set()
    assert client.get("/ready/").status_code == 503


def test_tokens_are_read_from_the_headers(mounted, probes, client_of):
    probes({"HEALTH_TOKENS": ["t0ken"]}, fine=Fine)
    mounted()
    response = client_of().get("/ready/?token=t0ken")
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    for headers in ({"Authorization": "Bearer t0ken"}, {"X-Health-Token": "t0ken"}):
        assert client_of().get("/ready/", headers=headers).status_code == 200


@pytest.mark.filterwarnings("ignore:Django 2028 will not have a default mailer")
@pytest.mark.parametrize("url", ["/ready/", "/ready/?probe=x", "/ready/?format=x"])
def test_what_fails_is_not_logged_as_a_request_and_mails_nobody(
    mounted, probes, settings, client_of, caplog, url
):
    settings.ADMINS = ["ops@example.org"] if django.VERSION >= (6, 0) else [("Ops", "ops@example.org")]
    probes({"READY_TTL": 0}, broken=Broken)
    mounted()
    with caplog.at_level(logging.INFO):
        for _ in range(100):
            assert client_of().get(url).status_code >= 400
    assert not [record for record in caplog.records if record.name.startswith("django.request")]
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) <= 1
    assert mail.outbox == []
    client_of().get("/fails/")  # what becomes of others here
    assert len(mail.outbox) == 1


def test_a_waiting_view_does_not_hold_up_the_event_loop(mounted, probes):
    probes({"READY_BUDGET": 5}, stuck={"PROBE": "surface_probes.Hanging", "DEADLINE": 5})
    mounted()
    handler = ASGIHandler()

    async def ask(url):
        return await get(handler, url)

    async def both():
        ready = asyncio.create_task(ask("/ready/"))
        assert await asyncio.to_thread(Hanging.is_entered.wait, 10)
        healthy = await ask("/health/")
        assert not ready.done()
        Hanging.go_on.set()
        return healthy, await ready

    assert asyncio.run(both()) == (200, 200)


async def get(handler, url):
    """Ask an ASGI application; return the status."""
    received = asyncio.Queue()
    received.put_nowait({"type": "http.request", "body": b""})
    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": url,
        "query_string": b"",
        "headers": [],
    }
    await handler(scope, received.get, send)
    return sent[0]["status"]


def test_sigterm_is_taken_over_in_the_event_loop_until_that_was_tried(mounted, probes, monkeypatch):
    def look():
        looked_in.append(threading.current_thread())

    looked_in = []
    monkeypatch.setattr(views.drain, "on_request", look)
    mounted()
    probes({"DRAIN_SECONDS": 5}, fine=Fine)
    for is_tried in (False, True):
        monkeypatch.setattr(views.drain.drain_signal, "was_tried_while_serving", lambda told=is_tried: told)
        assert Asynchronous().get("/health/").status_code == 200
    loop, worker = looked_in
    assert loop is threading.main_thread() is not worker
