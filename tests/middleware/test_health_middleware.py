"""HealthMiddleware in Django's own handlers, sync and async. No test here may use the database."""

import asyncio
import json
import logging

import django
import pytest
from asgiref.sync import iscoroutinefunction
from asgiref.testing import ApplicationCommunicator
from django.core import mail
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpResponse
from django.test import Client, RequestFactory
from surface_probes import Broken, Fine

from django_prodready.health import drain
from django_prodready.health.request import HealthRequest
from django_prodready.health.routes import respond_async
from django_prodready.health.statement import Endpoint
from django_prodready.middleware import HealthMiddleware

KUBELET = {"Host": "10.1.2.3:8000", "User-Agent": "kube-probe/1.34", "Accept": "*/*"}
BROWSER = {"Host": "www.example.org"}


@pytest.fixture
def strict_site(settings, probes):
    """A site that refuses other hosts and plain HTTP, with the middleware first."""
    settings.MIDDLEWARE = ["django_prodready.middleware.HealthMiddleware", *settings.MIDDLEWARE]
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["www.example.org"]
    probes(database=Fine)
    return settings


def wsgi(method, path, headers):
    response = Client().generic(method, path, headers=headers)
    return response.status_code, dict(response.headers), response.content


def asgi(method, path, headers, root_path=""):
    async def exchange():
        application = ApplicationCommunicator(ASGIHandler(), scope)
        await application.send_input({"type": "http.request"})
        start = await application.receive_output(60)
        body = await application.receive_output(60)
        await application.wait()
        return start["status"], start["headers"], body["body"]

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": path.partition("?")[0],
        "root_path": root_path,
        "query_string": path.partition("?")[2].encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "server": ("10.1.2.3", 8000),
        "client": ("10.1.0.1", 40000),
    }
    status, sent, body = asyncio.run(exchange())
    return status, {name.decode(): value.decode() for name, value in sent}, body


@pytest.mark.parametrize("ask", [wsgi, asgi])
class TestInDjango:
    @pytest.mark.parametrize("path", ["/health/", "/health"])
    def test_a_probe_is_answered_where_a_page_is_refused(self, strict_site, ask, path):
        status, _, body = ask("GET", path, KUBELET)
        assert (status, json.loads(body)) == (200, {"status": "healthy", "version": "1.0.0"})
        assert ask("GET", "/", KUBELET)[0] == 400

    def test_the_headers_are_ours_alone(self, strict_site, ask):
        _, headers, _ = ask("GET", "/health/", KUBELET)
        assert headers == {
            "Content-Type": "application/json",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Length": "41",
            "Vary": "Accept",
        }

    def test_readiness_is_told_and_liveness_knows_it_then(self, strict_site, ask):
        status, _, body = ask("GET", "/ready/", KUBELET)
        assert (status, json.loads(body)) == (200, {"status": "ready", "checks": {"database": True}})
        assert json.loads(ask("GET", "/health/", KUBELET)[2])["checks"] == {"database": True}

    def test_the_query_and_the_headers_are_read(self, strict_site, probes, ask):
        probes({"HEALTH_TOKENS": ["t0ken"]}, database=Fine, search=Fine)
        assert ask("GET", "/ready/", KUBELET)[0] == 401
        for name, value in (("Authorization", "Bearer t0ken"), ("X-Health-Token", "t0ken")):
            status, _, body = ask("GET", "/ready/?probe=search", {**KUBELET, name: value})
            assert (status, json.loads(body)["checks"]) == (200, {"search": True})

    def test_startup_is_told(self, strict_site, ask, monkeypatch):
        async def later():
            return "not yet"

        monkeypatch.setattr("django_prodready.health.startup_endpoint.startup_problem", lambda: "not yet")
        monkeypatch.setattr("django_prodready.health.startup_endpoint.startup_problem_async", later)
        status, _, body = ask("GET", "/startup/", KUBELET)
        assert (status, json.loads(body)) == (503, {"status": "starting", "reason": "not yet"})

    def test_what_stands_behind_it_may_raise(self, strict_site, ask):
        strict_site.MIDDLEWARE = [*strict_site.MIDDLEWARE[:1], "surface_probes.tenants.Tenants"]
        assert ask("GET", "/ready/", KUBELET)[0] == 200

    @pytest.mark.filterwarnings("ignore:Django 2028 will not have a default mailer")
    @pytest.mark.parametrize("path", ["/ready/", "/ready/?probe=x"])
    def test_what_fails_is_not_logged_as_a_request_and_mails_nobody(
        self, strict_site, probes, ask, caplog, path
    ):
        address = "ops@example.org"
        strict_site.ADMINS = [address] if django.VERSION >= (6, 0) else [("Ops", address)]
        probes({"READY_TTL": 0}, broken=Broken)
        for _ in range(100):
            assert ask("GET", path, KUBELET)[0] >= 400
        assert not [record for record in caplog.records if record.name.startswith("django.request")]
        assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) <= 1
        assert mail.outbox == []
        strict_site.ROOT_URLCONF = "surface_probes.urls"
        strict_site.SECURE_SSL_REDIRECT = False
        ask("GET", "/fails/", BROWSER)  # what becomes of others here
        assert len(mail.outbox) == 1

    def test_head_has_no_body(self, strict_site, ask):
        status, headers, body = ask("HEAD", "/health/", KUBELET)
        assert (status, headers["Content-Length"], body) == (200, "41", b"")

    def test_post_is_refused(self, strict_site, ask):
        status, headers, _ = ask("POST", "/health/", KUBELET)
        assert (status, headers["Allow"]) == (405, "GET, HEAD")

    def test_other_requests_pass(self, strict_site, ask):
        status, headers, _ = ask("GET", "/nothing-here/", BROWSER)
        assert (status, headers["Location"]) == (301, "https://www.example.org/nothing-here/")

    def test_a_disabled_path_is_a_page_like_any_other(self, strict_site, ask):
        strict_site.PRODREADY = {"HEALTH_PATH": None}
        assert ask("GET", "/health/", BROWSER)[0] == 301


