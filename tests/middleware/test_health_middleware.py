"""HealthMiddleware in Django's own handlers, sync and async. No test here may use the database."""

import asyncio
import json

import pytest
from asgiref.sync import iscoroutinefunction
from asgiref.testing import ApplicationCommunicator
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpResponse
from django.test import Client, RequestFactory

from django_prodready.middleware import HealthMiddleware

KUBELET = {"Host": "10.1.2.3:8000", "User-Agent": "kube-probe/1.34", "Accept": "*/*"}
BROWSER = {"Host": "www.example.org"}


@pytest.fixture
def strict_site(settings):
    """A site that refuses other hosts and plain HTTP, with the middleware first."""
    settings.MIDDLEWARE = ["django_prodready.middleware.HealthMiddleware", *settings.MIDDLEWARE]
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["www.example.org"]
    settings.PRODREADY = {"VERSION": "1.0.0"}
    return settings


def wsgi(method, path, headers):
    response = Client().generic(method, path, headers=headers)
    return response.status_code, dict(response.headers), response.content


def asgi(method, path, headers, root_path=""):
    async def exchange():
        application = ApplicationCommunicator(ASGIHandler(), scope)
        await application.send_input({"type": "http.request"})
        start = await application.receive_output()
        body = await application.receive_output()
        await application.wait()
        return start["status"], start["headers"], body["body"]

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": path,
        "root_path": root_path,
        "query_string": b"",
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
        }

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


def test_asynchronous_requests_wait_for_nothing():
    async def view(request):
        return HttpResponse("page")

    middleware = HealthMiddleware(view)
    assert iscoroutinefunction(middleware)
    for path, status, body in [("/health/", 200, b"healthy"), ("/", 200, b"page")]:
        # A coroutine that ends at its first step has handed nothing to a thread or the event loop.
        with pytest.raises(StopIteration) as ended:
            middleware(RequestFactory().get(path)).send(None)
        assert ended.value.value.status_code == status
        assert body in ended.value.value.content
