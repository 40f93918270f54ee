"""The middleware in Django's own handlers: as WSGI, as ASGI, and as ASGI below the wrapper."""

import asyncio
import threading

import pytest
from asgiref.sync import iscoroutinefunction
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpResponse
from django.test import AsyncRequestFactory, RequestFactory
from prodready_clients.asking import (
    CARRIERS,
    CLIENT,
    EDGE,
    FORGED,
    FORGERY,
    HOST,
    STRANGER,
    ask,
    by_wsgi,
    scope_of,
)

from django_prodready.asgi import with_client_address, with_health
from django_prodready.middleware import ClientAddress, CloudflareRealIPMiddleware
from django_prodready.middleware.arrival import receive
from django_prodready.middleware.asgi_client import receive_scope
from django_prodready.wsgi import with_health as with_health_wsgi

OURS = "django_prodready.middleware.CloudflareRealIPMiddleware"
HEALTH = "django_prodready.middleware.HealthMiddleware"
EARLY = "prodready_clients.early.ReadsEarly"
PROXY = "10.0.0.2"
FROM_CLOUDFLARE = {"CF-Connecting-IP": CLIENT, "CF-Visitor": '{"scheme":"https"}'}
SECRET = "of-our-account"


def address(client, peer, *, via_cloudflare=False, spoofed=False):
    return {
        "client_ip": client,
        "peer_ip": peer,
        "via_cloudflare": via_cloudflare,
        "spoofed": spoofed,
    }


@pytest.fixture(params=CARRIERS, ids=lambda carrier: carrier.__name__)
def carried(request):
    return request.param


