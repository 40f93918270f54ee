"""RequestIdMiddleware in Django's own handlers, sync and async."""

import asyncio
import logging
import re
from pathlib import Path

import pytest
from asgiref.testing import ApplicationCommunicator
from django.core.handlers.asgi import ASGIHandler
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from django_prodready.asgi import with_client_address
from django_prodready.logs import RequestIdFilter, current_request_id
from django_prodready.middleware import RequestIdMiddleware

OURS = "django_prodready.middleware.RequestIdMiddleware"
REAL_IP = "django_prodready.middleware.CloudflareRealIPMiddleware"
SENT = "of-the-proxy-1"
PEER, CLIENT = "10.1.0.1", "203.0.113.9"
PROXIES = {"TRUSTED_PROXIES": [PEER]}
logger = logging.getLogger("prodready.request_id_test")


def seen(request):
    logger.info("in the view")
    return HttpResponse(f"{request.request_id} {current_request_id()}")


async def seen_async(request):
    await asyncio.sleep(0)
    return seen(request)


def stream(request):
    def chunks():
        try:
            for _ in range(2):
                yield f"{current_request_id()} "
        finally:
            closed.append(current_request_id())

    return StreamingHttpResponse(chunks())


async def stream_async(request):
    async def chunks():
        for _ in range(2):
            await asyncio.sleep(0)
            yield f"{current_request_id()} "

    return StreamingHttpResponse(chunks())


def file(request):
    return FileResponse(Path(__file__).open("rb"))


def missing(request):
    raise Http404


def refused(request):
    return HttpResponse(status=403)


closed = []
urlpatterns = [
    path("sync/", seen),
    path("async/", seen_async),
    path("stream/", stream),
    path("stream-async/", stream_async),
    path("missing/", missing),
    path("refused/", refused),
]


@pytest.fixture(autouse=True)
def site(settings):
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["*"]
    settings.MIDDLEWARE = [OURS]
    closed.clear()
    return settings


@pytest.fixture(autouse=True)
def nothing_is_left():
    yield
    assert current_request_id() is None


def wsgi(url, headers, is_wrapped=False):
    response = Client().get(url, headers=headers, REMOTE_ADDR=PEER)
    assert current_request_id() is None
    return response.headers["X-Request-ID"], b"".join(response).decode()


def asgi(url, headers, is_wrapped=False):
    async def exchange():
        handler = ASGIHandler()
        application = ApplicationCommunicator(with_client_address(handler) if is_wrapped else handler, scope)
        await application.send_input({"type": "http.request"})
        start = await application.receive_output(60)
        body, has_more = b"", True
        while has_more:
            message = await application.receive_output(60)
            body += message.get("body", b"")
            has_more = message.get("more_body", False)
        await application.wait()
        assert current_request_id() is None
        return dict(start["headers"])[b"X-Request-ID"].decode(), body.decode()

    scope = {
        "type": "http",
        "method": "GET",
        "path": url,
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": (PEER, 40000),
        "server": ("10.1.2.3", 8000),
    }
    return asyncio.run(exchange())


both = pytest.mark.parametrize("ask", [wsgi, asgi])


@both
@pytest.mark.parametrize("url", ["/sync/", "/async/"])
def test_the_view_the_context_and_the_answer_have_one_id(ask, url):
    given, body = ask(url, {"X-Request-ID": SENT})
    assert (given, body) == (SENT, f"{SENT} {SENT}")
    given, body = ask(url, {})
    assert re.fullmatch(r"[0-9a-f]{32}", given)
    assert body == f"{given} {given}"
    assert ask(url, {})[0] != given


@both
@pytest.mark.parametrize("said", ["short", "a" * 129, "12345678 9", "12345678;x", '"12345678"', ""])
def test_what_is_no_id_is_replaced(ask, said):
    assert re.fullmatch(r"[0-9a-f]{32}", ask("/sync/", {"X-Request-ID": said})[0])


@both
@pytest.mark.parametrize("middleware", [[OURS], [OURS, REAL_IP], [REAL_IP, OURS]])
@pytest.mark.parametrize(
    ("prodready", "is_taken"),
    [
        ({}, True),
        (PROXIES, True),
        ({"CLOUDFLARED": [PEER]}, True),
        ({"TRUSTED_PROXIES": ["10.9.9.9"]}, False),
        ({"TRUST_UNIX_SOCKET": True}, False),
        ({"CLOUDFLARE": True}, False),
    ],
)
def test_only_a_trusted_peer_names_the_request(ask, settings, middleware, prodready, is_taken):
    settings.MIDDLEWARE = middleware
    settings.PRODREADY = prodready
    given, _ = ask("/sync/", {"X-Request-ID": SENT, "X-Forwarded-For": CLIENT})
    assert (given == SENT) is is_taken


