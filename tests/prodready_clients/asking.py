"""Ask the site in this process: as WSGI, as ASGI, and as ASGI below the wrapper."""

import asyncio
import json
from dataclasses import dataclass

from asgiref.testing import ApplicationCommunicator
from django.core.handlers.asgi import ASGIHandler
from django.test import Client

from django_prodready.asgi import with_client_address

HOST = "www.example.org"
EDGE = "173.245.48.10"
CLIENT = "203.0.113.7"
STRANGER = "198.51.100.66"
FORGED = "192.0.2.99"

# Whatever a forger may send to be taken for another one, or for one who came by HTTPS.
FORGERY = {
    "X-Forwarded-For": FORGED,
    "X-Real-IP": FORGED,
    "Forwarded": f"for={FORGED};proto=https;host=forged.example.org",
    "True-Client-IP": FORGED,
    "CF-Connecting-IP": FORGED,
    "CF-Connecting-IPv6": "2001:db8::99",
    "CF-Pseudo-IPv4": "240.0.0.9",
    "CF-IPCountry": "XX",
    "CF-Visitor": '{"scheme":"https"}',
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "forged.example.org",
    "X-Forwarded-Port": "4444",
    "X-Client-IP": FORGED,
}


@dataclass(frozen=True)
class Answer:
    """What came back. `told` is what the view saw, None when no view was asked."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def told(self):
        return json.loads(self.body)


def by_wsgi(path="/told/", peer=STRANGER, headers=(), method="GET"):
    response = Client().generic(
        method, path, headers={"Host": HOST, **dict(headers)}, REMOTE_ADDR=peer, REMOTE_PORT="40000"
    )
    return Answer(response.status_code, _lowered(response.headers.items()), response.content)


def by_asgi(path="/told/", peer=STRANGER, headers=(), method="GET"):
    return asyncio.run(ask(ASGIHandler(), path, peer, headers, method))


def by_wrapped_asgi(path="/told/", peer=STRANGER, headers=(), method="GET"):
    return asyncio.run(ask(with_client_address(ASGIHandler()), path, peer, headers, method))


CARRIERS = [by_wsgi, by_asgi, by_wrapped_asgi]


async def ask(application, path="/told/", peer=STRANGER, headers=(), method="GET"):
    """Ask an ASGI application."""
    communicator = ApplicationCommunicator(application, scope_of(path, peer, headers, method))
    await communicator.send_input({"type": "http.request"})
    start = await communicator.receive_output(60)
    body = await communicator.receive_output(60)
    await communicator.wait(60)
    sent = _lowered((name.decode(), value.decode()) for name, value in start["headers"])
    return Answer(start["status"], sent, body["body"])


def scope_of(path="/told/", peer=STRANGER, headers=(), method="GET"):
    """Return the scope that a server makes; an empty peer is a unix socket."""
    named = {"Host": HOST, **dict(headers)}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": path,
        "root_path": "",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in named.items()],
        "server": ("10.1.2.3", 8000) if peer else ("/run/site.sock", None),
        "client": (peer, 40000) if peer else None,
    }


def _lowered(headers):
    return {name.lower(): value for name, value in headers}