class TestWhoIsAsking:
    @pytest.mark.parametrize("trust", [{}, {"CLOUDFLARE": True, "TRUSTED_PROXIES": [PROXY]}])
    def test_a_stranger_fools_nobody(self, addressed, carried, trust):
        addressed(trust)
        told = carried(headers=FORGERY).told
        assert told["client_address"] == address(STRANGER, STRANGER, spoofed=bool(trust))
        assert told["remote_addr"] == STRANGER
        assert {name: value for name, value in told["meta"].items() if value} == {"HTTP_HOST": HOST}
        assert {name: value for name, value in told["headers"].items() if value} == {"Host": HOST}
        assert (told["is_secure"], told["host"]) == (False, HOST)
        assert told["absolute"] == f"http://{HOST}/told/"

    @pytest.mark.parametrize("middleware", [[EARLY, OURS], [EARLY, HEALTH, OURS]])
    @pytest.mark.parametrize("peer", [STRANGER, EDGE])
    def test_what_django_made_of_headers_before_is_made_anew(self, addressed, carried, middleware, peer):
        addressed({"CLOUDFLARE": True}, MIDDLEWARE=middleware)
        told = carried(peer=peer, headers=FORGERY | FROM_CLOUDFLARE).told
        is_edge = peer == EDGE
        assert told["headers"].get("X-Forwarded-For") == (CLIENT if is_edge else None)
        assert told["headers"].get("Cf-Connecting-Ip") == (CLIENT if is_edge else None)
        assert told["is_secure"] is is_edge
        assert told["host"] == ("forged.example.org" if is_edge else HOST)
        assert told["absolute"] == f"{'https' if is_edge else 'http'}://{told['host']}/told/"

    def test_cloudflares_client(self, addressed, carried):
        addressed({"CLOUDFLARE": True})
        told = carried(peer=EDGE, headers=FROM_CLOUDFLARE | {"X-Forwarded-For": f"{FORGED}, {CLIENT}"}).told
        assert told["client_address"] == address(CLIENT, EDGE, via_cloudflare=True)
        assert told["remote_addr"] == CLIENT
        assert told["remote_port"] in ("0", 0)  # the peer's is not the client's
        assert told["headers"]["X-Forwarded-For"] == CLIENT
        assert told["is_secure"]

    def test_cloudflares_client_behind_our_proxy(self, addressed, carried):
        addressed({"CLOUDFLARE": True, "TRUSTED_PROXIES": [PROXY]})
        headers = FROM_CLOUDFLARE | {"X-Forwarded-For": f"{FORGED}, {EDGE}", "X-Forwarded-Proto": "https"}
        told = carried(peer=PROXY, headers=headers).told
        assert told["client_address"] == address(CLIENT, PROXY, via_cloudflare=True)
        assert told["headers"]["X-Forwarded-For"] == CLIENT
        assert told["is_secure"]

    def test_what_is_forged_through_our_proxy_is_removed_and_told(self, addressed, carried):
        addressed({"CLOUDFLARE": True, "TRUSTED_PROXIES": [PROXY]})
        told = carried(peer=PROXY, headers=FORGERY | {"X-Forwarded-For": STRANGER}).told
        assert told["client_address"] == address(STRANGER, PROXY, spoofed=True)
        assert not [name for name in told["meta"] if "CF_" in name]
        assert FORGED not in told["meta"].values()

    def test_a_socket_is_believed_where_settings_say_so(self, addressed, carried):
        addressed({"TRUST_UNIX_SOCKET": True})
        headers = {"X-Forwarded-For": f"{FORGED}, {CLIENT}", "X-Forwarded-Proto": "https"}
        told = carried(peer="", headers=headers).told
        assert told["client_address"] == address(CLIENT, None)
        assert told["remote_addr"] == CLIENT
        assert told["is_secure"]

    def test_a_socket_that_nobody_named_says_nothing(self, addressed, carried):
        told = carried(peer="", headers=FORGERY).told
        assert told["client_address"] == address(None, None)
        assert not told["remote_addr"]
        assert not told["is_secure"]

    def test_a_host_that_was_the_peer_is_the_client(self, addressed):
        addressed({"CLOUDFLARE": True})
        told = asyncio.run(ask(ASGIHandler(), peer=EDGE, headers=FROM_CLOUDFLARE)).told
        assert told["remote_host"] == CLIENT

    def test_the_secret_of_the_account_is_no_views_to_read(self, addressed, carried):
        addressed({"CLOUDFLARE": True, "CLOUDFLARE_SECRETS": [SECRET]})
        told = carried(peer=EDGE, headers=FROM_CLOUDFLARE | {"X-Origin-Secret": SECRET}).told
        assert told["client_address"] == address(CLIENT, EDGE, via_cloudflare=True)
        assert SECRET not in told["meta"].values()
        unproven = carried(peer=EDGE, headers=FROM_CLOUDFLARE | {"X-Origin-Secret": "another"}).told
        assert unproven["client_address"] == address(EDGE, EDGE, spoofed=True)

    @pytest.mark.parametrize("secrets", [[""], SECRET, None, ["", None]])
    def test_secrets_that_are_wrong_are_proved_by_nobody(self, addressed, carried, caplog, secrets):
        addressed({"CLOUDFLARE": True, "CLOUDFLARE_SECRETS": secrets})
        for headers in ({}, {"X-Origin-Secret": ""}, {"X-Origin-Secret": SECRET}):
            told = carried(peer=EDGE, headers=FROM_CLOUDFLARE | headers).told
            assert told["client_address"] == address(EDGE, EDGE, spoofed=True)
        assert caplog.text.count("holds what is no secret: nobody can prove it.") == 1
        assert SECRET not in caplog.text

    def test_of_secrets_that_are_wrong_in_part_the_others_hold(self, addressed, carried):
        addressed({"CLOUDFLARE": True, "CLOUDFLARE_SECRETS": [SECRET, ""]})
        proven = carried(peer=EDGE, headers=FROM_CLOUDFLARE | {"X-Origin-Secret": SECRET}).told
        assert proven["client_address"] == address(CLIENT, EDGE, via_cloudflare=True)
        unproven = carried(peer=EDGE, headers=FROM_CLOUDFLARE | {"X-Origin-Secret": ""}).told
        assert unproven["client_address"] == address(EDGE, EDGE, spoofed=True)

    @pytest.mark.parametrize(
        "header", [(None, "https"), (b"HTTP_X", "https"), ("HTTP_X_FORWARDED_PROTO",), 5]
    )
    def test_a_header_of_the_scheme_that_is_none_is_left_to_django(self, addressed, header):
        addressed({"CLOUDFLARE": True}, SECURE_PROXY_SSL_HEADER=header)
        meta = {"REMOTE_ADDR": EDGE, "HTTP_CF_CONNECTING_IP": CLIENT}
        assert receive(meta, "GET", "/")[0].client_ip == CLIENT


