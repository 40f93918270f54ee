"""Databases of a proof, made from one another, and Django's connection to the one that is in work."""

import contextlib
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import psycopg
from django.db import connection

BASE = "corpus_base"
# What makes a migration's figures the same in every run.
OPTIONS = (
    "-c jit=off -c max_parallel_maintenance_workers=0 -c max_parallel_workers_per_gather=0 "
    "-c statement_timeout=120s -c lock_timeout=60s"
)


def django_settings(url: str, name: str) -> dict[str, object]:
    """Return Django's entry for the database `name` on the server at `url`."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {"options": OPTIONS},
    }


def address(url: str, name: str) -> str:
    """Return the address of another database on the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@contextmanager
def using(name: str) -> Iterator[None]:
    """Have Django's connection lead to the database `name`; no session is left afterwards."""
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        with contextlib.suppress(psycopg.Error):
            connection.close()


@dataclass
class Shelf:
    """The databases of one case."""

    url: str
    case: str
    numbers: Iterator[int] = field(default_factory=itertools.count)
    names: list[str] = field(default_factory=list)

    def copy(self, template: str) -> str:
        """Make a database out of another that nobody is connected to; return its name."""
        name = f"c_{self.case[:50]}_{next(self.numbers)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        self.names.append(name)
        return name

    def drop(self, name: str) -> None:
        """Remove one of them."""
        self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        self.names.remove(name)

    def clear(self) -> None:
        """Remove all."""
        for name in list(self.names):
            self.drop(name)

    def execute(self, statement: str) -> None:
        """Run a statement in the server's own database."""
        with psycopg.connect(self.url, autocommit=True) as session:
            session.execute(statement)
