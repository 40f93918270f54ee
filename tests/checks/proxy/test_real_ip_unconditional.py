import asyncio
import importlib.util
import ipaddress
import sys
import time
import types

import pytest
from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.deprecation import MiddlewareMixin
from prodready_services import missing

from django_prodready.audit import Outcome, Severity
from django_prodready.audit.bare_project import SETTINGS
from django_prodready.audit.facts import client_claims
from django_prodready.audit.testing import run_check

OURS = "django_prodready.middleware.CloudflareRealIPMiddleware"
HEALTH = "django_prodready.middleware.HealthMiddleware"
USUAL = SETTINGS["MIDDLEWARE"]


@pytest.fixture
def middleware(monkeypatch):
    """Put objects into a module that MIDDLEWARE can name; return its dotted names."""
    module = types.ModuleType("shop_net")
    monkeypatch.setitem(sys.modules, "shop_net", module)

    def names(**entries):
        for name, entry in entries.items():
            setattr(module, name, entry)
        return [f"shop_net.{name}" for name in entries]

    return names


def judge(entries, *, files=None, **settings):
    return run_check(
        "proxy.real-ip-unconditional", settings={"MIDDLEWARE": list(entries), **settings}, files=files
    )


def taking(header, *, key="REMOTE_ADDR", part=lambda value: value, when=lambda request: True):
    """A middleware that writes a header's value into META."""

    def factory(get_response):
        def middleware(request):
            value = request.headers.get(header)
            if value and when(request):
                request.META[key] = part(value)
            return get_response(request)

        return middleware

    return factory


def leftmost(value):
    return value.split(",")[0].strip()


def rightmost(value):
    return value.split(",")[-1].strip()


def forwarded(value):
    return value.split(",")[0].partition("=")[2]


@pytest.mark.parametrize(
    ("header", "part", "severity"),
    [
        ("CF-Connecting-IP", str, Severity.CRITICAL),
        ("CF-Connecting-IPv6", str, Severity.CRITICAL),
        ("True-Client-IP", str, Severity.CRITICAL),
        ("X-Forwarded-For", leftmost, Severity.CRITICAL),
        ("X-Forwarded-For", str, Severity.CRITICAL),
        ("Forwarded", forwarded, Severity.CRITICAL),
        ("X-Forwarded-For", rightmost, Severity.WARNING),
        ("X-Forwarded-For", lambda value: value if "," not in value else "", Severity.WARNING),
        ("X-Real-IP", str, Severity.WARNING),
        ("X-Client-IP", str, Severity.WARNING),
    ],
    ids=range(10),
)
def test_an_address_that_anybody_writes_is_found(middleware, header, part, severity):
    entries = [*USUAL, *middleware(real_ip=taking(header, part=part))]
    (finding,) = judge(entries).findings
    assert finding.message == (
        f"shop_net.real_ip takes REMOTE_ADDR from {header}, whoever sends it: a client that is no proxy of"
        " the site forges it."
    )
    assert (finding.subject, finding.severity) == (f"MIDDLEWARE[{len(USUAL)}]", severity)
    assert "in the place of 'shop_net.real_ip', or first in MIDDLEWARE" in finding.hint


def secures(get_response):
    def middleware(request):
        if request.headers.get("X-Forwarded-Proto") == "https":
            request.is_secure = lambda: True
        return get_response(request)

    return middleware


def test_a_scheme_that_anybody_writes_is_found(middleware):
    (finding,) = judge(middleware(secures=secures)).findings
    assert "takes is_secure() from X-Forwarded-Proto, whoever" in finding.message
    assert finding.severity is Severity.WARNING
    as_django_does = ("HTTP_X_FORWARDED_PROTO", "https")
    assert judge(middleware(secures=secures), SECURE_PROXY_SSL_HEADER=as_django_does).outcome is Outcome.PASS


def test_a_host_that_anybody_writes_is_found(middleware):
    entries = middleware(host=taking("X-Forwarded-Host", key="HTTP_HOST"))
    (finding,) = judge(entries, ALLOWED_HOSTS=["*"]).findings
    assert "takes get_host() from X-Forwarded-Host, whoever" in finding.message
    assert finding.severity is Severity.WARNING
    assert judge(entries, ALLOWED_HOSTS=["www.example.org", ".example.com"]).outcome is Outcome.PASS
    assert judge(entries, ALLOWED_HOSTS=["*"], USE_X_FORWARDED_HOST=True).outcome is Outcome.PASS


def test_settings_alone_are_not_its_business(middleware):
    entries = middleware(nothing=lambda get_response: get_response)
    result = judge(
        entries,
        ALLOWED_HOSTS=["*"],
        USE_X_FORWARDED_HOST=True,
        SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
    )
    assert result.outcome is Outcome.PASS


