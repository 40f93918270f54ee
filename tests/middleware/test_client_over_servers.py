"""The client as real servers know it, in REMOTE_ADDR and in access logs, and what they rewrite before us.

The tests of defaults hold what the servers do by themselves, because what to set follows from it.
"""

import base64

import pytest
from prodready_clients.asking import CLIENT, EDGE, FORGED, FORGERY, HOST
from prodready_clients.servers import PORT, SOCKET, serving
from prodready_services.once import of_servers
from prodready_services.server import LOOPBACK

OTHER_LOOPBACK = "127.0.0.9"  # no server trusts it by default
TRUST = {"CLOUDFLARE": True, "TRUSTED_PROXIES": [LOOPBACK], "TRUST_UNIX_SOCKET": True}
THROUGH_PROXY = {"X-Forwarded-For": f"{FORGED}, {CLIENT}", "X-Forwarded-Proto": "https"}
THROUGH_CLOUDFLARE = FORGERY | {
    "X-Forwarded-For": f"{FORGED}, {CLIENT}, {EDGE}",
    "CF-Connecting-IP": CLIENT,
    "X-Forwarded-Host": HOST,
}
NO_PROXY_HEADERS = ["--no-proxy-headers"]
NOBODY_ALLOWED = ["--forwarded-allow-ips="]
NO_SCHEME_HEADERS = "secure_scheme_headers = {}\n"
HTTPS = {"X-Forwarded-Proto": "https"}

# What each needs so that it leaves the peer alone.
QUIET = {
    "gunicorn": [],
    "gunicorn, threads": [],
    "gunicorn, asgi": [],
    "uvicorn": NO_PROXY_HEADERS,
    "uvicorn, bare": NO_PROXY_HEADERS,
    "uvicorn-worker": NOBODY_ALLOWED,
}


@pytest.fixture(scope="module", params=[PORT, SOCKET])
def listens(request):
    return request.param


@pytest.fixture(scope="module", params=QUIET)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def quiet(tmp_path_factory, kind, listens):
    """A server that leaves the peer alone, behind a proxy that the site trusts."""
    with serving(tmp_path_factory.mktemp("s"), kind, listens, QUIET[kind], TRUST) as server:
        yield server


@pytest.mark.parametrize(
    ("headers", "via_cloudflare"), [(THROUGH_PROXY, False), (THROUGH_CLOUDFLARE, True)], ids=["proxy", "edge"]
)
def test_the_view_and_the_access_log_know_the_client(quiet, kind, listens, headers, via_cloudflare):
    answer, line = quiet.ask(headers)
    told = answer.told
    assert told["remote_addr"] == CLIENT
    assert told["client_address"] == {
        "client_ip": CLIENT,
        "peer_ip": None if listens is SOCKET else LOOPBACK,
        "via_cloudflare": via_cloudflare,
        "spoofed": False,
    }
    assert told["headers"]["X-Forwarded-For"] == CLIENT
    assert told["is_secure"]
    assert FORGED not in told["meta"].values()
    assert _host_in(line) == _logged(kind, listens)


def _logged(kind, listens):
    if kind == "gunicorn, asgi":  # its log is of the connection, and nobody else's word
        return "-" if listens is SOCKET else LOOPBACK
    if kind == "uvicorn, bare":  # its log is of the scope, which no middleware of Django can reach
        return "" if listens is SOCKET else LOOPBACK
    return CLIENT


def _host_in(line):
    """Return the address that an access log shows: gunicorn's begins with it, uvicorn's with a level."""
    before = line.partition(' - "')[0] if ' - "' in line else line.partition(" - - ")[0]
    return before.removeprefix("INFO:").strip().partition(":")[0]


def test_whoever_is_no_proxy_of_ours_is_the_client(tmp_path, kind):
    with serving(tmp_path, kind, PORT, QUIET[kind], TRUST) as server:
        answer, line = server.ask(FORGERY, source=OTHER_LOOPBACK)
    told = answer.told
    assert told["remote_addr"] == OTHER_LOOPBACK
    assert told["client_address"]["spoofed"]
    assert (told["is_secure"], told["host"]) == (False, HOST)
    assert _host_in(line) == OTHER_LOOPBACK


