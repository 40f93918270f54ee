"""The wrapper around an ASGI application."""

import asyncio
import json

import pytest
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from surface_probes import Broken, Fine, Hanging

from django_prodready.asgi import with_health
from django_prodready.health import drain
from django_prodready.health.routes import find


async def page(scope, receive, send):
    """A project that answers everything."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"page"})


async def never():
    raise AssertionError("the body of the request was read")


def scope_of(path, method="GET", query=b"", root_path=None, headers=()):
    root = {} if root_path is None else {"root_path": root_path}
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query,
        "headers": list(headers),
    } | root


@pytest.fixture
def ask(probes):
    """Ask the wrapped project; it never gets to read a body."""
    probes(fine=Fine)

    def answer(path, application=page, receive=never, **more):
        sent = []

        async def send(message):
            sent.append(message)

        asyncio.run(with_health(application)(scope_of(path, **more), receive, send))
        start, body = sent
        assert (start["type"], body["type"]) == ("http.response.start", "http.response.body")
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return start["status"], headers, body["body"]

    return answer


@pytest.mark.parametrize("path", ["/health/", "/health", "/ready/", "/ready"])
def test_our_paths_are_answered(ask, path):
    status, headers, body = ask(path)
    assert status == 200
    assert headers == {
        "content-type": "application/json",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "content-length": str(len(body)),
        "vary": "Accept",
    }
    assert json.loads(body)["status"] in ("healthy", "ready")


@pytest.mark.parametrize("path", ["/", "", "/healthy/", "//health/", "/zdraví/"])
def test_all_else_is_handed_on(ask, path):
    assert ask(path)[2] == b"page"


def test_the_headers_of_one_answer_are_no_other_answers(ask):
    async def adding(scope, receive, send):
        async def send_more(message):
            message.setdefault("headers", []).append((b"x-added", b"1"))
            await send(message)

        await with_health(page)(scope, receive, send_more)

    for _ in range(2):
        sent = []

        async def send(message, sent=sent):
            sent.append(message)

        asyncio.run(adding(scope_of("/health/"), never, send))
        assert [name for name, _ in sent[0]["headers"]].count(b"x-added") == 1


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
def test_other_scopes_pass_through_untouched(kind):
    seen = []

    async def application(*given):
        seen.extend(given)

    scope, receive, send = {"type": kind, "path": "/health/"}, object(), object()
    asyncio.run(with_health(application)(scope, receive, send))
    assert seen[0] is scope
    assert seen[1] is receive
    assert seen[2] is send
    assert scope == {"type": kind, "path": "/health/"}


def test_a_lifespan_that_the_project_does_not_support_fails_as_without_us():
    with pytest.raises(ValueError, match="Django can only handle ASGI/HTTP"):
        asyncio.run(with_health(ASGIHandler())({"type": "lifespan"}, None, None))


@pytest.mark.parametrize(
    "path", ["/health/", "/shop/health/", "/shop/health", "/shop", "/shopper/health/", "/health", ""]
)
@pytest.mark.parametrize("root_path", [None, "", "/shop", "/shop/"])
@pytest.mark.parametrize("forced", [None, "", "/shop"])
def test_it_answers_where_the_middleware_would(ask, settings, path, root_path, forced):
    settings.FORCE_SCRIPT_NAME = forced
    is_ours = find(ASGIRequest(scope_of(path, root_path=root_path), None).path_info) is not None
    answered = ask(path, root_path=root_path)[2] != b"page"
    if (root_path == "/shop/" and forced != "/shop") and path.startswith("/shop/"):
        # Django before 6.1 cuts the slash off with such a prefix, and so finds no page at all.
        assert answered
    else:
        assert answered == is_ours


def test_head_has_no_body(ask):
    status, headers, body = ask("/health/", method="HEAD")
    assert (status, headers["content-length"], body) == (200, "41", b"")


def test_methods_are_read_as_django_reads_them(ask):
    assert ask("/health/", method="get")[0] == 200
    status, headers, _ = ask("/ready/", method="POST")
    assert (status, headers["allow"]) == (405, "GET, HEAD")


def test_queries_are_read(ask):
    assert ask("/ready/", query=b"probe=x")[0] == 404
    assert json.loads(ask("/ready/", query="probe=é".encode())[2])["unknown"] == ["é"]
    assert ask("/ready/", query=b"probe=\xff")[0] == 404


def test_headers_are_read(ask, probes):
    assert ask("/health/", headers=[(b"accept", b"text/plain")])[1]["content-type"].startswith("text/plain")
    assert ask("/health/", headers=[(b"accept", b"image/png"), (b"accept", b"text/plain")])[1][
        "content-type"
    ].startswith("text/plain")
    probes({"HEALTH_TOKENS": ["tokén"]}, fine=Fine)
    assert ask("/ready/")[0] == 401
    assert ask("/ready/", headers=[(b"x-health-token", "tokén".encode())])[0] == 200
    assert ask("/ready/", headers=[(b"authorization", b"Bearer \xff\xfe")])[0] == 401
    assert ask("/ready/", headers=[(b"x_health_token", "tokén".encode())])[0] == 401


def test_djangos_hosts_and_redirects_do_not_matter(ask, settings):
    settings.ALLOWED_HOSTS = ["www.example.org"]
    settings.SECURE_SSL_REDIRECT = True
    settings.MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
    project = ASGIHandler()
    received = asyncio.Queue()
    received.put_nowait({"type": "http.request", "body": b""})
    for path in ("/health/", "/ready/"):
        assert ask(path, application=project, headers=[(b"host", b"10.1.2.3:8000")])[0] == 200
    strict = ask("/", application=project, headers=[(b"host", b"10.1.2.3:8000")], receive=received.get)
    assert strict[0] == 400


def test_not_ready(ask, probes):
    probes(broken=Broken)
    status, _, body = ask("/ready/")
    assert (status, json.loads(body)) == (503, {"status": "not_ready", "checks": {"broken": False}})


def test_a_waiting_answer_does_not_hold_up_others_and_may_be_cancelled(probes):
    probes({"READY_BUDGET": 5}, stuck={"PROBE": "surface_probes.Hanging", "DEADLINE": 5})
    application = with_health(page)
    statuses = []

    async def send(message):
        statuses.append(message.get("status"))

    async def run():
        given_up = asyncio.create_task(application(scope_of("/ready/"), never, send))
        waiting = asyncio.create_task(application(scope_of("/ready/"), never, send))
        assert await asyncio.to_thread(Hanging.is_entered.wait, 10)
        given_up.cancel()  # as a server does when the client has gone
        with pytest.raises(asyncio.CancelledError):
            await given_up
        await application(scope_of("/health/"), never, send)
        assert statuses == [200, None]
        assert not waiting.done()
        Hanging.go_on.set()
        await waiting
        assert statuses == [200, None, 200, None]

    asyncio.run(run())


def test_draining_is_told_of_loading_of_the_lifespan_and_of_every_request(monkeypatch):
    told = []
    monkeypatch.setattr(drain, "on_load", lambda: told.append("load"))
    monkeypatch.setattr(drain, "on_request", lambda: told.append("request"))

    async def application(scope, receive, send):
        told.append(scope["type"])

    async def run():
        wrapped = with_health(application)
        await wrapped({"type": "lifespan"}, None, None)
        await wrapped(scope_of("/"), None, None)

    asyncio.run(run())
    assert told == ["load", "load", "lifespan", "request", "http"]
