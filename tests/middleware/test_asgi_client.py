"""The wrapper around an ASGI application: what it does to a scope, and whom it refuses."""

import asyncio
import time
from io import BytesIO
from typing import ClassVar

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse
from prodready_clients.asking import CLIENT, EDGE, FORGED, FORGERY, STRANGER, scope_of

from django_prodready.asgi import with_client_address, with_health
from django_prodready.middleware import ClientAddress, CloudflareRealIPMiddleware
from django_prodready.middleware.asgi_client import is_scope_refused, receive_scope
from django_prodready.realip.client_address import SCOPE_KEY

pytestmark = pytest.mark.usefixtures("addressed")

VIA_CLOUDFLARE = ClientAddress(client_ip=CLIENT, peer_ip=EDGE, via_cloudflare=True, spoofed=False)
CONNECT = {"type": "websocket.connect"}


def websocket(path="/chat/", peer=STRANGER, headers=()):
    scope = scope_of(path, peer, headers)
    del scope["method"]
    return scope | {"type": "websocket", "scheme": "ws"}


def run(scope, wrap=with_client_address):
    """Send one scope; return the scope that the application got, what was received, and what was sent."""
    got, received, sent = [], [], []

    async def application(scope, receive, send):
        got.append(scope)
        await send({"type": "application.sent"})

    async def receive():
        received.append(CONNECT)
        return CONNECT

    async def send(message):
        sent.append(message)

    asyncio.run(wrap(application)(scope, receive, send))
    return got, received, sent


@pytest.mark.parametrize("make", [scope_of, websocket])
def test_the_servers_own_scope_names_the_client(addressed, make):
    addressed({"CLOUDFLARE": True})
    scope = make(peer=EDGE, headers={"CF-Connecting-IP": CLIENT, "X-Forwarded-For": FORGED})
    got, received, _ = run(scope)
    assert got[0] is scope
    assert scope["client"] == (CLIENT, 0)
    assert scope[SCOPE_KEY] == VIA_CLOUDFLARE
    assert dict(scope["headers"])[b"x-forwarded-for"] == CLIENT.encode()
    assert not received


def test_the_client_of_a_websocket_is_a_client_and_no_socket(addressed):
    addressed({"TRUST_UNIX_SOCKET": True})
    scope = websocket(peer="", headers={"X-Forwarded-For": CLIENT})
    run(scope)
    assert scope["client"] == (CLIENT, 0)


def test_who_is_the_client_keeps_the_port():
    scope = scope_of()
    run(scope)
    assert scope["client"] == (STRANGER, 40000)


def test_a_scope_may_lack_what_is_optional():
    scope = {"type": "websocket", "path": "/"}
    got, _, _ = run(scope)
    assert got[0] is scope
    assert "client" not in scope
    assert scope[SCOPE_KEY].client_ip is None
    assert scope["headers"] == []


def test_what_is_not_ours_stays_as_it_was_sent():
    lines = [
        (b"cookie", b"a=1"),
        (b"x-own", b"\xff\xfe,"),
        (b"cookie", b"b=2"),
        (b"X-Mixed-Case", b"1"),
        (b"x-own", b"2"),
        (b"", b""),
        (b"\xdf\xff", b"1"),
    ]
    scope = scope_of()
    scope["headers"] = [*lines, (b"X-FORWARDED-FOR", b"192.0.2.99"), (b"x_own", b"3")]
    run(scope)
    assert scope["headers"] == lines


@pytest.mark.parametrize("name", ["X-Forwarded-For", "CF-Connecting-IP", "X-Forwarded-Proto"])
def test_underscores_are_no_other_spelling(addressed, name):
    addressed({"CLOUDFLARE": True, "TRUSTED_PROXIES": ["10.0.0.2"]})
    scope = scope_of(peer="10.0.0.2", headers={"X-Forwarded-For": CLIENT, name.replace("-", "_"): FORGED})
    run(scope)
    assert scope["client"][0] == CLIENT
    assert FORGED.encode() not in dict(scope["headers"]).values()


