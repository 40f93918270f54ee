"""Ask the message broker of Celery whether it takes connections."""

from __future__ import annotations

import os
import sys
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from django_prodready.health.probe import Probe, Skipped
from django_prodready.health.probes._broker_connection import ask_broker
from django_prodready.health.probes._options import require_package, require_seconds, require_text


class BrokerProbe(Probe):
    """Open a connection to the broker, log in, and close it. Not critical: pages are served without it.

    ``url``: the address as Celery reads it, of any transport of kombu, several with ``;`` between. Without
    it the address is the first of: the environment variable ``CELERY_BROKER_URL``, the setting of that
    name, the ``broker_url`` of the Celery application that is loaded. ``CELERY_BROKER_USE_SSL`` and
    ``CELERY_BROKER_TRANSPORT_OPTIONS`` hold for it. ``timeout_s``: for connecting and for each answer, in
    seconds.

    Down: no connection, a refused login, no answer in time. Never degraded. Skipped: a broker in memory. It
    costs one connection; nothing is published, no queue is declared, nothing is tried again. Transports other
    than AMQP and Redis have time-outs of their own.
    """

    critical: ClassVar[bool] = False

    def __init__(self, *, url: str | None = None, timeout_s: float = 0.7) -> None:
        self._url = None if url is None else _require_broker("url", url)
        self._timeout_s = require_seconds("timeout_s", timeout_s)
        self._kombu = require_package("kombu", extra="celery")

    def run(self) -> None:
        """Open and close."""
        address = self._url or _configured_address()
        if isinstance(address, str) and address.startswith("memory:"):
            raise Skipped("This broker is in memory, so asking it proves nothing.")
        ask_broker(
            self._kombu,
            address,
            self._timeout_s,
            ssl=getattr(settings, "CELERY_BROKER_USE_SSL", False),
            options=getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {}),
        )


def _require_broker(option: str, value: object) -> str:
    text = require_text(option, value)
    if "://" not in text:
        raise ValueError(f"{option} must be a URL, as Celery's broker_url.")
    return text


def _configured_address() -> Any:
    configured = os.environ.get("CELERY_BROKER_URL") or getattr(settings, "CELERY_BROKER_URL", None)
    address = configured or _address_of_application()
    if not address:
        raise ImproperlyConfigured(
            "There is no broker to ask: give the probe the option url, or set CELERY_BROKER_URL."
        )
    return address


def _address_of_application() -> Any:
    """Return the broker of the project's Celery application; None when none has been loaded."""
    celery = sys.modules.get("celery")
    return None if celery is None else celery.current_app.conf.broker_url
