"""What CloudflareRealIPMiddleware costs, beside django-xff and django-ipware.

Each answers the same requests in this process, in turns, in an order of its own in every round. What counts
is the time above that of a bare call: the least of all rounds, because whatever else the machine does
meanwhile only adds to it. Only ratios mean anything elsewhere.

django-xff is told how many proxies there are, so that it has nothing to warn of. django-ipware has no
middleware: its function is called with its own defaults, and with its older algorithm, before the view is.
"""

import asyncio
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse
from django.test.utils import override_settings
from django.urls import path

from django_prodready.asgi import with_client_address

OURS = "django_prodready.middleware.CloudflareRealIPMiddleware"
ROUNDS = 25
REQUESTS = 2_000
ASYNC_REQUESTS = 300
MOST = {"django-xff": 1 / 3, "django-ipware": 1 / 10}

Answer = Callable[[HttpRequest], HttpResponse]
Meta = dict[str, object]

RESPONSE = None
# What a browser sends through Cloudflare, as gunicorn gives it to Django.
SENT: Meta = {
    "REQUEST_METHOD": "GET",
    "PATH_INFO": "/page/",
    "QUERY_STRING": "",
    "RAW_URI": "/page/",
    "SCRIPT_NAME": "",
    "SERVER_NAME": "0.0.0.0",
    "SERVER_PORT": "8000",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "SERVER_SOFTWARE": "gunicorn/27.0.1",
    "REMOTE_PORT": "40218",
    "wsgi.errors": None,
    "wsgi.file_wrapper": None,
    "wsgi.input": None,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": False,
    "wsgi.run_once": False,
    "wsgi.url_scheme": "http",
    "wsgi.version": (1, 0),
    "gunicorn.socket": None,
    "HTTP_HOST": "www.example.org",
    "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "HTTP_ACCEPT": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "HTTP_ACCEPT_ENCODING": "gzip, br",
    "HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.5",
    "HTTP_COOKIE": "sessionid=0123456789abcdef0123456789abcdef; csrftoken=0123456789abcdef",
    "HTTP_PRIORITY": "u=0, i",
    "HTTP_REFERER": "https://www.example.org/",
    "HTTP_SEC_FETCH_DEST": "document",
    "HTTP_SEC_FETCH_MODE": "navigate",
    "HTTP_SEC_FETCH_SITE": "same-origin",
    "HTTP_UPGRADE_INSECURE_REQUESTS": "1",
    "HTTP_CDN_LOOP": "cloudflare; loops=1",
    "HTTP_CF_IPCOUNTRY": "DE",
    "HTTP_CF_RAY": "99d3a2b1c4e5f678-FRA",
    "HTTP_CF_VISITOR": '{"scheme":"https"}',
    "HTTP_X_FORWARDED_PROTO": "https",
}
TOPOLOGIES: dict[str, tuple[Meta, int]] = {
    "Cloudflare": (
        SENT
        | {
            "REMOTE_ADDR": "172.70.1.2",
            "HTTP_CF_CONNECTING_IP": "203.0.113.9",
            "HTTP_X_FORWARDED_FOR": "203.0.113.9",
        },
        1,
    ),
    "Cloudflare, Traefik": (
        SENT
        | {
            "REMOTE_ADDR": "10.0.1.5",
            "HTTP_CF_CONNECTING_IP": "203.0.113.9",
            "HTTP_X_FORWARDED_FOR": "203.0.113.9, 172.70.1.2",
            "HTTP_X_FORWARDED_HOST": "www.example.org",
            "HTTP_X_FORWARDED_PORT": "443",
            "HTTP_X_FORWARDED_SERVER": "traefik-0",
            "HTTP_X_REAL_IP": "172.70.1.2",
        },
        2,
    ),
    "Cloudflare over IPv6": (
        SENT
        | {
            "REMOTE_ADDR": "2a06:98c0:1::7",
            "HTTP_CF_CONNECTING_IP": "2001:db8:1::9",
            "HTTP_X_FORWARDED_FOR": "2001:db8:1::9",
        },
        1,
    ),
}


def view(request: HttpRequest) -> HttpResponse | None:
    """Answer nothing new, so that what stands before it is all that is measured."""
    return RESPONSE


async def page(request: HttpRequest) -> HttpResponse:
    """A page of an async site."""
    return HttpResponse("a page")


urlpatterns = [path("page/", page)]


