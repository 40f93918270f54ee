"""Copies of the scratch database, for what cannot be rolled back."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from django.db import connections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper


class Copies(Protocol):
    """Makes copies of the scratch database."""

    def copy_database(self, source: str, suffix: str) -> str:
        """Copy a database that nobody is connected to; return the copy's name."""

    def drop_database(self, name: str) -> None:
        """Drop a copy."""


def name_of(connection: BaseDatabaseWrapper) -> str:
    """Give the name of the database that a connection goes to."""
    return str(connection.settings_dict["NAME"])


@contextmanager
def copied(copies: Copies, source: str, suffix: str) -> Iterator[str]:
    """Copy a database for the length of the block; yield the copy's name."""
    for connection in connections.all(initialized_only=True):
        connection.close()
    name = copies.copy_database(source, suffix)
    try:
        yield name
    finally:
        copies.drop_database(name)


@contextmanager
def gone_to(name: str) -> Iterator[None]:
    """Have every alias go to another database for the length of the block."""
    before = {alias: name_of(connections[alias]) for alias in connections}
    try:
        _go(dict.fromkeys(before, name))
        yield
    finally:
        _go(before)


def start_over(connection: BaseDatabaseWrapper) -> None:
    """Take back what is open, however deep, and begin a new session. Raises what connecting raises."""
    connection.in_atomic_block = False  # else it is closed only when the blocks are left
    connection.close()
    connection.connect()


def _go(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
