"""Peers that exec probes talk to."""

import pytest


@pytest.fixture
def answering():
    """Return a maker of handlers: each reads a request, kept in `answering.requests`, and sends `data`."""

    class Answering:
        def __init__(self):
            self.requests = []

        def __call__(self, data):
            def handle(connection, ended):
                request = b""
                while b"\r\n\r\n" not in request:
                    request += connection.recv(4096)
                self.requests.append(request.decode("latin-1"))
                connection.sendall(data)

            return handle

    return Answering()
