"""Drivers of PostgreSQL connect in C: they are let through to the scratch database alone.

https://www.psycopg.org/psycopg3/docs/api/connections.html, https://www.psycopg.org/docs/module.html
"""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["Doorkeeper"]

# What says where a connection leads to.
_ADDRESS = ("host", "hostaddr", "port", "service")


class Doorkeeper:
    """Knows the scratch database and its copies, and lets nobody connect elsewhere."""

    def __init__(self, entry: Mapping[str, Any], attempt: Callable[[str], object]) -> None:
        """``entry`` is the scratch database's, of DATABASES; ``attempt`` gets what was refused, in words."""
        self.is_open = True
        self._attempt = attempt
        name = re.escape(str(entry["NAME"]))
        self._names = re.compile(rf"{name}(?:_[a-z0-9_]+)?")
        own = {"host": entry.get("HOST"), "port": entry.get("PORT")}
        self._address = _address({**entry.get("OPTIONS", {}), **{key: own[key] for key in own if own[key]}})

    def install(self) -> None:
        """Stand before the drivers that are installed."""
        for name, guard in (("psycopg", self._guard_psycopg), ("psycopg2", self._guard_psycopg2)):
            try:
                driver = importlib.import_module(name)
            except ImportError:
                continue
            guard(driver)

    def _guard_psycopg(self, driver: Any) -> None:
        from psycopg.conninfo import conninfo_to_dict

        def check(conninfo: str = "", *_: Any, **named: Any) -> None:
            self._check({**conninfo_to_dict(conninfo), **named}, driver.OperationalError)

        for kind in (driver.Connection, driver.AsyncConnection):
            kind.connect = classmethod(_after(check, kind.connect.__func__, skip=1))
        driver.connect = driver.Connection.connect

    def _guard_psycopg2(self, driver: Any) -> None:
        parse_dsn = importlib.import_module("psycopg2.extensions").parse_dsn

        def check(dsn: str | None = None, *_: Any, **named: Any) -> None:
            given = {**parse_dsn(dsn or ""), **named}
            self._check({"dbname": given.get("database"), **given}, driver.OperationalError)

        driver.connect = _after(check, driver.connect)

    def _check(self, given: Mapping[str, Any], error: type[Exception]) -> None:
        name = str(given.get("dbname") or "")
        if self.is_open or (self._names.fullmatch(name) and _address(given) == self._address):
            return
        host = given.get("host") or given.get("hostaddr") or given.get("service")
        where = f" at {host}" if host else ""
        self._attempt(f"tried to connect to the database {name or 'of the environment'}{where}")
        raise error("Only the scratch database is within reach in a trace.")


def _address(given: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(given.get(key) or "") for key in _ADDRESS)


def _after(check: Callable[..., None], original: Callable[..., Any], *, skip: int = 0) -> Callable[..., Any]:
    @functools.wraps(original)
    def checked(*args: Any, **named: Any) -> Any:
        check(*args[skip:], **named)
        return original(*args, **named)

    return checked
