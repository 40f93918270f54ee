"""The wrapper around a WSGI application."""

import json
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from surface_probes import Broken, Fine

from django_prodready.health import drain
from django_prodready.wsgi import with_health


def page(environ, start_response):
    """A project that answers everything."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"page"]


@pytest.fixture
def ask(probes):
    """Ask the wrapped project, under the eyes of wsgiref's validator."""
    probes(fine=Fine)

    def answer(path, method="GET", query="", application=page, **environ):
        started = []

        def start_response(status, headers, exc_info=None):
            started.append((status, headers))
            return lambda data: None

        given = {"SCRIPT_NAME": "", "PATH_INFO": path, "REQUEST_METHOD": method, "QUERY_STRING": query}
        environ = given | environ
        setup_testing_defaults(environ)
        chunks = validator(with_health(application))(environ, start_response)
        body = b"".join(chunks)
        chunks.close()
        ((status, headers),) = started
        return status, dict(headers), body

    return answer


@pytest.mark.parametrize("path", ["/health/", "/health", "/ready/", "/ready"])
def test_our_paths_are_answered(ask, path):
    status, headers, body = ask(path)
    assert status == "200 OK"
    assert headers == {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Length": str(len(body)),
        "Vary": "Accept",
    }
    assert json.loads(body)["status"] in ("healthy", "ready")


@pytest.mark.parametrize("path", ["/", "/healthy/", "//health/", "/zdrav\xc3\xad/", "/\xff"])
def test_all_else_is_handed_on(ask, path):
    assert ask(path)[2] == b"page"


def test_the_application_gets_what_the_server_gave(settings):
    seen = []
    environ, start_response, result = {"PATH_INFO": "/"}, object(), object()

    def application(*given):
        seen.extend(given)
        return result

    assert with_health(application)(environ, start_response) is result
    assert seen[0] is environ
    assert seen[1] is start_response
    assert environ == {"PATH_INFO": "/"}


def test_an_environment_without_a_path_is_handed_on(probes):
    probes(fine=Fine)
    assert with_health(lambda environ, start_response: [b"page"])({}, None) == [b"page"]


def test_a_path_of_other_letters_is_read_as_django_reads_it(ask, probes):
    probes({"HEALTH_PATH": "zdraví/"}, fine=Fine)
    assert ask("/zdraví/".encode().decode("latin-1"))[0] == "200 OK"
    assert ask("/zdraví/")[2] == b"page"  # Latin-1, which is not UTF-8


@pytest.mark.parametrize(("peer", "status"), [("10.0.0.9", "200 OK"), ("8.8.8.8", "403 Forbidden")])
def test_nor_is_the_platform_refused_a_path_of_other_letters(ask, probes, peer, status):
    probes({"HEALTH_PATH": "zdraví/", "CLOUDFLARE": True, "CLOUDFLARE_ONLY": True}, fine=Fine)
    assert ask("/zdraví/".encode().decode("latin-1"), REMOTE_ADDR=peer)[0] == status


def test_the_path_is_the_one_below_the_scripts_name(ask, settings):
    assert ask("/health/", SCRIPT_NAME="/shop")[0] == "200 OK"
    assert ask("/shop/health/")[2] == b"page"
    settings.FORCE_SCRIPT_NAME = "/shop"
    assert ask("/health/")[0] == "200 OK"
    assert ask("/shop/health/")[2] == b"page"


@pytest.mark.parametrize(
    "path", ["/health/", "/health", "/", "//health/", "/zdrav\xc3\xad/", "/\xff", "/he%61lth/"]
)
@pytest.mark.parametrize("script_name", ["", "/shop"])
@pytest.mark.parametrize("forced", [None, "", "/forced"])
def test_it_answers_where_the_middleware_would(ask, probes, settings, path, script_name, forced):
    from django_prodready.health.routes import find

    settings.FORCE_SCRIPT_NAME = forced
    probes({"HEALTH_PATH": "zdraví/", "READY_PATH": "health/", "STARTUP_PATH": None}, fine=Fine)
    environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "SCRIPT_NAME": script_name}
    setup_testing_defaults(environ)
    is_ours = find(WSGIRequest(dict(environ)).path_info) is not None
    assert (ask(path, SCRIPT_NAME=script_name)[2] != b"page") == is_ours


def test_head_has_no_body(ask):
    status, headers, body = ask("/health/", method="HEAD")
    assert (status, headers["Content-Length"], body) == ("200 OK", "41", b"")


def test_methods_are_read_as_django_reads_them(ask):
    assert ask("/health/", method="HEAD")[0] == "200 OK"
    status, headers, _ = ask("/ready/", method="POST")
    assert (status, headers["Allow"]) == ("405 Method Not Allowed", "GET, HEAD")


def test_every_answer_has_its_reason(ask, probes):
    probes(broken=Broken)
    assert ask("/ready/")[0] == "503 Service Unavailable"
    assert ask("/ready/", query="probe=x")[0] == "404 Not Found"
    assert ask("/ready/", query="format=x")[0] == "400 Bad Request"
    probes({"HEALTH_TOKENS": ["t"]}, fine=Fine)
    assert ask("/ready/")[0] == "401 Unauthorized"
    assert ask("/ready/", HTTP_X_HEALTH_TOKEN="t")[0] == "200 OK"
    assert ask("/ready/", HTTP_AUTHORIZATION="bearer t")[0] == "200 OK"


def test_the_accept_header_is_read(ask):
    assert ask("/health/", HTTP_ACCEPT="text/plain")[1]["Content-Type"] == "text/plain; charset=utf-8"


# Django looks at the connections that earlier tests left open when a request of its own starts.
@pytest.mark.django_db
def test_djangos_hosts_and_redirects_do_not_matter(ask, settings):
    settings.ALLOWED_HOSTS = ["www.example.org"]
    settings.SECURE_SSL_REDIRECT = True
    project = WSGIHandler()
    for path in ("/health/", "/ready/"):
        assert ask(path, application=project, HTTP_HOST="10.1.2.3:8000")[0] == "200 OK"
    assert ask("/", application=project, HTTP_HOST="10.1.2.3:8000")[0] == "400 Bad Request"


def test_draining_is_told_of_loading_and_of_every_request(monkeypatch):
    told = []
    monkeypatch.setattr(drain, "on_load", lambda: told.append("load"))
    monkeypatch.setattr(drain, "on_request", lambda: told.append("request"))
    application = with_health(lambda environ, start_response: [b"page"])
    application({"PATH_INFO": "/"}, None)
    assert told == ["load", "request"]
