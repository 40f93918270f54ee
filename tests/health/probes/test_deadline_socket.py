import socket
import time

import pytest
from prodready_peers.sockets import LOOPBACK, closed_port, serving, silent

from django_prodready.health.probes import _deadline_socket
from django_prodready.health.probes._deadline_socket import Deadline, connect, start_tls, tls_context


def test_a_deadline_that_is_over_says_so():
    with pytest.raises(TimeoutError):
        Deadline(0).remaining_s()


def test_a_closed_port_is_refused():
    with pytest.raises(ConnectionRefusedError):
        connect(LOOPBACK, closed_port(), Deadline(1))


def test_the_second_address_has_its_turn(monkeypatch):
    with serving(silent) as port:
        addresses = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (LOOPBACK, closed_port())),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (LOOPBACK, port)),
        ]
        monkeypatch.setattr(_deadline_socket.socket, "getaddrinfo", lambda *_, **__: addresses)
        with connect("two.example.org", port, Deadline(1)) as connection:
            assert connection.getpeername() == (LOOPBACK, port)


def test_a_machine_without_ipv6_takes_the_next_address(monkeypatch):
    with serving(silent) as port:
        addresses = [
            (-1, socket.SOCK_STREAM, 6, "", ("::1", port)),  # EAFNOSUPPORT, as for a kernel without IPv6
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (LOOPBACK, port)),
        ]
        monkeypatch.setattr(_deadline_socket.socket, "getaddrinfo", lambda *_, **__: addresses)
        with connect("two.example.org", port, Deadline(1)) as connection:
            assert connection.getpeername() == (LOOPBACK, port)


def test_a_handshake_that_nobody_answers_ends_in_time():
    with serving(silent) as port:
        deadline = Deadline(0.3)
        raw = connect(LOOPBACK, port, deadline)
        begun_s = time.monotonic()
        with pytest.raises(TimeoutError):
            start_tls(raw, tls_context(None), "localhost", deadline)
        assert time.monotonic() - begun_s < 5
    assert raw.fileno() == -1
