"""What each middleware hands on of a request: the client's address, the scheme and the host.

An onlooker stands below every entry of ``MIDDLEWARE``, so that what one of them changed is known by its
name, also where a later one answers, raises or redirects and no view is ever reached.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asgiref.sync import iscoroutinefunction
from django.core.handlers import base
from django.utils.module_loading import import_string

from django_prodready.audit.facts.guards import replaced
from django_prodready.audit.facts.requests import InProcess

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["Onlookers", "Sight", "look"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What Django says of one request, at one place."""

    below: str  # the entry of MIDDLEWARE that handed the request on; empty for bare Django
    remote_addr: str | None
    secure: bool | None
    host: str | None  # None when Django refuses it, too


class Onlookers:
    """The project's middleware, built once more with onlookers in between."""

    def __init__(self) -> None:
        self._sights: list[Sight] = []
        # Django looks each entry up by this name, when it builds the chain.
        with replaced(base, "import_string", self._import):
            self.requests = InProcess()

    def send(self, headers: Mapping[str, str], *, peer: str, secure: bool) -> tuple[tuple[Sight, ...], int]:
        """Send one request for ``/``; return what was seen, outermost first, and the answer's status.

        Raises :class:`~django_prodready.audit.model.NotRun` as :class:`InProcess` does.
        """
        self._sights.clear()
        status = self.requests.send("/", headers=headers, peer=peer, secure=secure).status
        return tuple(self._sights), status

    def _import(self, path: str) -> Callable[..., Any]:
        """Import an entry of MIDDLEWARE, in the form of a factory that puts an onlooker below it."""
        target = import_string(path)

        def factory(get_response: Callable[..., Any]) -> Any:
            return target(self._onlooker(path, get_response))

        factory.sync_capable = getattr(target, "sync_capable", True)  # type: ignore[attr-defined]
        factory.async_capable = getattr(target, "async_capable", False)  # type: ignore[attr-defined]
        return factory

    def _onlooker(self, path: str, get_response: Callable[..., Any]) -> Callable[..., Any]:
        if iscoroutinefunction(get_response):

            async def look_and_await(request: HttpRequest) -> Any:
                self._sights.append(look(request, below=path))
                return await get_response(request)

            return look_and_await

        def look_on(request: HttpRequest) -> Any:
            self._sights.append(look(request, below=path))
            return get_response(request)

        return look_on


def look(request: HttpRequest, *, below: str = "") -> Sight:
    """Ask ``request`` what Django makes of it."""
    secure = host = None
    # A malformed SECURE_PROXY_SSL_HEADER, a host that is not allowed: whoever comes next may never ask.
    with contextlib.suppress(Exception):
        secure = request.is_secure()
    with contextlib.suppress(Exception):
        host = request.get_host()
    return Sight(below=below, remote_addr=request.META.get("REMOTE_ADDR"), secure=secure, host=host)
