"""The list that Cloudflare publishes, fetched over HTTPS by the standard library."""

from __future__ import annotations

import ssl
import time
from datetime import UTC, datetime
from http.client import HTTPException, HTTPMessage
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, Request, build_opener

from django_prodready import __version__
from django_prodready.management.prodsettings.errors import RefusedError
from django_prodready.realip.ranges_file import LARGEST_FILE, Ranges, parse_ranges
from django_prodready.reporting.terminal import one_line

SITE = "www.cloudflare.com"  # what people are told
_URLS = ("https://www.cloudflare.com/ips-v4", "https://www.cloudflare.com/ips-v6")
TIMEOUT_S = 10.0  # for everything together, the name server too
_CHUNK = 8192

_OFFLINE = "A list that was downloaded elsewhere is taken by --from FILE."


def fetch() -> Ranges:
    """Return the published list as of today. Raises :class:`RefusedError`.

    The proxies of the environment are used. A thread fetches, as nothing else can be waited for no longer
    than a given time: a name server, a byte now and then.
    """
    answers: SimpleQueue[bytes | Exception] = SimpleQueue()
    Thread(target=_fetch_into, args=(answers,), name="prodready-fetch", daemon=True).start()
    try:
        answer = answers.get(timeout=TIMEOUT_S)
    except Empty:
        answer = TimeoutError()
    if isinstance(answer, Exception):
        raise RefusedError(f"{SITE} cannot be asked: {_why(answer)}. {_OFFLINE}")
    try:
        return Ranges(parse_ranges(answer).networks, datetime.now(UTC).date())
    except ValueError as error:
        raise RefusedError(f"What {SITE} answered is refused: {error}.") from error


class _CutOffError(Exception):
    """Less arrived than was announced."""


class _RefusedRedirectError(Exception):
    """It names another host, or no HTTPS."""


class _SameHost(HTTPRedirectHandler):
    """Goes where it is sent on the same host, and nowhere else: only that one was asked to be believed."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Return the next request. Raises :class:`_RefusedRedirectError`."""
        if _origin(newurl) != _origin(req.full_url):
            fp.close()
            raise _RefusedRedirectError
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _origin(url: str) -> tuple[str, str | None, int]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or 443


def _fetch_into(answers: SimpleQueue[bytes | Exception]) -> None:
    deadline_s = time.monotonic() + TIMEOUT_S
    try:
        opener = build_opener(HTTPSHandler(context=ssl.create_default_context()), _SameHost())
        answers.put(b"\n".join([_get(opener, url, deadline_s) for url in _URLS]))
    except Exception as error:  # noqa: BLE001 - it is told by who waits
        if isinstance(error, HTTPError):
            error.close()
        answers.put(error)


def _get(opener: OpenerDirector, url: str, deadline_s: float) -> bytes:
    request = Request(url, headers={"User-Agent": f"django-prodready/{__version__}"})  # noqa: S310 - HTTPS
    body = b""
    with opener.open(request, timeout=_left(deadline_s)) as response:
        while len(body) <= LARGEST_FILE and (chunk := response.read1(_CHUNK)):
            body += chunk
            _left(deadline_s)
        if len(body) <= LARGEST_FILE and response.length:
            raise _CutOffError
    return body


def _left(deadline_s: float) -> float:
    left_s = deadline_s - time.monotonic()
    if left_s <= 0:
        raise TimeoutError
    return left_s


def _why(error: Exception) -> str:
    """Say what went wrong; never what a proxy's URL in the environment holds."""
    if isinstance(error, HTTPError):
        return f"it answered {error.code}"
    if isinstance(error, URLError) and isinstance(error.reason, Exception):
        error = error.reason
    if isinstance(error, TimeoutError):
        return f"it did not answer within {TIMEOUT_S:g} s"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({one_line(error.verify_message)})"
    if isinstance(error, _RefusedRedirectError):
        return "it redirects to another host, which is not followed"
    if isinstance(error, _CutOffError | HTTPException):
        return "its answer is cut off, or no HTTP"
    return one_line(getattr(error, "strerror", None) or _tunnel(error) or type(error).__name__)


def _tunnel(error: Exception) -> str:
    """Return what http.client tells of a proxy that lets nobody through, without the proxy's own words."""
    words = str(error).split(maxsplit=4)
    return f"the proxy answered {words[3]}" if words[:3] == ["Tunnel", "connection", "failed:"] else ""