@of_servers
class TestDefaults:
    """Nobody on loopback is trusted by the site, and somebody there sends forged headers."""

    @pytest.mark.parametrize("kind", ["uvicorn", "uvicorn-worker"])
    def test_uvicorn_believes_loopback_and_hides_the_peer(self, tmp_path, kind):
        with serving(tmp_path, kind, prodready={"CLOUDFLARE": True}) as server:
            told, other = server.ask(FORGERY)[0].told, server.ask(FORGERY, OTHER_LOOPBACK)[0].told
        assert told["client_address"]["peer_ip"] == told["remote_addr"] == FORGED
        assert told["is_secure"]
        assert told["host"] == HOST
        assert (other["remote_addr"], other["is_secure"]) == (OTHER_LOOPBACK, False)

    @pytest.mark.parametrize(
        ("kind", "option"),
        [("uvicorn", NO_PROXY_HEADERS), ("uvicorn", NOBODY_ALLOWED), ("uvicorn-worker", NOBODY_ALLOWED)],
    )
    def test_uvicorn_can_be_told_not_to(self, tmp_path, kind, option):
        with serving(tmp_path, kind, options=option, prodready={"CLOUDFLARE": True}) as server:
            told = server.ask(FORGERY)[0].told
        assert (told["remote_addr"], told["is_secure"]) == (LOOPBACK, False)

    def test_uvicorn_hides_our_proxy_and_so_what_it_verified(self, tmp_path):
        with serving(tmp_path, "uvicorn", prodready=TRUST) as server:
            told = server.ask(THROUGH_PROXY | {"X-Forwarded-Host": "shop.example.org"})[0].told
        assert told["remote_addr"] == CLIENT  # right, because uvicorn walks from the right as well
        assert told["client_address"]["peer_ip"] == CLIENT
        assert told["host"] == HOST  # but a stranger, as it seems, names no host

    def test_uvicorn_on_a_socket_believes_nobody(self, tmp_path):
        with serving(tmp_path, "uvicorn", SOCKET) as server:
            told = server.ask(FORGERY)[0].told
        assert (told["remote_addr"], told["is_secure"]) == (None, False)

    def test_uvicorn_that_believes_everybody_is_beyond_help(self, tmp_path):
        with serving(tmp_path, "uvicorn", options=["--forwarded-allow-ips=*"], prodready=TRUST) as server:
            told = server.ask({"X-Forwarded-For": f"{FORGED}, {CLIENT}"}, OTHER_LOOPBACK)[0].told
        assert told["remote_addr"] == FORGED

    @pytest.mark.parametrize("kind", ["gunicorn", "gunicorn, asgi"])
    def test_gunicorn_keeps_the_peer_and_takes_the_scheme_from_loopback(self, tmp_path, kind):
        with serving(tmp_path, kind, prodready={"CLOUDFLARE": True}) as server:
            told, other = server.ask(FORGERY)[0].told, server.ask(FORGERY, OTHER_LOOPBACK)[0].told
        assert (told["remote_addr"], told["is_secure"]) == (LOOPBACK, True)
        assert (other["remote_addr"], other["is_secure"]) == (OTHER_LOOPBACK, False)

    @pytest.mark.parametrize("kind", ["gunicorn", "gunicorn, asgi"])
    def test_gunicorn_takes_the_scheme_from_a_socket_whatever_is_allowed(self, tmp_path, kind):
        with serving(tmp_path, kind, SOCKET, NOBODY_ALLOWED) as server:
            told = server.ask(FORGERY)[0].told
        assert not told["remote_addr"]
        assert told["is_secure"]

    @pytest.mark.parametrize("kind", ["gunicorn", "gunicorn, asgi"])
    def test_gunicorn_can_be_told_not_to(self, tmp_path, kind, listens):
        config = tmp_path / "quiet.py"
        config.write_text(NO_SCHEME_HEADERS)
        with serving(tmp_path, kind, listens, ["-c", str(config)]) as server:
            assert not server.ask(FORGERY)[0].told["is_secure"]

    def test_gunicorn_on_a_port_is_quiet_when_nobody_is_allowed(self, tmp_path):
        with serving(tmp_path, "gunicorn", options=NOBODY_ALLOWED) as server:
            assert not server.ask(HTTPS)[0].told["is_secure"]


@pytest.mark.parametrize("kind", ["uvicorn", "gunicorn, asgi"])
def test_a_websocket_past_cloudflare_is_refused_with_403(tmp_path, kind):
    headers = [
        "GET /chat/?asked=1 HTTP/1.1",
        f"Host: {HOST}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(bytes(16)).decode()}",
    ]
    only = {"CLOUDFLARE": True, "CLOUDFLARE_ONLY": True}
    with serving(tmp_path, kind, options=QUIET[kind], prodready=only) as server, server.connected() as peer:
        peer.sendall("\r\n".join([*headers, "", ""]).encode())
        assert peer.recv(4096).startswith(b"HTTP/1.1 403 ")


def test_a_connection_that_was_reset_is_no_unix_socket(tmp_path):
    trust = {"CLOUDFLARE": True, "TRUST_UNIX_SOCKET": True}
    forged = {"X-Forwarded-For": EDGE, "CF-Connecting-IP": FORGED}
    with serving(tmp_path, "uvicorn, told", PORT, NO_PROXY_HEADERS, trust) as server:
        assert server.reset("/gone/", forged) == "asked=/gone/ peer=None client=None"
    with serving(tmp_path, "uvicorn, told", SOCKET, NO_PROXY_HEADERS, trust) as server:
        server.ask(forged)
        assert f"asked=/told/ peer=('{FORGED}', 0) client={FORGED}\n" in server.said()
