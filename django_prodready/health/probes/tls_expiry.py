"""Ask a TLS server how long its certificate is valid."""

from __future__ import annotations

import ssl
import time
from typing import ClassVar, cast

from django_prodready.health.probe import Degraded, Probe
from django_prodready.health.probes._deadline_socket import Deadline, connect, start_tls, tls_context
from django_prodready.health.probes._options import (
    optional_text,
    require_count,
    require_port,
    require_seconds,
    require_text,
)

_DAY_S = 86_400


class TlsExpiryProbe(Probe):
    """Shake hands as a client would, and look at the day on which the certificate ends. Not critical.

    ``host``, ``port``: the server, 443 by default. ``server_name``: the name to ask for and to verify, when
    it is not ``host``. ``warn_days``: degraded when fewer days are left, 14 by default (most authorities'
    clients renew 30 days before the end). ``ca_file``: PEM file of the authorities that are trusted in
    place of the system's. ``timeout_s``: for the whole run, in seconds.

    Down: no connection, or a certificate that clients refuse: expired, not valid yet, another name, an
    unknown authority. It costs one connection and one handshake.
    """

    critical: ClassVar[bool] = False

    def __init__(
        self,
        *,
        host: str,
        port: int = 443,
        server_name: str | None = None,
        warn_days: int = 14,
        ca_file: str | None = None,
        timeout_s: float = 0.7,
    ) -> None:
        self._host = require_text("host", host)
        self._port = require_port("port", port)
        self._server_name = optional_text("server_name", server_name) or host
        self._warn_days = require_count("warn_days", warn_days)
        self._ca_file = optional_text("ca_file", ca_file)
        self._timeout_s = require_seconds("timeout_s", timeout_s)

    def run(self) -> None:
        """Shake hands, then compare the certificate's last day with today."""
        deadline = Deadline(self._timeout_s)
        context = tls_context(self._ca_file)
        raw = connect(self._host, self._port, deadline)
        with start_tls(raw, context, self._server_name, deadline) as connection:
            # None and {} are for peers that were not verified: this one was.
            certificate = cast("dict[str, str]", connection.getpeercert())
        days_left = (ssl.cert_time_to_seconds(certificate["notAfter"]) - time.time()) / _DAY_S
        if days_left < self._warn_days:
            raise Degraded(f"The certificate expires in {days_left:.1f} days.")
