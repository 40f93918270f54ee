import re
import ssl
import time

import pytest
from prodready_peers.sockets import AUTHORITY, LOOPBACK, closed_port, dripping, serving, silent

from django_prodready.health.probe import Degraded
from django_prodready.health.probes.tls_expiry import TlsExpiryProbe


def probe_of(port, **options):
    return TlsExpiryProbe(**{"host": LOOPBACK, "port": port, "ca_file": AUTHORITY, **options})


@pytest.fixture
def valid_port():
    with serving(silent, certificate="valid") as port:
        yield port


def test_a_certificate_that_lasts_is_well(valid_port):
    probe_of(valid_port).run()


def test_one_that_ends_soon_is_degraded(valid_port):
    # It is valid until 2125: "soon" is what warn_days says.
    with pytest.raises(Degraded, match=r"^The certificate expires in \d+\.\d days\.$"):
        probe_of(valid_port, warn_days=40_000).run()


def test_an_expired_one_is_down():
    with (
        serving(silent, certificate="expired") as port,
        pytest.raises(ssl.SSLCertVerificationError, match="certificate has expired"),
    ):
        probe_of(port).run()


def test_one_of_an_unknown_authority_is_down(valid_port):
    with pytest.raises(ssl.SSLCertVerificationError, match="local issuer certificate"):
        probe_of(valid_port, ca_file=None).run()


def test_one_for_another_name_is_down(valid_port):
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        probe_of(valid_port, server_name="shop.example.org").run()


def test_the_name_to_verify_may_differ_from_the_address(valid_port):
    probe_of(valid_port, server_name="localhost").run()


def test_a_server_that_is_not_there_is_down():
    with pytest.raises(ConnectionRefusedError):
        probe_of(closed_port()).run()


@pytest.mark.parametrize("peer", [silent, dripping(b"\x16\x03\x03\x0f\xff" + b"\x02" * 4000)])
def test_a_handshake_that_does_not_end_is_left_in_time(peer):
    with serving(peer) as port:
        begun_s = time.monotonic()
        with pytest.raises(OSError, match=r"timed out|SSL"):
            probe_of(port, timeout_s=0.3).run()
        assert time.monotonic() - begun_s < 5


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"host": ""}, "host must be text on one line, and not empty."),
        ({"port": 0}, "port must be a whole number, from 1 to 65535."),
        ({"server_name": 1}, "server_name must be text on one line, and not empty."),
        ({"warn_days": 1.5}, "warn_days must be a whole number, at least 0."),
        ({"ca_file": 1}, "ca_file must be text on one line, and not empty."),
        ({"timeout_s": 5}, "timeout_s must be a number of seconds above 0 and below 2."),
    ],
)
def test_wrong_options_are_named(options, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        TlsExpiryProbe(**{"host": "h", **options})


def test_it_is_not_critical():
    assert not TlsExpiryProbe.critical
