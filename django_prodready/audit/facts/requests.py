"""Requests through the project's own middleware, in process, with everything outside out of reach.

The URLconf is the project's. Its views are not run, unless asked for: a marker answers in their place,
so what comes back is what middleware made of the request. Our own health endpoints never run a probe here.
"""

from __future__ import annotations

import contextlib
import functools
import io
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from asgiref.sync import async_to_sync, iscoroutinefunction
from django.conf import settings
from django.core.handlers import exception as exception_handling
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest, get_script_name
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import split_domain_port, validate_host
from django.urls import set_script_prefix
from django.utils.datastructures import CaseInsensitiveMapping

from django_prodready.audit.facts import sandbox
from django_prodready.audit.facts.guards import replaced
from django_prodready.audit.facts.own_health import answered_by_marker
from django_prodready.audit.model import NotRun

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Building imports the project's middleware, which may import all of its models' neighbours.
BUILD_LIMIT_S = 30.0
# Under the deadline that the runner gives to a check with requests, so that it can say what was slow.
SEND_LIMIT_S = 4.0
VIEW_LIMIT_S = 3.0  # so that a stuck view leaves time for what is asked before it
_BODY_LIMIT = 1 << 17

_Environ = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the project's middleware answered."""

    status: int
    location: str | None
    headers: Mapping[str, str]  # names in any case; cookies are not among them
    reached_view: bool
    exception: str | None  # class of the exception that became this answer, such as "DisallowedHost"
    blocked: tuple[str, ...]  # what was attempted and refused, such as "the database (default)"
    seen_remote_addr: str | None = None  # as the view saw it; None when no view was reached
    seen_secure: bool | None = None
    seen_host: str | None = None  # also None when the view would have been refused it
    body: str = field(default="", repr=False)  # of a real view's answer, its beginning; may hold secrets


class TooSlow(NotRun):
    """The middleware takes so long that what depends on its answers stays unknown."""


class InProcess:
    """The project's middleware, built afresh from the settings of this moment."""

    def __init__(self) -> None:
        self._handler = _Handler()
        self._failure: str | None = None
        try:
            self._failure, blocked = sandbox.run(self._handler.build, limit_s=BUILD_LIMIT_S)
        except sandbox.StillRunning as slow:
            self._failure, blocked = f"the middleware could not be built: {slow}", ()
        if self._failure and blocked:
            self._failure += f"; it asked for {' and '.join(blocked)}, which is blocked here"

    def send(
        self,
        path: str,
        *,
        method: str = "GET",
        host: str | None = None,
        secure: bool = False,
        headers: Mapping[str, str] | None = None,
        peer: str = "10.42.0.1",
        real_view: bool = False,
    ) -> Answer:
        """Send one request; ``path`` is below FORCE_SCRIPT_NAME and may have a query string.

        Without ``host`` it is one that ALLOWED_HOSTS accepts. ``secure`` is TLS that the server itself
        ended. Raises :class:`NotRun` when the middleware could not be built, :class:`TooSlow` when it does
        not answer.
        """
        if self._failure:
            raise NotRun(self._failure)
        environ = _environ(
            path,
            method=method,
            host=host or self.trusted_host() or "localhost",
            secure=secure,
            headers=headers or {},
            peer=peer,
        )
        exchange = _Exchange(environ, real_view=real_view)
        try:
            response, blocked = sandbox.run(
                lambda: self._handler.answer(exchange),
                limit_s=VIEW_LIMIT_S if real_view else SEND_LIMIT_S,
            )
        except sandbox.StillRunning as slow:
            raise TooSlow(f"{method} {path.partition('?')[0]} got no answer: {slow}") from None
        return exchange.answer(response, blocked)

    def trusted_host(self) -> str | None:
        """Return a host that ALLOWED_HOSTS accepts, the first concrete one if there is one."""
        allowed = list(_as_written("ALLOWED_HOSTS") or ())
        if settings.DEBUG and not allowed:
            return "localhost"
        entries = [entry.lower() for entry in allowed if isinstance(entry, str)]
        concrete = [entry for entry in entries if entry != "*" and not entry.startswith(".")]
        suffixes = [entry.removeprefix(".") for entry in entries if entry.startswith(".")]
        for host in (*concrete, *suffixes, "example.org"):
            domain, port = split_domain_port(host)
            if domain and not port and validate_host(domain, entries):
                return host
        return None

    def as_https(self) -> Mapping[str, Any]:
        """Return the arguments of :meth:`send` that make a request look like one that came by https.

        That is the header which SECURE_PROXY_SSL_HEADER names, or else TLS at the server.
        """
        match _as_written("SECURE_PROXY_SSL_HEADER"):
            case (str(name), str(value)) if name.startswith("HTTP_"):
                return {"headers": {name.removeprefix("HTTP_").replace("_", "-").title(): value}}
        return {"secure": True}


def _as_written(name: str) -> Any:
    """A setting, whose type may be anything until another check has judged it."""
    return getattr(settings, name)


