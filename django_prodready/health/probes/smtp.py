"""Ask a mail server whether it takes connections."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.smtp import EmailBackend
from django.utils.module_loading import import_string

from django_prodready.health.probe import Probe, Skipped
from django_prodready.health.probes._deadline_socket import (
    Deadline,
    DeadlineSocket,
    connect,
    start_tls,
    tls_context,
)
from django_prodready.health.probes._options import (
    optional_text,
    require_flag,
    require_port,
    require_seconds,
    require_text,
)

_SMTP = f"{EmailBackend.__module__}.{EmailBackend.__qualname__}"


class SmtpProbe(Probe):
    """Say EHLO to the mail server, and again after STARTTLS where that is configured. Not critical.

    Without ``host`` the server is that of ``MAILERS[mailer]``, or of ``EMAIL_HOST`` and its neighbours where
    there is no ``MAILERS``. With ``host``: ``port`` (by default 25, 587 with ``use_tls``, 465 with
    ``use_ssl``), ``use_tls`` (STARTTLS), ``use_ssl`` (TLS from the first byte). ``ca_file``: PEM file of the
    authorities that are trusted in place of the system's. ``timeout_s``: for the whole run, in seconds.

    It never logs in and begins no mail, so a wrong password is not noticed; servers that count logins have
    nothing to count. Down: no connection, no greeting, no STARTTLS, or a certificate that is not valid. Never
    degraded. Skipped: a mail backend that does not speak SMTP. It costs one connection, and a line in
    the server's log: mind the limits of your provider.
    """

    critical: ClassVar[bool] = False

    def __init__(
        self,
        *,
        host: str | None = None,
        port: int | None = None,
        use_tls: bool = False,
        use_ssl: bool = False,
        mailer: str = "default",
        ca_file: str | None = None,
        timeout_s: float = 0.7,
    ) -> None:
        self._mailer = require_text("mailer", mailer)
        self._ca_file = optional_text("ca_file", ca_file)
        self._timeout_s = require_seconds("timeout_s", timeout_s)
        self._server = _server_of_options(host, port, use_tls, use_ssl)

    def run(self) -> None:
        """Say EHLO, and QUIT."""
        server = self._server or _server_of_settings(self._mailer)
        deadline = Deadline(self._timeout_s)
        context = server.tls_context(self._ca_file) if server.use_ssl else None
        raw = connect(server.host, server.port, deadline)
        if context is not None:
            raw = start_tls(raw, context, server.host, deadline)
        smtp = smtplib.SMTP(local_hostname=_own_name())
        smtp.sock = cast("socket.socket", DeadlineSocket(raw, deadline))
        try:
            self._talk(smtp, server, raw, deadline)
        finally:
            smtp.close()
            raw.close()

    def _talk(self, smtp: smtplib.SMTP, server: _Server, raw: socket.socket, deadline: Deadline) -> None:
        _expect(220, smtp.getreply())
        _expect(250, smtp.ehlo())
        if not server.use_tls:
            _quit(smtp)
            return
        _expect(220, smtp.docmd("STARTTLS"))
        with start_tls(raw, server.tls_context(self._ca_file), server.host, deadline) as secured:
            # What was read ahead in the clear must not count as an answer within TLS.
            smtp.sock, smtp.file = cast("socket.socket", DeadlineSocket(secured, deadline)), None
            _expect(250, smtp.ehlo())
            _quit(smtp)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Server:
    host: str
    port: int
    use_tls: bool
    use_ssl: bool
    certificate_file: str | None = None  # of the client, for servers that ask for one
    key_file: str | None = None

    def tls_context(self, ca_file: str | None) -> ssl.SSLContext:
        context = tls_context(ca_file)
        if self.certificate_file:
            context.load_cert_chain(self.certificate_file, self.key_file)
        return context


def _server_of_options(host: object, port: object, use_tls: object, use_ssl: object) -> _Server | None:
    is_tls, is_ssl = require_flag("use_tls", use_tls), require_flag("use_ssl", use_ssl)
    if is_tls and is_ssl:
        raise ValueError("use_tls and use_ssl exclude each other.")
    if host is not None:
        chosen = _default_port(is_tls, is_ssl) if port is None else require_port("port", port)
        return _Server(host=require_text("host", host), port=chosen, use_tls=is_tls, use_ssl=is_ssl)
    if port is not None or is_tls or is_ssl:
        raise ValueError("port, use_tls and use_ssl need host; without it the settings of Django are asked.")
    return None


def _server_of_settings(mailer: str) -> _Server:
    backend, options = _mail_settings(mailer)
    if not issubclass(import_string(backend), EmailBackend):
        raise Skipped("The mail backend does not speak SMTP.")
    if not options.get("host"):
        raise ImproperlyConfigured("The settings name no mail server: set its host.")
    is_tls, is_ssl = bool(options.get("use_tls")), bool(options.get("use_ssl"))
    return _Server(
        host=options["host"],
        port=options.get("port") or _default_port(is_tls, is_ssl),
        use_tls=is_tls,
        use_ssl=is_ssl,
        certificate_file=options.get("ssl_certfile"),
        key_file=options.get("ssl_keyfile"),
    )


def _mail_settings(mailer: str) -> tuple[str, dict[str, Any]]:
    # Read past the lazy settings, which on Django 6.1 refuse EMAIL_HOST beside MAILERS and warn without.
    values = cast("Any", settings)._wrapped
    mailers = getattr(values, "MAILERS", None)
    if mailers is None:
        names = ("host", "port", "use_tls", "use_ssl", "ssl_certfile", "ssl_keyfile")
        return values.EMAIL_BACKEND, {name: getattr(values, f"EMAIL_{name.upper()}") for name in names}
    if mailer not in mailers:
        raise ImproperlyConfigured("The option mailer is not one of MAILERS.")
    return mailers[mailer].get("BACKEND", _SMTP), mailers[mailer].get("OPTIONS", {})


def _default_port(use_tls: bool, use_ssl: bool) -> int:
    if use_ssl:
        return 465
    return 587 if use_tls else 25


def _own_name() -> str:
    """Return a name for EHLO without asking DNS for it, as ``socket.getfqdn()`` would."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def _expect(code: int, answer: tuple[int, bytes]) -> None:
    if answer[0] != code:
        raise smtplib.SMTPResponseException(*answer)


def _quit(smtp: smtplib.SMTP) -> None:
    with contextlib.suppress(OSError, smtplib.SMTPException):
        smtp.docmd("QUIT")
