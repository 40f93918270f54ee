"""Networks that settings name: strict, and none that would be everybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_prodready.realip.networks import parse_network, parse_networks


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10.0.0.0/24", "10.0.0.0/24"),
        (" 10.0.0.7 ", "10.0.0.7/32"),
        ("10.0.0.0/255.255.255.0", "10.0.0.0/24"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("2001:db8::9", "2001:db8::9/128"),
        ("fc00::/7", "fc00::/7"),
        ("::ffff:10.0.0.7", "10.0.0.7/32"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
    ],
)
def test_a_network_that_can_be_meant(text, meant):
    assert str(parse_network(text)) == meant


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("*", "it is everybody"),
        ("0.0.0.0/0", "it is everybody"),
        ("::/0", "it is everybody"),
        ("0.0.0.0/0.0.0.0", "larger than any one network: nothing shorter than /8"),
        ("::ffff:0:0/96", "larger than any one network: nothing shorter than /8"),
        ("::ffff:0.0.0.0/103", "larger than any one network: nothing shorter than /8"),
        ("0.0.0.0/1", "nothing shorter than /8"),
        ("128.0.0.0/1", "nothing shorter than /8"),
        ("10.0.0.0/7", "nothing shorter than /8"),
        ("2000::/3", "nothing shorter than /7"),
        ("10.0.0.1/24", "it has host bits set; write 10.0.0.0/24"),
        ("2001:db8::9/32", "it has host bits set; write 2001:db8::/32"),
        ("fe80::1%eth0", "it has a zone"),
        ("fe80::%eth0/64", "it has a zone"),
        ("", "neither an address nor a network"),
        ("0/0", "neither an address nor a network"),
        ("traefik", "neither an address nor a network"),
        ("10.0.0.0/33", "neither an address nor a network"),
        ("010.0.0.0/8", "neither an address nor a network"),
        ("10.0.0.0/24,10.0.1.0/24", "neither an address nor a network"),
        ("10.0.0.0/\x00", "neither an address nor a network"),
        ("\ud800", "neither an address nor a network"),
    ],
)
def test_a_network_that_cannot_be_meant_is_refused_with_its_reason(text, wrong):
    with pytest.raises(ValueError, match=wrong):
        parse_network(text)


def test_a_network_around_the_mapped_addresses_trusts_no_ipv4():
    from django_prodready.realip.address import parse
    from django_prodready.realip.roles import Role, RoleMap

    roles = RoleMap(proxies=[parse_network("::/64")])
    assert roles.of(parse("::ffff:203.0.113.9")) is Role.CLIENT
    assert roles.of(parse("203.0.113.9")) is Role.CLIENT


def test_the_right_entries_are_kept_and_the_wrong_ones_named_by_index():
    networks, wrong = parse_networks(["10.0.0.0/24", "*", "2001:db8::9", "10.0.0.1/24"])
    assert [str(network) for network in networks] == ["10.0.0.0/24", "2001:db8::9/128"]
    assert list(wrong) == [1, 3]
    assert wrong[3] == "it has host bits set; write 10.0.0.0/24 for the network"


@given(st.text())
def test_any_text_is_a_network_or_a_value_error(text):
    networks, wrong = parse_networks([text])
    assert len(networks) + len(wrong) == 1