def _environ(
    path: str, *, method: str, host: str, secure: bool, headers: Mapping[str, str], peer: str
) -> _Environ:
    """What a WSGI server makes of the request (PEP 3333)."""
    path, _, query = path.partition("?")
    environ: _Environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "CONTENT_LENGTH": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "443" if secure else "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": peer,
        "HTTP_HOST": host,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https" if secure else "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return environ


@dataclass(slots=True)
class _Exchange:
    """One request on its way, and what is learned of it there."""

    environ: _Environ
    real_view: bool
    converted: list[tuple[str, int]] = field(default_factory=list)  # exception, and the status it became
    reached_view: bool = False
    remote_addr: str | None = None
    secure: bool | None = None
    host: str | None = None

    def reach(self, request: HttpRequest) -> None:
        """Note what the view sees."""
        self.reached_view = True
        self.remote_addr = request.META.get("REMOTE_ADDR")
        # A malformed SECURE_PROXY_SSL_HEADER, a host that is not allowed: the view may never ask.
        with contextlib.suppress(Exception):
            self.secure = request.is_secure()
            self.host = request.get_host()

    def recording(self, convert: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        """Wrap Django's ``response_for_exception`` to note which exception became which status."""

        def convert_and_note(request: HttpRequest, exc: Exception) -> HttpResponseBase:
            response = convert(request, exc)
            self.converted.append((type(exc).__name__, response.status_code))
            return response

        return convert_and_note

    def answer(self, response: HttpResponseBase, blocked: tuple[str, ...]) -> Answer:
        """Put together what the caller learns."""
        became = [name for name, status in self.converted if status == response.status_code]
        return Answer(
            status=response.status_code,
            location=response.headers.get("Location"),
            headers=CaseInsensitiveMapping(dict(response.items())),
            reached_view=self.reached_view,
            exception=became[-1] if became else None,
            blocked=blocked,
            seen_remote_addr=self.remote_addr,
            seen_secure=self.secure,
            seen_host=self.host,
            body=_beginning(response) if self.real_view else "",
        )


def _beginning(response: HttpResponseBase) -> str:
    """The beginning of the body; empty for a stream, which may have no end."""
    content: bytes = getattr(response, "content", b"")
    return content[:_BODY_LIMIT].decode("utf-8", "replace")


class _Handler(BaseHandler):
    """Django's handler with a marker for the view. One exchange at a time, as the sandbox has it."""

    exchange: _Exchange

    def build(self) -> str | None:
        """Build the middleware; return why that failed, without the exception's text."""
        try:
            self.load_middleware()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - any code may run in a middleware's __init__
            return f"{_being_loaded(error) or 'the middleware'} could not be built: {type(error).__name__}"
        return None

    def answer(self, exchange: _Exchange) -> HttpResponseBase:
        """Answer as a WSGI server's client would see it: what escapes from Django is a 500."""
        self.exchange = exchange
        recording = exchange.recording(exception_handling.response_for_exception)
        with replaced(exception_handling, "response_for_exception", recording), answered_by_marker():
            try:
                set_script_prefix(get_script_name(exchange.environ))
                response = self.get_response(WSGIRequest(exchange.environ))
            except (Exception, SystemExit) as error:  # noqa: BLE001 - any code may run in a middleware
                exchange.converted.append((type(error).__name__, 500))
                return HttpResponse(status=500)
        response.close()
        return response

    def resolve_request(self, request: HttpRequest) -> Any:
        """Resolve by the project's URLconf, and put the marker in the place of the view that was found."""
        match = super().resolve_request(request)
        return match if self.exchange.real_view else (self._marker(match.func), match.args, match.kwargs)

    def make_view_atomic(self, view: Callable[..., Any]) -> Callable[..., Any]:
        """Leave the marker without the transaction that ATOMIC_REQUESTS asks for."""
        if not self.exchange.real_view:
            return view
        atomic = super().make_view_atomic(view)
        run_view = async_to_sync(atomic) if iscoroutinefunction(atomic) else atomic

        def observed(request: HttpRequest, *args: Any, **named: Any) -> Any:
            self.exchange.reach(request)
            return run_view(request, *args, **named)

        return observed

    def _marker(self, view: Callable[..., Any]) -> Callable[..., HttpResponse]:
        # Middleware reads a view's attributes, such as csrf_exempt and login_required.
        @functools.wraps(view)
        def marker(request: HttpRequest, *_args: Any, **_named: Any) -> HttpResponse:
            self.exchange.reach(request)
            return HttpResponse("marker", content_type="text/plain")

        # Marks that make a plain function a coroutine function (in Python 3.11; from 3.12 on).
        for mark in ("_is_coroutine", "_is_coroutine_marker"):
            vars(marker).pop(mark, None)
        return marker


def _being_loaded(error: BaseException) -> str | None:
    """The entry of MIDDLEWARE that ``BaseHandler.load_middleware`` was at, by its local variable."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if "middleware_path" in frame.f_locals:
            return str(frame.f_locals["middleware_path"])
    return None