def targets() -> dict[str, Answer]:
    """Return who is measured, each with the view behind it."""
    from ipware import get_client_ip
    from xff.middleware import XForwardedForMiddleware

    from django_prodready.middleware import CloudflareRealIPMiddleware

    def ipware(request: HttpRequest) -> HttpResponse | None:
        get_client_ip(request)
        return view(request)

    def ipware_legacy(request: HttpRequest) -> HttpResponse | None:
        get_client_ip(request, algorithm="legacy")
        return view(request)

    return {
        "bare": view,
        "ours": CloudflareRealIPMiddleware(view),
        "django-xff": XForwardedForMiddleware(view),
        "django-ipware": ipware,
        "django-ipware, legacy": ipware_legacy,
    }


def microseconds(answer: Answer, meta: Meta) -> float:
    """Return how long one request takes, on average of REQUESTS."""
    spent_s = 0.0
    for _ in range(REQUESTS // 100):
        requests = [request_of(meta) for _ in range(100)]
        started_s = time.perf_counter()
        for request in requests:
            answer(request)
        spent_s += time.perf_counter() - started_s
    return 1e6 * spent_s / REQUESTS


def request_of(meta: Meta) -> HttpRequest:
    """Return a request that nobody has looked at yet."""
    request = HttpRequest()
    request.META = dict(meta)
    request.method, request.path, request.path_info = "GET", "/page/", "/page/"
    return request


def measure(meta: Meta) -> dict[str, float]:
    """Return for each target the least time above a bare call, in microseconds per request."""
    answers = targets()
    seen: dict[str, list[float]] = {name: [] for name in answers}
    for _ in range(ROUNDS):
        for name in random.sample(list(answers), len(answers)):
            seen[name].append(microseconds(answers[name], meta))
    bare = min(seen.pop("bare"))
    return {name: min(spent) - bare for name, spent in seen.items()}


def report_costs() -> None:
    """Print what each costs in each topology, and how ours compares."""
    print(f"{'':24}{'ours':>8}{'django-xff':>20}{'django-ipware':>20}{'legacy algorithm':>20}")
    for title, (meta, proxies) in TOPOLOGIES.items():
        with override_settings(XFF_TRUSTED_PROXY_DEPTH=proxies):
            cost = measure(meta)
        ours = cost.pop("ours")
        line = f"{title:24}{ours:5.2f} us"
        for name, other in cost.items():
            verdict = "" if name not in MOST else " ok" if ours / other <= MOST[name] else " MISS"
            line += f"{other:8.2f} {ours / other:6.3f}{verdict:5}"
        print(line)


class SyncOnly:
    """A middleware that Django must run in a thread."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand it on."""
        return self.get_response(request)


async def async_microseconds(middleware: list[str], *, is_wrapped: bool) -> float:
    """Return how long one request takes through Django's ASGI handler with this middleware."""
    with override_settings(MIDDLEWARE=middleware):
        handler: Any = ASGIHandler()
    if is_wrapped:
        handler = with_client_address(handler)
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/page/",
        "headers": [
            (name[5:].lower().replace("_", "-").encode(), str(value).encode())
            for name, value in TOPOLOGIES["Cloudflare"][0].items()
            if name.startswith("HTTP_")
        ],
        "client": ("172.70.1.2", 40218),
    }

    async def receive() -> dict[str, object]:
        if asked:
            await asyncio.sleep(3600)  # whoever asks stays connected
        asked.append(True)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        pass

    started_s = time.perf_counter()
    for _ in range(ASYNC_REQUESTS):
        asked: list[bool] = []
        await handler(dict(scope), receive, send)
    return 1e6 * (time.perf_counter() - started_s) / ASYNC_REQUESTS


def report_async() -> None:
    """Print what ours adds to an async request, and what any middleware adds that is not async."""
    stacks: dict[str, tuple[list[str], bool]] = {
        "none": ([], False),
        "ours": ([OURS], False),
        "ours, and the wrapper": ([OURS], True),
        "one that is sync only": ([f"{__name__}.SyncOnly"], False),
    }
    seen: dict[str, list[float]] = {name: [] for name in stacks}
    for _ in range(15):
        for name in random.sample(list(stacks), len(stacks)):
            middleware, is_wrapped = stacks[name]
            seen[name].append(asyncio.run(async_microseconds(middleware, is_wrapped=is_wrapped)))
    none = statistics.median(seen["none"])
    print("\nunder ASGI, time of a request to that without any middleware:")
    for name in stacks:
        print(f"{name:24}{statistics.median(seen[name]) / none:5.2f}")


def main() -> None:
    """Print the figures."""
    settings.configure(
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["www.example.org"],
        SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
        PRODREADY={"CLOUDFLARE": True, "TRUSTED_PROXIES": ["10.0.1.0/24"]},
    )
    django.setup()
    report_costs()
    report_async()


if __name__ == "__main__":
    main()