def test_a_changed_setting_reaches_a_handler_that_is_already_loaded(strict_site):
    client = Client(headers=BROWSER)
    assert client.get("/health/").status_code == 200
    strict_site.PRODREADY = {"HEALTH_PATH": "live/", "VERSION": "2"}
    assert client.get("/live/").json()["version"] == "2"
    assert client.get("/health/").status_code == 301


def test_the_path_is_the_one_below_the_scripts_name(strict_site):
    client = Client(headers=BROWSER, SCRIPT_NAME="/shop")
    assert client.get("/health/").status_code == 200
    assert client.get("/shop/health/").status_code == 301


def test_the_path_is_the_one_below_the_asgi_root_path(strict_site):
    assert asgi("GET", "/shop/health/", KUBELET, root_path="/shop")[0] == 200
    assert asgi("GET", "/shop/health/", BROWSER)[0] == 301


def test_a_passing_request_and_its_response_are_handed_on_untouched():
    request, response, seen = RequestFactory().get("/"), HttpResponse(), []

    def view(given):
        seen.append(given)
        return response

    middleware = HealthMiddleware(view)
    before = dict(request.__dict__)
    assert middleware(request) is response
    assert seen == [request]
    assert request.__dict__ == before
    assert not iscoroutinefunction(middleware)


def test_asynchronous_requests_wait_for_nothing_that_is_known(probes):
    probes({"READY_TTL": 60}, database=Fine)
    asyncio.run(respond_async(Endpoint.READY, HealthRequest("GET", "/ready/", "", {}.get)))

    async def view(request):
        return HttpResponse("page")

    middleware = HealthMiddleware(view)
    assert iscoroutinefunction(middleware)
    for path, status, body in [
        ("/health/", 200, b"healthy"),
        ("/ready/", 200, b"true"),
        ("/", 200, b"page"),
    ]:
        # A coroutine that ends at its first step has handed nothing to a thread or the event loop.
        with pytest.raises(StopIteration) as ended:
            middleware(RequestFactory().get(path)).send(None)
        assert ended.value.value.status_code == status
        assert body in ended.value.value.content


def test_draining_is_told_of_loading_and_of_every_request(monkeypatch):
    told = []
    monkeypatch.setattr(drain, "on_load", lambda: told.append("load"))
    monkeypatch.setattr(drain, "on_request", lambda: told.append("request"))
    HealthMiddleware(lambda request: HttpResponse())(RequestFactory().get("/"))
    assert told == ["load", "request"]