def test_one_finding_names_all_that_a_middleware_believes(middleware):
    def factory(get_response):
        return taking("X-Real-IP")(taking("True-Client-IP")(secures(get_response)))

    (finding,) = judge(middleware(all_of_it=factory)).findings
    assert "takes REMOTE_ADDR from True-Client-IP, X-Real-IP and is_secure() from X-Forwarded-Proto," in (
        finding.message
    )
    assert finding.severity is Severity.CRITICAL


def test_each_middleware_is_named_for_its_own(middleware):
    entries = middleware(first=taking("X-Real-IP"), second=taking("CF-Connecting-IP"))
    found = judge([*entries, *entries]).findings
    assert [(each.subject, each.severity) for each in found] == [
        ("MIDDLEWARE[0]", Severity.WARNING),
        ("MIDDLEWARE[1]", Severity.CRITICAL),
    ]


@pytest.mark.parametrize(
    "when",
    [
        lambda request: request.META["REMOTE_ADDR"].startswith("10."),
        lambda request: request.META["REMOTE_ADDR"] in ("", "127.0.0.1"),
        lambda request: request.META["REMOTE_ADDR"].startswith("81.2.69."),  # a proxy of the site's own
        lambda request: request.headers.get("X-Origin-Secret") == "right",
        lambda request: 1 / 0,
    ],
    ids=["private", "local", "own", "secret", "raises"],
)
@pytest.mark.parametrize("header", ["CF-Connecting-IP", "X-Forwarded-For", "X-Real-IP"])
def test_who_checks_the_peer_or_proof_is_silent(middleware, header, when):
    entries = middleware(real_ip=taking(header, part=leftmost, when=when))
    assert judge(entries).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "effect",
    [
        lambda request: request.META.update(REMOTE_ADDR="89.160.20.112"),  # always, whatever is sent
        lambda request: request.META.update(REMOTE_ADDR="81.2.69.0"),  # made anonymous
        lambda request: request.META.pop("REMOTE_ADDR"),
        lambda request: request.META.update({"wsgi.url_scheme": "https", "HTTP_HOST": "forged.example"}),
        lambda request: setattr(request, "is_secure", lambda: 1 / 0),
        lambda request: setattr(request, "client_ip", request.headers.get("X-Real-IP")),
    ],
    ids=["constant", "anonymous", "removed", "forced", "broken", "elsewhere"],
)
def test_what_no_header_decides_is_silent(middleware, effect):
    def factory(get_response):
        def changing(request):
            effect(request)
            return get_response(request)

        return changing

    assert judge(middleware(changing=factory), ALLOWED_HOSTS=["*"]).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "answer",
    [lambda request: HttpResponse(status=503), lambda request: HttpResponseRedirect("/x/")],
    ids=["answers", "redirects"],
)
def test_who_answers_early_hides_what_comes_after_and_not_before(middleware, answer):
    entries = middleware(
        believes=taking("X-Real-IP"), early=lambda get_response: answer, unreached=taking("CF-Connecting-IP")
    )
    (finding,) = judge(entries).findings
    assert finding.subject == "MIDDLEWARE[0]"
    assert judge(entries[1:]).outcome is Outcome.PASS


def test_a_redirect_to_https_hides_nothing(middleware):
    entries = [*USUAL, *middleware(believes=taking("X-Real-IP"))]
    assert len(judge(entries, SECURE_SSL_REDIRECT=True).findings) == 1


def test_who_needs_session_or_database_is_silent(middleware):
    def factory(get_response):
        def asking(request):
            request.session["seen"] = request.user.is_authenticated
            return get_response(request)

        return asking

    sessions = "django.contrib.sessions.middleware.SessionMiddleware"
    login = "django.contrib.auth.middleware.AuthenticationMiddleware"
    assert judge([sessions, login, *middleware(asking=factory)]).outcome is Outcome.PASS
    stored = [sessions, *middleware(asking=lambda get: lambda request: request.session["a"] or get(request))]
    assert judge(stored).outcome is Outcome.PASS


class Mixed(MiddlewareMixin):
    def process_request(self, request):
        request.META["REMOTE_ADDR"] = request.headers.get("True-Client-IP", request.META["REMOTE_ADDR"])


class AsyncOnly:
    async_capable = True
    sync_capable = False
    header = "CF-Connecting-IP"

    def __init__(self, get_response):
        assert iscoroutinefunction(get_response)
        self.get_response = get_response
        markcoroutinefunction(self)

    async def __call__(self, request):
        await asyncio.sleep(0)
        if self.header in request.headers:
            request.META["REMOTE_ADDR"] = request.headers[self.header]
        return await self.get_response(request)


class AsyncOther(AsyncOnly):
    header = "X-Other"