@pytest.mark.parametrize(("proxies", "is_taken"), [([PEER], True), (["10.9.9.9"], False)])
def test_the_wrapper_of_asgi_tells_who_the_peer_was(settings, proxies, is_taken):
    settings.PRODREADY = {"TRUSTED_PROXIES": proxies}
    given, _ = asgi("/sync/", {"X-Request-ID": SENT, "X-Forwarded-For": CLIENT}, is_wrapped=True)
    assert (given == SENT) is is_taken


@pytest.mark.parametrize(
    ("peer", "prodready", "is_taken"),
    [
        ("", {"TRUST_UNIX_SOCKET": True}, True),
        ("", PROXIES, False),
        ("no address", PROXIES, False),
        ("172.70.1.2", {"CLOUDFLARE": True}, True),
        (f"{PEER}:4711", PROXIES, True),
    ],
)
def test_the_peer_may_be_a_socket_or_the_edge(settings, peer, prodready, is_taken):
    settings.PRODREADY = prodready
    request = RequestFactory().get("/", headers={"X-Request-ID": SENT}, REMOTE_ADDR=peer)
    response = RequestIdMiddleware(lambda request: HttpResponse())(request)
    assert (response["X-Request-ID"] == SENT) is is_taken
    assert request.request_id == response["X-Request-ID"]


@both
@pytest.mark.parametrize("url", ["/stream/", "/stream-async/"])
@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
def test_what_is_streamed_is_made_under_the_id(ask, url):
    given, body = ask(url, {"X-Request-ID": SENT})
    assert given == SENT
    assert body == f"{SENT} {SENT} "


@pytest.mark.django_db  # a response that is closed looks after connections that others left open
def test_between_the_chunks_the_id_is_nobodys():
    response = Client().get("/stream/", headers={"X-Request-ID": SENT})
    chunks = iter(response)
    assert next(chunks) == f"{SENT} ".encode()
    assert current_request_id() is None
    response.close()
    assert len(closed) == 1


def test_a_stream_that_is_left_is_closed():
    async def look():
        response = await RequestIdMiddleware(stream_async)(RequestFactory().get("/"))
        chunks = response.streaming_content
        first = await anext(chunks)
        await chunks.aclose()
        return response["X-Request-ID"], first

    given, first = asyncio.run(look())
    assert first == f"{given} ".encode()


@pytest.mark.django_db  # a response that is closed looks after connections that others left open
def test_a_file_stays_the_servers_to_send():
    response = RequestIdMiddleware(file)(RequestFactory().get("/file/"))
    assert response.file_to_stream is not None
    assert response["X-Request-ID"]
    response.close()


@both
def test_an_id_that_a_view_names_is_not_the_requests(ask, settings):
    settings.MIDDLEWARE = [OURS, f"{__name__}.naming"]
    assert ask("/sync/", {"X-Request-ID": SENT})[0] == SENT


def naming(get_response):
    def middleware(request):
        response = get_response(request)
        response["X-Request-ID"] = "of-somebody-else"
        return response

    return middleware


@both
@pytest.mark.parametrize("url", ["/missing/", "/refused/", "/sync/"])
def test_each_record_of_a_request_has_its_id(ask, url, caplog):
    caplog.set_level(logging.INFO)
    caplog.handler.addFilter(RequestIdFilter())
    ask(url, {"X-Request-ID": SENT})
    ids = {r.name: r.request_id for r in caplog.records if r.name in ("django.request", logger.name)}
    assert set(ids.values()) == {SENT}


@pytest.mark.parametrize("is_async", [False, True])
def test_the_id_is_gone_also_after_an_exception(is_async):
    def fail(request):
        raise LookupError(current_request_id())

    async def fail_later(request):
        fail(request)

    request = RequestFactory().get("/", headers={"X-Request-ID": SENT})

    def ask():
        if is_async:
            asyncio.run(RequestIdMiddleware(fail_later)(request))
        RequestIdMiddleware(fail)(request)

    with pytest.raises(LookupError, match=SENT):
        ask()


def test_requests_side_by_side_keep_their_own():
    async def view(request):
        before = current_request_id()
        await asyncio.sleep(0.01)
        return HttpResponse(f"{before} {current_request_id()}")

    async def ask_many():
        middleware = RequestIdMiddleware(view)
        requests = [RequestFactory().get("/", headers={"X-Request-ID": f"request-{n}"}) for n in range(20)]
        return await asyncio.gather(*map(middleware, requests))

    bodies = [response.content.decode() for response in asyncio.run(ask_many())]
    assert bodies == [f"request-{n} request-{n}" for n in range(20)]


def test_wrong_networks_are_logged_when_it_is_loaded(caplog):
    with override_settings(PRODREADY={"TRUSTED_PROXIES": ["nowhere"]}):
        RequestIdMiddleware(seen)
    assert "TRUSTED_PROXIES" in caplog.text