def test_whoever_is_wrapped_twice_is_settled_once(addressed):
    addressed({"CLOUDFLARE": True})
    scope = scope_of(peer=EDGE, headers={"CF-Connecting-IP": CLIENT})
    run(scope, lambda application: with_client_address(with_client_address(application)))
    assert scope[SCOPE_KEY] == VIA_CLOUDFLARE


def test_the_lifespan_passes_through():
    scope = {"type": "lifespan"}
    got, received, sent = run(scope)
    assert got[0] is scope
    assert scope == {"type": "lifespan"}
    assert not received
    assert sent == [{"type": "application.sent"}]


class TestCloudflareOnly:
    @pytest.fixture(autouse=True)
    def only(self, addressed):
        addressed({"CLOUDFLARE": True, "CLOUDFLARE_ONLY": True})

    @pytest.mark.parametrize(
        ("method", "body"), [("GET", b"Forbidden\n"), ("head", b""), ("POST", b"Forbidden\n")]
    )
    def test_others_are_refused(self, method, body):
        got, received, sent = run(scope_of(headers=FORGERY, method=method))
        start, end = sent
        assert not got
        assert not received
        assert (start["type"], start["status"]) == ("http.response.start", 403)
        assert dict(start["headers"])[b"content-type"] == b"text/plain; charset=utf-8"
        assert dict(start["headers"])[b"content-length"] == b"10"
        assert (end["type"], end["body"]) == ("http.response.body", body)

    @pytest.mark.parametrize("path", ["/chat/", "/health/"])
    @pytest.mark.parametrize("peer", [STRANGER, "127.0.0.1", ""])
    def test_a_websocket_of_others_is_never_accepted(self, path, peer):
        got, received, sent = run(websocket(path, peer))
        assert not got
        assert received == [CONNECT]
        assert sent == [{"type": "websocket.close"}]

    @pytest.mark.parametrize("make", [scope_of, websocket])
    def test_whoever_comes_through_cloudflare_is_handed_on(self, make):
        scope = make(peer=EDGE, headers={"CF-Connecting-IP": CLIENT})
        assert run(scope)[0] == [scope]

    @pytest.mark.parametrize(("root_path", "path"), [("", "/health/"), ("/shop", "/shop/health")])
    @pytest.mark.parametrize("method", ["GET", "get", "HEAD"])
    def test_the_platform_asks_probes_past_it(self, root_path, path, method):
        scope = scope_of(path, "127.0.0.1", method=method) | {"root_path": root_path}
        assert run(scope)[0] == [scope]

    def test_health_behind_it_answers_the_platform_alone(self, probes):
        def wrap(application):
            return with_client_address(with_health(application))

        assert [run(scope_of("/health/", peer), wrap)[2][0]["status"] for peer in ("10.0.0.1", STRANGER)] == [
            200,
            403,
        ]


def settled(scope):
    """Have the middleware settle the request that Django makes of a scope; return the request."""
    request = ASGIRequest(scope, BytesIO())
    CloudflareRealIPMiddleware(lambda request: HttpResponse())(request)
    return request


