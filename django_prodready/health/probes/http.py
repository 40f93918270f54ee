"""Ask another service by HTTP whether it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from django_prodready.health.probe import Probe
from django_prodready.health.probes._http_request import HttpRequest, check_status, require_headers
from django_prodready.health.probes._options import (
    optional_text,
    require_choice,
    require_count,
    require_seconds,
)


class HttpProbe(Probe):
    """Send one request to a service that this one depends on. Not critical: others' outages are not ours.

    ``url``: ``http://`` or ``https://``. ``method``: GET or HEAD. ``expect_status``: the statuses that say
    yes; by default any from 200 to 299. ``headers``: sent as they are, an ``Authorization`` say.
    ``ca_file``: PEM file of the authorities that are trusted in place of the system's. ``budget_s``: for
    everything together, in seconds: connecting, TLS, headers and body, however slowly they come.

    No redirect is followed: it is a status like any other. Down: no connection, a certificate that is not
    valid, another status, or no whole answer within the budget (64 KiB of the body are read). Never
    degraded. It costs one connection and one request.
    """

    critical: ClassVar[bool] = False

    def __init__(
        self,
        *,
        url: str,
        method: str = "GET",
        expect_status: Sequence[int] | None = None,
        headers: Mapping[str, str] | None = None,
        ca_file: str | None = None,
        budget_s: float = 0.7,
    ) -> None:
        self._budget_s = require_seconds("budget_s", budget_s)
        self._expected = None if expect_status is None else _statuses(expect_status)
        self._request = HttpRequest(
            "url",
            url,
            require_choice("method", method, ("GET", "HEAD")),
            require_headers("headers", headers or {}),
            optional_text("ca_file", ca_file),
        )

    def run(self) -> None:
        """Send the request and judge the status."""
        check_status(self._request.send(self._budget_s).status, self._expected)


def _statuses(value: object) -> frozenset[int]:
    if not isinstance(value, list | tuple | set | frozenset) or not value:
        raise ValueError("expect_status must be a list of HTTP statuses, and not empty.")
    return frozenset(require_count("expect_status", status, least=100, most=599) for status in value)
