"""What a request costs has a limit: an attacker's long header buys no more of our time than a short one."""

import time

import pytest

from django_prodready.realip.networks import parse_network
from django_prodready.realip.ranges_file import bundled
from django_prodready.realip.settle import settle
from django_prodready.realip.trust import Trust

EDGE, TRAEFIK, CLIENT = "173.245.48.10", "10.0.0.2", "203.0.113.9"
TRUST = Trust(proxies=[parse_network("10.0.0.0/24")], edges=bundled().networks, secrets=["right"])
PLAIN = {
    "HTTP_HOST": "example.org",
    "HTTP_X_FORWARDED_FOR": CLIENT,
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_CF_CONNECTING_IP": CLIENT,
    "HTTP_CF_VISITOR": '{"scheme":"https"}',
    "HTTP_X_ORIGIN_SECRET": "right",
}
NAMES = [
    *PLAIN,
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
    "HTTP_TRUE_CLIENT_IP",
    "HTTP_CF_CONNECTING_IPV6",
    "HTTP_COOKIE",
]
FILLINGS = ["x", ",", "1,", f"{TRAEFIK}, ", f"{EDGE},", "https,", " ", "é"]
KIB = 1024
RUNS = 40
ROUNDS = 12


def cost_s(meta):
    """Return the shortest of many times: whatever else runs on the machine only makes one longer."""
    times = []
    for _ in range(RUNS):
        fresh = dict(meta)
        before = time.perf_counter()
        settle(fresh, TRUST, ("HTTP_X_FORWARDED_PROTO", "https"))
        times.append(time.perf_counter() - before)
    return min(times)


@pytest.mark.parametrize("peer", [CLIENT, EDGE, TRAEFIK, ""])
@pytest.mark.parametrize("name", NAMES)
def test_64_kib_cost_at_most_twice_what_8_kib_cost(name, peer):
    for filling in FILLINGS:
        text = filling * (64 * KIB // len(filling))
        meta = PLAIN | {"REMOTE_ADDR": peer}
        short, long = meta | {name: text[-8 * KIB :]}, meta | {name: text}
        shortest, longest = cost_s(short), cost_s(long)
        for _ in range(ROUNDS):
            if longest <= 2 * shortest:
                break
            shortest, longest = min(shortest, cost_s(short)), min(longest, cost_s(long))
        assert longest <= 2 * shortest, filling


class CountingRoles:
    """The roles of ``TRUST``, and how often they were asked."""

    def __init__(self):
        self.roles = TRUST.roles
        self.count = 0

    def place(self, text):
        self.count += 1
        assert len(text) <= 8 * KIB
        return self.roles.place(text)


@pytest.mark.parametrize("separator", [",", ", ", " ,\t"])
def test_at_most_32_hops_are_asked_for(separator, monkeypatch):
    counting = CountingRoles()
    monkeypatch.setattr(TRUST, "roles", counting)
    settle({"REMOTE_ADDR": TRAEFIK, "HTTP_X_FORWARDED_FOR": separator.join([TRAEFIK] * 5000)}, TRUST)
    assert counting.count == 33  # and the peer


@pytest.mark.parametrize("left", ["9.9.9.9,", ""])
def test_no_hop_is_longer_than_8_kib(left, monkeypatch):
    counting = CountingRoles()
    monkeypatch.setattr(TRUST, "roles", counting)
    for length in (0, 1, 63, 64, 8 * KIB - 1, 8 * KIB, 8 * KIB + 1, 64 * KIB):
        settle({"REMOTE_ADDR": TRAEFIK, "HTTP_X_FORWARDED_FOR": left + "1" * length}, TRUST)
    assert counting.count > 8