class TestAPeerThatIsGone:
    """Servers that ask for the peer late are told of none, once the connection has been reset."""

    HEADERS: ClassVar = {"X-Forwarded-For": f"{FORGED}, {EDGE}", "CF-Connecting-IP": FORGED}

    @pytest.fixture(autouse=True)
    def socket_is_trusted(self, addressed):
        addressed({"TRUST_UNIX_SOCKET": True, "CLOUDFLARE": True, "CLOUDFLARE_ONLY": True})

    @pytest.mark.parametrize("client", [None, ("", 0)])
    def test_it_is_no_socket_of_ours(self, client):
        scope = scope_of(headers=self.HEADERS) | {"client": client}
        got, _, sent = run(scope)
        assert not got
        assert sent[0]["status"] == 403
        assert scope[SCOPE_KEY] == ClientAddress(
            client_ip=None, peer_ip=None, via_cloudflare=False, spoofed=True
        )
        assert scope["client"] == client

    @pytest.mark.parametrize("client", [None, ("", 0)])
    def test_nor_is_it_to_the_middleware(self, client):
        request = settled(scope_of(headers=self.HEADERS) | {"client": client})
        assert request.client_address.client_ip is None
        assert not request.client_address.via_cloudflare
        assert not request.META.get("REMOTE_ADDR")

    @pytest.mark.parametrize("server", [None, ("/run/site.sock", None), ("/", "t")])
    def test_a_socket_is_one(self, server):
        scope = scope_of(headers=self.HEADERS) | {"client": None, "server": server}
        assert run(scope)[0] == [scope]
        assert scope["client"] == (FORGED, 0)


class TestTheScopeOfARequest:
    """With the middleware alone, the scope says no more than the request does."""

    def test_it_loses_what_the_request_loses(self, addressed):
        addressed({"CLOUDFLARE": True, "CLOUDFLARE_SECRETS": ["right"]})
        headers = {"CF-Connecting-IP": CLIENT, "X-Origin-Secret": "right", "Forwarded": "for=x", "X-Own": "1"}
        scope = scope_of(peer=EDGE, headers=headers)
        request = settled(scope)
        assert request.META["REMOTE_ADDR"] == CLIENT
        assert request.META["REMOTE_PORT"] == 0
        names = {name for name, _ in scope["headers"]}
        assert names == {b"host", b"cf-connecting-ip", b"x-forwarded-for", b"x-own"}
        assert dict(scope["headers"])[b"x-forwarded-for"] == CLIENT.encode()
        assert scope["client"] == (EDGE, 40000)  # who opened the connection

    def test_underscores_are_taken_out_where_django_took_them_in(self, addressed):
        addressed({"TRUSTED_PROXIES": [EDGE]})
        scope = scope_of(peer=EDGE, headers={"X-Forwarded-For": CLIENT, "Cookie": "a=1"})
        scope["headers"] += [(b"x_forwarded_for", FORGED.encode()), (b"x_forwarded_proto", b"https")]
        request = ASGIRequest(scope, BytesIO())
        # As Django 5.2.12 and 6.0.3 make it.
        request.META |= {"HTTP_X_FORWARDED_FOR": f"{CLIENT},{FORGED}", "HTTP_X_FORWARDED_PROTO": "https"}
        CloudflareRealIPMiddleware(lambda request: HttpResponse())(request)
        assert request.META["REMOTE_ADDR"] == CLIENT
        assert not request.is_secure()
        assert request.META["HTTP_COOKIE"] == "a=1"
        assert {name for name, _ in scope["headers"]} == {b"host", b"x-forwarded-for", b"cookie"}

    def test_headers_that_can_be_read_once_are_read_once(self, addressed):
        addressed({"CLOUDFLARE": True, "CLOUDFLARE_ONLY": True})
        scope = scope_of("/health/", "127.0.0.1", headers={"X-Own": "1"})
        scope["headers"] = iter(scope["headers"])
        assert not is_scope_refused(scope, "/health/")
        assert [name for name, _ in scope["headers"]] == [b"host", b"x-own"]


def test_many_lines_of_one_header_cost_no_more_than_as_many_headers(addressed):
    addressed({"TRUSTED_PROXIES": [EDGE]})

    def cost_s(names):
        times = []
        for _ in range(3):
            scope = scope_of(peer=EDGE) | {"headers": [(name, b"x" * 200) for name in names]}
            before = time.perf_counter()
            receive_scope(scope, "/")
            times.append(time.perf_counter() - before)
        return min(times)

    number = 30_000
    assert cost_s([b"x-one"] * number) < 3 * cost_s([b"x-%d" % each for each in range(number)])
