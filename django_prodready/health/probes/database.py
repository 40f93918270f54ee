"""Does the database answer? ``SELECT 1`` on a connection of the probe's own, outside any pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_prodready.health.probe import Probe
from django_prodready.health.probes.connection import OwnConnection

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper


class DatabaseProbe(Probe):
    """Ask the database ``alias`` for the number 1, without a transaction and without the ORM.

    SQLite: a file that is missing is down, and is not created. A pool that has no connection left is not
    its business: that is ``database_pool``.
    """

    def __init__(self, alias: str = "default") -> None:
        self._connection = OwnConnection(alias)

    def run(self) -> None:
        """Ask once."""
        self._connection.ask(_select_one)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _select_one(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1{connection.features.bare_select_suffix}")
        cursor.fetchone()
