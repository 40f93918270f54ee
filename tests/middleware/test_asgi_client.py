"""The wrapper around an ASGI application: what it does to a scope, and whom it refuses."""

import asyncio

import pytest
from prodready_clients.asking import CLIENT, EDGE, FORGED, FORGERY, STRANGER, scope_of

from django_prodready.asgi import with_client_address, with_health
from django_prodready.middleware import ClientAddress
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