@pytest.mark.parametrize("target", [Mixed, AsyncOnly])
def test_of_whatever_form_it_is(middleware, target):
    entries = middleware(form=target, innermost=AsyncOther)
    (finding,) = judge(entries).findings
    assert finding.subject == "MIDDLEWARE[0]"
    (finding,) = judge(reversed(entries)).findings
    assert finding.subject == "MIDDLEWARE[1]"
    assert judge(middleware(innermost=AsyncOther)).outcome is Outcome.PASS


def test_one_that_is_not_used_is_silent(middleware):
    def unused(get_response):
        raise MiddlewareNotUsed

    assert judge(middleware(unused=unused)).outcome is Outcome.PASS


def test_one_that_cannot_be_built_is_no_finding(middleware):
    def broken(get_response):
        raise RuntimeError("no")

    result = judge(middleware(broken=broken))
    assert (result.outcome, result.reason) == (
        Outcome.NOT_RUN,
        "shop_net.broken could not be built: RuntimeError",
    )


def test_an_entry_that_is_no_path_is_no_finding():
    assert judge([5]).outcome is Outcome.NOT_RUN


@pytest.mark.parametrize("entries", [[], USUAL], ids=["none", "usual"])
def test_django_s_own_read_no_such_header(entries):
    assert judge(entries).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"CLOUDFLARE": True},
        {"CLOUDFLARE": True, "TRUSTED_PROXIES": ["10.0.0.0/8"], "CLOUDFLARE_ONLY": True},
        {"CLOUDFLARED": ["172.18.0.3"]},
        {"TRUST_UNIX_SOCKET": True},
    ],
    ids=str,
)
def test_ours_believes_nobody_and_hides_it_from_those_below(middleware, config):
    naive = middleware(
        a=taking("CF-Connecting-IP"),
        b=taking("X-Forwarded-For", part=leftmost),
        c=taking("X-Real-IP"),
        d=taking("X-Forwarded-Host", key="HTTP_HOST"),
    )
    result = judge(
        [HEALTH, OURS, *USUAL, *naive],
        ALLOWED_HOSTS=["*"],
        PRODREADY=config,
        SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
    )
    assert result.outcome is Outcome.PASS


UNIX = {
    "Procfile": "web: gunicorn --bind unix:/run/shop.sock shop.wsgi\n",
    "gunicorn.conf.py": 'bind = "unix:/run/shop.sock"\n',
    "deploy/shop.service": "ExecStart=/srv/bin/uvicorn shop.asgi:application --uds /run/shop.sock\n",
    "deploy/shop.socket": "ListenStream=/run/shop.sock\n",
}


@pytest.mark.parametrize("place", UNIX)
def test_a_unix_socket_has_the_proxy_alone_as_its_peer(middleware, place):
    entries = middleware(real_ip=taking("X-Real-IP"))
    assert judge(entries, files={place: UNIX[place]}).outcome is Outcome.PASS
    assert len(judge(entries, files={f"docs/{place}": UNIX[place]}).findings) == 1


@pytest.mark.parametrize("header", ["CF-Connecting-IP", "X-Forwarded-For"])
def test_a_unix_socket_s_proxy_hands_on_what_a_client_wrote(middleware, header):
    entries = middleware(real_ip=taking(header, part=lambda value: value.partition(",")[0]))
    (finding,) = judge(entries, files={"Procfile": UNIX["Procfile"]}).findings
    assert finding.severity is Severity.CRITICAL


@pytest.fixture
def slow(monkeypatch):
    """A middleware that takes so long that there is no time for half of the requests."""
    monkeypatch.setattr(client_claims, "_LIMIT_S", 1.0)

    def slow(get_response):
        def middleware(request):
            time.sleep(0.1)
            return get_response(request)

        return middleware

    return slow


def test_slow_middleware_is_given_up_before_the_check_s_deadline(middleware, slow):
    result = judge(middleware(slow=slow))
    assert result.outcome is Outcome.NOT_RUN
    assert result.reason == "the middleware is slow: 1 s do not do for all requests"


def test_what_was_found_before_slow_middleware_is_given_up_is_told(middleware, slow):
    result = judge(middleware(naive=taking("CF-Connecting-IP"), slow=slow))
    assert (result.outcome, result.findings[0].severity) == (Outcome.FAIL, Severity.CRITICAL)


def of_cloudflare(address):
    return ipaddress.ip_address(address) in ipaddress.ip_network("104.16.0.0/13")


def proven_by(part):
    """Whether the part of X-Forwarded-For that counts as the peer is Cloudflare's."""
    return lambda request: any(map(of_cloudflare, part(request.headers.get("X-Forwarded-For", "127.0.0.1"))))


