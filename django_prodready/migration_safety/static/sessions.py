"""Knows the time zone of the session that runs a migration.

https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-TIMEZONES
"""

from __future__ import annotations

from django.conf import settings
from django.db import connections

from django_prodready.migration_safety.static import effects_rows as r

# Without offset at any time: timestamps are the same bytes with and without a zone.
_WITHOUT_OFFSET = frozenset(
    """
    etc/gmt etc/greenwich etc/uct etc/universal etc/utc etc/zulu gmt greenwich uct universal utc z zulu
    0 +0 -0 00:00 +00:00 -00:00
    """.split()  # noqa: SIM905 - words
)


def _of_settings(alias: str) -> str:
    """Return the time zone that Django gives the connections of an alias; no engine is loaded for that."""
    own = connections.settings.get(alias, {}).get("TIME_ZONE")
    return (own or "UTC") if settings.USE_TZ else settings.TIME_ZONE


class Zone:
    """The time zone of a session, as statements change it."""

    def __init__(self, alias: str) -> None:
        self._first = _of_settings(alias)
        self._session = self._first
        self._local: str | None = None

    @property
    def is_utc(self) -> bool:
        """Whether the time zone has no offset."""
        return (self._local or self._session).lower() in _WITHOUT_OFFSET

    def set(self, effect: r.SetZone, *, in_transaction: bool) -> None:
        """Follow SET TIME ZONE. What is local to a transaction does nothing outside of one."""
        zone = effect.zone or self._first
        if not effect.is_local:
            self._session, self._local = zone, None
        elif in_transaction:
            self._local = zone

    def end_transaction(self) -> None:
        """Forget what was local to the transaction."""
        self._local = None