class TestCloudflareOnly:
    @pytest.fixture(autouse=True)
    def only(self, addressed):
        addressed({"CLOUDFLARE": True, "CLOUDFLARE_ONLY": True, "TRUSTED_PROXIES": [PROXY]})

    @pytest.mark.parametrize("peer", [STRANGER, PROXY, "", "127.0.0.1"])
    def test_others_are_refused(self, carried, peer):
        answer = carried(peer=peer, headers=FORGERY)
        assert (answer.status, answer.body) == (403, b"Forbidden\n")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"

    def test_the_refusal_to_head_has_no_body(self, carried):
        assert carried(method="HEAD").body == b""

    def test_whoever_comes_through_cloudflare_is_answered(self, carried):
        assert carried(peer=EDGE, headers=FROM_CLOUDFLARE).told["remote_addr"] == CLIENT

    @pytest.mark.parametrize("path", ["/health/", "/health"])
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    @pytest.mark.parametrize("peer", ["127.0.0.1", "10.9.9.9", "::1", "fd00::1", PROXY])
    def test_the_platform_asks_probes_past_it(self, probes, carried, path, method, peer):
        assert carried(path, peer=peer, method=method).status == 200

    @pytest.mark.parametrize(
        ("path", "peer", "method", "headers"),
        [
            ("/health/", STRANGER, "GET", {}),
            ("/health/", "", "GET", {}),
            ("/health/", "127.0.0.1", "POST", {}),
            ("/told/", "127.0.0.1", "GET", {}),
            ("/health/", "127.0.0.1", "GET", {"X-Forwarded-For": "127.0.0.1"}),
            ("/health/", "127.0.0.1", "GET", {"CF-Ray": "1"}),
            ("/health/", "10.9.9.9", "GET", {"X-Forwarded-Proto": "https"}),
            ("/health/", "10.9.9.9", "GET", {"Forwarded": "for=_x"}),
            ("/health/", "10.9.9.9", "GET", {"X-Real-IP": "10.9.9.9"}),
        ],
    )
    def test_nothing_else_is_a_probe_of_the_platform(self, carried, path, peer, method, headers):
        assert carried(path, peer=peer, headers=headers, method=method).status == 403

    @pytest.mark.parametrize("middleware", [[HEALTH], [HEALTH, OURS], [OURS, HEALTH]])
    @pytest.mark.parametrize(
        ("peer", "headers", "status"),
        [
            (STRANGER, {}, 403),
            ("10.9.9.9", {"X-Forwarded-For": STRANGER}, 403),
            (EDGE, FROM_CLOUDFLARE, 200),
            ("10.9.9.9", {}, 200),
        ],
    )
    def test_health_that_answers_first_refuses_the_same(
        self, addressed, carried, middleware, peer, headers, status
    ):
        addressed({"CLOUDFLARE": True, "CLOUDFLARE_ONLY": True}, MIDDLEWARE=middleware)
        assert carried("/health/", peer=peer, headers=headers).status == status

    @pytest.mark.parametrize(("peer", "status"), [(STRANGER, "403 Forbidden"), ("10.9.9.9", "200 OK")])
    def test_health_around_wsgi_refuses_the_same(self, peer, status):
        said = []
        environ = RequestFactory().get("/health/", REMOTE_ADDR=peer).environ
        with_health_wsgi(None)(environ, lambda line, headers: said.append(line))
        assert said == [status]

    @pytest.mark.parametrize(
        ("peer", "headers", "status"),
        [(STRANGER, {}, 403), ("10.9.9.9", {}, 200), (EDGE, FROM_CLOUDFLARE, 200)],
    )
    @pytest.mark.parametrize("around", [lambda application: application, with_client_address])
    def test_health_around_asgi_refuses_the_same(self, peer, headers, status, around):
        application = around(with_health(ASGIHandler()))
        assert asyncio.run(ask(application, "/health/", peer, headers)).status == status

    def test_whoever_is_refused_is_known_to_those_who_log(self):
        middleware = CloudflareRealIPMiddleware(lambda request: HttpResponse())
        request = RequestFactory().get("/", REMOTE_ADDR=STRANGER)
        assert middleware(request).status_code == 403
        assert request.client_address.client_ip == STRANGER


@pytest.mark.parametrize("middleware", [[HEALTH, OURS], [OURS, HEALTH]])
def test_health_may_stand_before_and_behind(addressed, carried, probes, middleware):
    addressed({"CLOUDFLARE": True}, MIDDLEWARE=middleware)
    assert carried("/health/", peer="10.9.9.9").told["status"] == "healthy"
    assert carried("/health", peer=EDGE, headers=FROM_CLOUDFLARE).status == 200
    assert carried(peer=EDGE, headers=FROM_CLOUDFLARE).told["remote_addr"] == CLIENT


