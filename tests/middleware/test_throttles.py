"""Other packages' limits count one client as one, whatever headers it sends: DRF's and django-ratelimit's."""

import pytest
from django.core.cache import cache
from prodready_clients.asking import CARRIERS, CLIENT, EDGE, STRANGER
from prodready_clients.urls import MOST

PROXY = "10.0.0.2"
ANOTHER = "203.0.113.8"

# What a client at an address sends through each topology, with what it forges in front of what is true.
TOPOLOGIES = {
    "direct": lambda client, forged: (client, {"X-Forwarded-For": forged, "CF-Connecting-IP": forged}),
    "Cloudflare": lambda client, forged: (
        EDGE,
        {"X-Forwarded-For": f"{forged}, {client}", "CF-Connecting-IP": client},
    ),
    "Cloudflare, proxy": lambda client, forged: (
        PROXY,
        {"X-Forwarded-For": f"{forged}, {client}, {EDGE}", "CF-Connecting-IP": client},
    ),
    "past Cloudflare, proxy": lambda client, forged: (
        PROXY,
        {"X-Forwarded-For": f"{forged}, {EDGE}, {client}", "CF-Connecting-IP": forged},
    ),
    "socket": lambda client, forged: ("", {"X-Forwarded-For": f"{forged}, {client}"}),
}
TRUST = {"CLOUDFLARE": True, "TRUSTED_PROXIES": [PROXY], "TRUST_UNIX_SOCKET": True}
REFUSED = {"/throttled/": 429, "/limited/": 403}


@pytest.fixture(autouse=True)
def nobody_is_counted(addressed):
    addressed(
        TRUST,
        CACHES={
            "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "limits"}
        },
    )
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize("carried", CARRIERS, ids=lambda carrier: carrier.__name__)
@pytest.mark.parametrize("path", REFUSED)
@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_a_client_that_rotates_what_it_forges_is_one_client(carried, path, topology):
    def ask(client, number):
        forged = f"192.0.2.{number}"
        peer, headers = TOPOLOGIES[topology](client, forged)
        rotated = {"X-Real-IP": forged, "True-Client-IP": forged, "Forwarded": f"for={forged}"}
        return carried(path, peer=peer, headers=rotated | headers).status

    assert [ask(CLIENT, number) for number in range(MOST)] == [200] * MOST
    assert {ask(CLIENT, number) for number in range(MOST, MOST + 5)} == {REFUSED[path]}
    assert ask(ANOTHER, 1) == 200  # and others are others


@pytest.mark.parametrize("path", REFUSED)
def test_without_the_middleware_they_are_fooled(addressed, path):
    addressed(TRUST, MIDDLEWARE=[])
    asked = CARRIERS[0]
    answers = [
        asked(path, peer=STRANGER, headers={"X-Forwarded-For": f"192.0.2.{number}"}).status
        for number in range(MOST + 1)
    ]
    assert answers[-1] == (200 if path == "/throttled/" else REFUSED[path])
