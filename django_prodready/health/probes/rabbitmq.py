"""Ask a RabbitMQ server whether it lets us in."""

from __future__ import annotations

from typing import ClassVar

from django_prodready.health.probe import Probe
from django_prodready.health.probes._broker_connection import ask_broker
from django_prodready.health.probes._options import require_package, require_seconds, secret_address


class RabbitMQProbe(Probe):
    """Open an AMQP connection to a virtual host, log in, and close it. Not critical.

    ``url``: ``amqp://`` or ``amqps://`` (TLS), with user, password and virtual host; or ``url_env``: the
    name of the environment variable that holds it. ``timeout_s``: for connecting and for each answer, in
    seconds.

    Down: no connection, a refused login, a virtual host that is not there, no answer in time. Never degraded.
    It costs one connection; no channel is opened and nothing is published, so that an alarm of the
    server (memory, disk) does not show: RabbitMQ tells only those who publish.
    """

    critical: ClassVar[bool] = False

    def __init__(self, *, url: str | None = None, url_env: str | None = None, timeout_s: float = 0.7) -> None:
        self._url = secret_address(url, url_env, ("amqp", "amqps", "pyamqp"))
        self._timeout_s = require_seconds("timeout_s", timeout_s)
        self._kombu = require_package("kombu", extra="celery")

    def run(self) -> None:
        """Open and close."""
        ask_broker(self._kombu, self._url, self._timeout_s, options={})