def test_without_the_middleware_the_wrapper_still_settles_what_django_sees(addressed):
    addressed({"CLOUDFLARE": True}, MIDDLEWARE=[])
    told = CARRIERS[-1](peer=EDGE, headers=FROM_CLOUDFLARE).told
    assert told["remote_addr"] == CLIENT
    assert told["client_address"] is None
    assert told["is_secure"]


def test_nothing_is_settled_twice(addressed):
    addressed({"CLOUDFLARE": True})
    scope = scope_of(peer=EDGE, headers=FROM_CLOUDFLARE)
    settled, _ = receive_scope(scope, "/told/")
    seen = []
    middleware = CloudflareRealIPMiddleware(lambda request: seen.append(request) or HttpResponse())
    request = AsyncRequestFactory().get("/told/")
    request.scope = scope
    middleware(request)
    assert seen[0].client_address is settled
    assert settled == ClientAddress(client_ip=CLIENT, peer_ip=EDGE, via_cloudflare=True, spoofed=False)


def test_listed_twice_it_acts_once(addressed, carried):
    addressed({"CLOUDFLARE": True, "CLOUDFLARE_ONLY": True}, MIDDLEWARE=[OURS, HEALTH, OURS])
    told = carried(peer=EDGE, headers=FROM_CLOUDFLARE).told
    assert (told["remote_addr"], told["client_address"]["peer_ip"]) == (CLIENT, EDGE)


@pytest.mark.parametrize("setting", [None, (), ("HTTP_X_FORWARDED_PROTO", "https", "more")])
def test_a_setting_that_django_cannot_read_is_djangos_to_refuse(addressed, carried, setting):
    addressed({"TRUSTED_PROXIES": [PROXY]}, SECURE_PROXY_SSL_HEADER=setting, MIDDLEWARE=[OURS])
    seen = []
    middleware = CloudflareRealIPMiddleware(lambda request: seen.append(request) or HttpResponse())
    middleware(RequestFactory().get("/", REMOTE_ADDR=PROXY, headers={"X-Forwarded-For": CLIENT}))
    assert seen[0].META["REMOTE_ADDR"] == CLIENT
    if setting:
        with pytest.raises(ImproperlyConfigured):
            seen[0].is_secure()


class TestAsync:
    def test_it_is_what_the_next_one_is(self, addressed):
        async def view(request):
            return HttpResponse()

        assert iscoroutinefunction(CloudflareRealIPMiddleware(view))
        assert not iscoroutinefunction(CloudflareRealIPMiddleware(lambda request: HttpResponse()))

    @pytest.mark.parametrize(("only", "status"), [(False, 200), (True, 403)])
    def test_it_waits_for_nothing(self, addressed, only, status):
        addressed({"CLOUDFLARE": True, "CLOUDFLARE_ONLY": only})

        async def view(request):
            return HttpResponse()

        request = AsyncRequestFactory().get("/", headers=FORGERY)
        # A coroutine that ends at its first step has handed nothing to a thread or the event loop.
        with pytest.raises(StopIteration) as ended:
            CloudflareRealIPMiddleware(view)(request).send(None)
        assert ended.value.value.status_code == status

    def test_the_view_runs_in_the_thread_of_the_event_loop(self, addressed):
        addressed({"CLOUDFLARE": True})

        async def run():
            answer = await ask(ASGIHandler(), "/told-async/", peer=EDGE, headers=FROM_CLOUDFLARE)
            return answer.told["thread"], threading.get_ident()

        in_view, in_loop = asyncio.run(run())
        assert in_view == in_loop


def test_many_lines_of_one_header_are_one_value(addressed):
    addressed({"CLOUDFLARE": True})
    scope = scope_of(peer=EDGE)
    scope["headers"] += [(b"cf-connecting-ip", CLIENT.encode()), (b"cf-connecting-ip", FORGED.encode())]
    receive_scope(scope, "/")
    assert scope["client"][0] == EDGE
    joined = by_wsgi(peer=EDGE, headers={"CF-Connecting-IP": f"{CLIENT},{FORGED}"}).told
    assert joined["remote_addr"] == EDGE
    assert joined["client_address"] == address(EDGE, EDGE, spoofed=True)
