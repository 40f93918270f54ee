"""A library that guesses at the client by every header that ever named one finds nobody but the client."""

import pytest
from django.http import HttpRequest
from ipware import get_client_ip
from python_ipware.modern.defaults import DEFAULT_PRECEDENCE

from django_prodready.realip.cloudflare_ranges import BUNDLED
from django_prodready.realip.networks import parse_networks
from django_prodready.realip.settle import settle
from django_prodready.realip.trust import Trust

FORGED, CLIENT, PROXY, EDGE = "8.8.4.4", "9.9.9.9", "1.1.1.1", "173.245.48.5"
TRUST = Trust(proxies=parse_networks([PROXY])[0], edges=parse_networks(BUNDLED)[0])
SENT = {"HTTP_X_FORWARDED_FOR": CLIENT, "HTTP_CF_CONNECTING_IP": CLIENT}
WAYS = {
    "a stranger": (CLIENT, {}),
    "through a proxy": (PROXY, {"HTTP_X_FORWARDED_FOR": f"{FORGED}, {CLIENT}"}),
    "through Cloudflare": (EDGE, SENT),
    "through Cloudflare and a proxy": (PROXY, SENT | {"HTTP_X_FORWARDED_FOR": f"{CLIENT}, {EDGE}"}),
}
NAMES = [name for name in DEFAULT_PRECEDENCE if name.startswith("HTTP_")]


def forged(name):
    return f"for={FORGED}" if name == "HTTP_FORWARDED" else FORGED


@pytest.mark.parametrize("algorithm", ["modern", "legacy"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_whatever_header_is_forged_the_client_is_found(name, way, algorithm):
    peer, true = WAYS[way]
    request = HttpRequest()
    request.META = {name: forged(name)} | true | {"REMOTE_ADDR": peer}
    settle(request.META, TRUST)
    assert get_client_ip(request, algorithm=algorithm) == (CLIENT, True)


def test_without_us_each_of_these_headers_is_believed():
    for name in NAMES:
        request = HttpRequest()
        request.META = {name: forged(name), "REMOTE_ADDR": CLIENT}
        assert get_client_ip(request) == (FORGED, True)
