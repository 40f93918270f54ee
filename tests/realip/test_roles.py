"""An address has one role, whatever networks overlap."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_prodready.realip import roles as roles_module
from django_prodready.realip.address import parse
from django_prodready.realip.networks import parse_network
from django_prodready.realip.roles import Role, RoleMap


def role_map(**networks):
    return RoleMap(**{role: [parse_network(text) for text in texts] for role, texts in networks.items()})


def test_without_networks_everybody_is_a_client():
    roles = RoleMap()
    for text in ("0.0.0.0", "10.0.0.1", "255.255.255.255", "::", "2001:db8::9", "ffff::"):
        assert roles.of(parse(text)) is Role.CLIENT
        assert roles.network_of(parse(text)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9.255.255.255", Role.CLIENT),
        ("10.0.0.0", Role.PROXY),
        ("10.0.0.255", Role.PROXY),
        ("10.0.1.0", Role.PROXY),
        ("10.0.2.0", Role.CLIENT),
        ("10.0.3.7", Role.TUNNEL),
        ("10.0.3.8", Role.CLIENT),
        ("172.63.255.255", Role.CLIENT),
        ("172.64.0.0", Role.EDGE),
        ("172.71.255.255", Role.EDGE),
        ("172.72.0.0", Role.CLIENT),
        ("255.255.255.255", Role.PROXY),
        ("2400:cb00::", Role.EDGE),
        ("2400:cb00:ffff::", Role.EDGE),
        ("2400:cb01::", Role.CLIENT),
        ("::", Role.CLIENT),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Role.CLIENT),
    ],
)
def test_the_borders_of_each_network(text, expected):
    roles = role_map(
        proxies=["10.0.0.0/24", "10.0.1.0/24", "255.255.255.255"],
        tunnels=["10.0.3.7"],
        edges=["172.64.0.0/13", "2400:cb00::/32"],
    )
    assert roles.of(parse(text)) is expected


def test_the_edge_is_nothing_else():
    roles = role_map(proxies=["172.64.0.1", "172.0.0.0/8"], tunnels=["172.64.0.2"], edges=["172.64.0.0/13"])
    for text in ("172.64.0.1", "172.64.0.2", "172.64.0.3"):
        assert roles.of(parse(text)) is Role.EDGE
    assert roles.of(parse("172.63.0.1")) is Role.PROXY


def test_the_smaller_network_is_meant():
    roles = role_map(proxies=["10.0.0.0/8", "10.1.2.3"], tunnels=["10.1.0.0/16"])
    assert roles.of(parse("10.1.2.3")) is Role.PROXY
    assert roles.of(parse("10.1.2.4")) is Role.TUNNEL
    assert roles.of(parse("10.2.0.0")) is Role.PROXY
    assert str(roles.network_of(parse("10.1.2.4"))) == "10.1.0.0/16"
    assert str(roles.network_of(parse("10.1.2.3"))) == "10.1.2.3/32"


def test_of_two_that_are_the_same_the_proxy_is_meant():
    assert role_map(proxies=["10.1.0.0/16"], tunnels=["10.1.0.0/16"]).of(parse("10.1.2.3")) is Role.PROXY


SMALL = st.builds(
    lambda value, length: ip_network((value << 24 >> (32 - length) << (32 - length), length)),
    st.integers(0, 255),
    st.integers(1, 8),
)


@given(st.lists(SMALL, max_size=5), st.lists(SMALL, max_size=5), st.lists(SMALL, max_size=5))
def test_the_search_agrees_with_asking_each_network(proxies, tunnels, edges):
    roles = RoleMap(proxies=proxies, tunnels=tunnels, edges=edges)
    for first in range(256):
        address = ip_address(first << 24)
        longest = {
            role: max((network.prefixlen for network in networks if address in network), default=-1)
            for role, networks in ((Role.PROXY, proxies), (Role.TUNNEL, tunnels), (Role.EDGE, edges))
        }
        if longest[Role.EDGE] >= 0:
            expected = Role.EDGE
        elif max(longest.values()) < 0:
            expected = Role.CLIENT
        else:
            expected = Role.PROXY if longest[Role.PROXY] >= longest[Role.TUNNEL] else Role.TUNNEL
        assert roles.of(address.packed) is expected


def test_a_place_is_an_address_with_its_role():
    roles = role_map(proxies=["10.0.0.0/24"])
    assert roles.place("10.0.0.1") == (bytes([10, 0, 0, 1]), Role.PROXY)
    assert roles.place("::ffff:10.0.0.1") == (bytes([10, 0, 0, 1]), Role.PROXY)
    assert roles.place("10.0.0.1") is roles.place("10.0.0.1")
    assert roles.place("203.0.113.9") == (bytes([203, 0, 113, 9]), Role.CLIENT)
    assert roles.place("nobody") is None


def test_what_is_remembered_has_a_limit_and_clients_are_not_remembered(monkeypatch):
    monkeypatch.setattr(roles_module, "MOST_KNOWN", 3)
    roles = role_map(proxies=["10.0.0.0/8"])
    for number in range(100):
        assert roles.place(f"10.0.0.{number}")[1] is Role.PROXY
        assert roles.place(f"203.0.113.{number}")[1] is Role.CLIENT
        assert len(roles._known) <= 3
    assert all(role is Role.PROXY for _, role in roles._known.values())
