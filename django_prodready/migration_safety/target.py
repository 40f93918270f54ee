"""The target database: asked for its applied migrations alone, in a transaction that can write nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connections

from django_prodready.migration_safety.plan import Plan, PlanError, Selection, make_plan
from django_prodready.migration_safety.read_only import patient, reading
from django_prodready.reporting.redaction import Redactor
from django_prodready.reporting.safe_errors import safe_exception_text

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

# The list of applied migrations is short, and locked only while a migration that alters it runs.
_LIMITS = {"statement_timeout_s": 10.0, "lock_timeout_s": 10.0}
CONNECT_TIMEOUT_S = 10


class TargetError(Exception):
    """The target cannot be asked. The message says why, and what to do without it."""


def needs_target(selection: Selection) -> bool:
    """Whether what is asked depends on what the target has applied."""
    return not selection.everything and selection.name is None


def plan_of(selection: Selection, alias: str, redactor: Redactor) -> Plan:
    """Plan what ``selection`` asks for; ask the target only when that depends on it.

    Raises PlanError and TargetError.
    """
    if not needs_target(selection):
        return _planned(selection, None, alias, redactor)
    try:
        connection = connections[alias]
        if _is_missing_file(connection):
            return _planned(selection, None, alias, redactor)
        with _asked(connection):
            return _planned(selection, connection, alias, redactor)
    except (Error, ImproperlyConfigured) as error:
        raise TargetError(
            f"The database {alias!r} cannot be asked for its applied migrations "
            f"({_first_line(error, redactor)}). Give it in DATABASES and let it run, or judge without it: "
            "--all, or the app and name of one migration."
        ) from error


def _planned(
    selection: Selection, connection: BaseDatabaseWrapper | None, alias: str, redactor: Redactor
) -> Plan:
    try:
        return make_plan(selection, connection, alias)
    except (PlanError, Error, ImproperlyConfigured):
        raise
    except Exception as error:  # migrations are code, which may raise anything
        told = safe_exception_text(error, redactor)
        raise PlanError(
            f"The migrations cannot be loaded: {told}. manage.py showmigrations shows where."
        ) from error


@contextlib.contextmanager
def _asked(connection: BaseDatabaseWrapper) -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with patient(connection, CONNECT_TIMEOUT_S), reading(connection, **_LIMITS):
        yield


def _is_missing_file(connection: BaseDatabaseWrapper) -> bool:
    """Whether it is a SQLite file that is not there: to connect to it would make it."""
    name = str(connection.settings_dict.get("NAME") or "")
    is_file = bool(name) and name != ":memory:" and not name.startswith("file:")
    return connection.vendor == "sqlite" and is_file and not Path(name).exists()


def _first_line(error: BaseException, redactor: Redactor) -> str:
    lines = redactor.scrub(str(error)).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(". ")
