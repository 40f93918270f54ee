import re
import socket

import pytest

from django_prodready.health.probes.dns import DnsProbe


def test_a_name_that_exists_is_well():
    DnsProbe(name="localhost").run()


def test_a_name_that_does_not_exist_is_down():
    with pytest.raises(socket.gaierror):
        DnsProbe(name="no-such-host.invalid").run()


def test_the_time_out_of_all_other_sockets_stays_as_it_is():
    before = socket.getdefaulttimeout()
    DnsProbe(name="localhost").run()
    assert socket.getdefaulttimeout() == before


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "name must be text on one line, and not empty."),
        ("127.0.0.1", "name must be a host name: an address needs no resolver."),
        ("[::1]", "name must be a host name: an address needs no resolver."),
    ],
)
def test_wrong_names_are_refused(name, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        DnsProbe(name=name)


def test_it_is_not_critical():
    assert not DnsProbe.critical
