"""What one request asks for, read and allowed: what every endpoint begins with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from django.conf import settings

from django_prodready.health.access import HEADERS, Access, access_of, unauthorized
from django_prodready.health.negotiation import Format, format_of
from django_prodready.health.query import Query, parse_query
from django_prodready.health.request import HealthRequest
from django_prodready.health.statement import Endpoint, Statement

Known = TypeVar("Known")


class Asked(NamedTuple):
    """One question that may be answered. A tuple, because it costs a third of a frozen dataclass to make."""

    query: Query
    format: Format
    has_details: bool  # whether durations, ages and error classes are wanted, and may be told
    access: Access = Access.OPEN

    @property
    def varies(self) -> tuple[str, ...]:
        """Name the request headers that the answer depends on."""
        accept = ("Accept",) if self.query.format is None else ()
        return accept if self.access is Access.OPEN else (*accept, *HEADERS)


@dataclass(frozen=True, slots=True)
class Pending(Generic[Known]):
    """A statement for which something must be found out first: in this thread, or awaited."""

    find_out: Callable[[], Known]
    find_out_async: Callable[[], Awaitable[Known]]
    conclude: Callable[[Known], Statement]


def read(endpoint: Endpoint, request: HealthRequest) -> Asked:
    """Read ``request``.

    Raises:
        Refusal: it has no valid token where one is needed, or asks for what there is not.
    """
    access = access_of(request)
    is_denied = access is Access.DENIED
    # Load balancers can send no header, so liveness stays open; what it tells of probes does not.
    if is_denied and endpoint is not Endpoint.HEALTH:
        raise unauthorized()
    query = parse_query(request.query)
    format_ = format_of(query.format, None if query.format is not None else request.header("Accept"))
    if is_denied and (query.is_verbose or format_ is Format.OPENMETRICS):
        raise unauthorized()
    has_details = query.is_verbose and (access is Access.GRANTED or settings.DEBUG)
    return Asked(query=query, format=format_, has_details=has_details, access=access)