@pytest.mark.parametrize(
    ("part", "severity"),
    [
        (lambda chain: [leftmost(chain)], Severity.CRITICAL),
        (lambda chain: [each.strip() for each in chain.split(",")], Severity.CRITICAL),
        (lambda chain: [rightmost(chain)], Severity.WARNING),
    ],
    ids=["leftmost", "any", "rightmost"],
)
def test_a_proof_that_anybody_writes_is_found(middleware, part, severity):
    entries = [*USUAL, *middleware(real_ip=taking("CF-Connecting-IP", when=proven_by(part)))]
    (finding,) = judge(entries).findings
    assert "takes REMOTE_ADDR from CF-Connecting-IP beside a forged X-Forwarded-For, whoever" in (
        finding.message
    )
    assert (finding.subject, finding.severity) == (f"MIDDLEWARE[{len(USUAL)}]", severity)


@pytest.mark.parametrize(
    "when",
    [
        lambda request: of_cloudflare(request.META["REMOTE_ADDR"]),
        lambda request: (
            of_cloudflare(rightmost(request.headers.get("X-Forwarded-For", "127.0.0.1")))
            and request.META["REMOTE_ADDR"].startswith("10.")
        ),
        lambda request: request.headers.get("X-Forwarded-For") == "10.0.0.1",
    ],
    ids=["peer", "peer and chain", "another chain"],
)
def test_a_proof_that_nobody_forges_is_silent(middleware, when):
    entries = middleware(real_ip=taking("CF-Connecting-IP", when=when))
    assert judge(entries).outcome is Outcome.PASS


def test_who_is_misled_by_another_one_is_not_blamed(middleware):
    entries = middleware(
        believes=taking("X-Forwarded-For", part=rightmost),
        checks=taking("CF-Connecting-IP", when=lambda request: of_cloudflare(request.META["REMOTE_ADDR"])),
    )
    (finding,) = judge(entries).findings
    assert (finding.subject, finding.severity) == ("MIDDLEWARE[0]", Severity.WARNING)
    assert "CF-Connecting-IP" not in finding.message


def test_the_pair_of_headers_misleads_ours_as_little(middleware):
    entries = [OURS, *middleware(real_ip=taking("CF-Connecting-IP", when=proven_by(lambda c: [leftmost(c)])))]
    assert judge(entries, PRODREADY={"CLOUDFLARE": True}).outcome is Outcome.PASS


XFF = "xff.middleware.XForwardedForMiddleware"


@pytest.mark.parametrize(
    ("settings", "severity"),
    [
        ({}, Severity.CRITICAL),
        ({"XFF_LOOSE_UNSAFE": True}, Severity.CRITICAL),
        ({"XFF_TRUSTED_PROXY_DEPTH": 1}, Severity.WARNING),
        ({"XFF_TRUSTED_PROXY_DEPTH": 2, "XFF_ALWAYS_PROXY": True}, Severity.WARNING),
        ({"XFF_TRUSTED_PROXY_DEPTH": 1, "XFF_STRICT": True}, None),
        ({"XFF_TRUSTED_PROXY_DEPTH": 2, "XFF_STRICT": True}, None),
        ({"XFF_TRUSTED_PROXY_DEPTH": 1, "XFF_NO_SPOOFING": True}, None),
        ({"XFF_REWRITE_REMOTE_ADDR": False}, None),
    ],
    ids=str,
)
def test_django_xff(settings, severity):
    if importlib.util.find_spec("xff") is None:
        missing.do_without("django-xff")
    found = judge([XFF, *USUAL], **settings).findings
    assert [each.severity for each in found] == ([] if severity is None else [severity])


def test_django_ipware(middleware):
    if importlib.util.find_spec("ipware") is None:
        missing.do_without("django-ipware")
    from ipware import get_client_ip

    def by_ipware(**options):
        def factory(get_response):
            def middleware(request):
                request.META["REMOTE_ADDR"] = get_client_ip(request, **options)[0]
                return get_response(request)

            return middleware

        return factory

    (finding,) = judge(middleware(ipware=by_ipware())).findings
    assert "takes REMOTE_ADDR from CF-Connecting-IP, " in finding.message
    assert finding.severity is Severity.CRITICAL
    trusting = by_ipware(request_header_order=["REMOTE_ADDR"])
    assert judge(middleware(ipware=trusting)).outcome is Outcome.PASS


def test_the_line_in_the_settings_is_shown():
    files = {
        "shop/settings.py": 'MIDDLEWARE = [\n    "shop.net.real_ip",\n]\n',
        "shop/net.py": "def real_ip(get_response):\n    def middleware(request):\n"
        "        request.META['REMOTE_ADDR'] = request.headers.get('X-Real-IP', '')\n"
        "        return get_response(request)\n    return middleware\n",
    }
    result = run_check(
        "proxy.real-ip-unconditional",
        settings={"MIDDLEWARE": ["shop.net.real_ip"]},
        files=files,
        settings_module="shop.settings",
    )
    assert [str(each.at) for each in result.findings] == ["shop/settings.py:2"]
