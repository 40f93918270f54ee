"""Databases that a project under audit may open."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prodready_databases import sqlite_entry


@pytest.fixture
def connecting(django_db_blocker: Any) -> Iterator[None]:
    """Let the test, and the threads of checks, connect."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def database(tmp_path: Path, connecting: None) -> Callable[..., dict[str, Any]]:
    """Make a SQLite file in which these migrations, ``app.name``, are recorded; its entry of DATABASES."""

    def make(*applied: str, name: str = "site.sqlite3") -> dict[str, Any]:
        path = tmp_path / name
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE django_migrations (id integer PRIMARY KEY, app, name, applied)")
            rows = [each.split(".") for each in applied]
            connection.executemany(
                "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, '2026-01-01')", rows
            )
        connection.close()
        return sqlite_entry(str(path))

    return make
