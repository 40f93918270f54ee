"""One attempt to open a connection to a message broker, by kombu. Nothing is published or declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured


def ask_broker(
    kombu: Any, address: str | list[str], timeout_s: float, *, ssl: Any = False, options: Mapping[str, Any]
) -> None:
    """Open a connection, log in, close; raise what the transport raises.

    Of several addresses (a list, or one text with ``;`` between) each is tried once until one answers,
    and each has its share of the time.
    """
    try:
        broker = kombu.Connection(address, connect_timeout=timeout_s, ssl=ssl)
    except ValueError:
        # What could not be read is quoted, and may be a part of the password.
        raise ImproperlyConfigured("The address of the broker cannot be read as a URL.") from None
    with broker as connection:
        left = len(connection.alt) or 1
        share_s = timeout_s / left
        connection.transport_options = {**options, **_bounds(share_s)}
        while True:
            connection.connect_timeout = share_s
            try:
                # Connection.connect() tries twice and sleeps in between; the transport tries once.
                return _open_and_close(connection.transport)
            except Exception:
                left -= 1
                if not left:
                    raise
            connection.maybe_switch_next()


def _open_and_close(transport: Any) -> None:
    opened = transport.establish_connection()
    transport.close_connection(opened)


def _bounds(timeout_s: float) -> dict[str, Any]:
    """Return what keeps the transports for Redis (first three) and AMQP from waiting long."""
    return {
        "socket_timeout": timeout_s,
        "socket_connect_timeout": timeout_s,
        "retry_on_timeout": False,
        "read_timeout": timeout_s,
        "write_timeout": timeout_s,
    }
