"""What it means that a migration failed on the scratch database."""

from __future__ import annotations

import dataclasses
import re
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import NotSupportedError
from django.db.models import Model

from django_prodready.migration_safety.harm import OVER_ROWS, Harm
from django_prodready.migration_safety.project_modules import is_installed
from django_prodready.migration_safety.trace import absent
from django_prodready.migration_safety.trace.sqlstate import sqlstate_of

if TYPE_CHECKING:
    from django_prodready.migration_safety.trace.attempt import Attempt
    from django_prodready.migration_safety.trace.catalog import Relations

_OURS = Path(__file__).parents[2]
_FAILS = "migration-fails"
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_IN_TRANSACTION = "25001"  # active_sql_transaction
_PENDING_TRIGGER_EVENTS = "55006"  # object_in_use
_NEW_ENUM_VALUE = "55P04"  # unsafe_new_enum_value_usage
_CONSTRAINTS = "23"
# Invalid transaction state and termination, no such column, function, syntax: so it is with any row.
_OF_CODE = ("25", "2D", "42")
_NO_PERMISSION = "42501"
_FOREIGN_KEY = "23503"  # whether a row is there to refer to
_UNIQUE = "23505"
_NOT_NULL = "23502"
_HISTORICAL = "__fake__"  # module of the models that a migration is given
_READS_DOCUMENTS = re.compile(r"->|#>")  # what keys a made-up document has tells nothing of real ones
_WRITES = re.compile(r"\s*(?:UPDATE|WITH)\b", re.IGNORECASE)


def reason(attempt: Attempt) -> str | None:
    """Say what kept a migration from being run, without values; None where that is its own fault."""
    if attempt.is_elsewhere:
        return "it uses a table that the routers keep in another database"
    return absent.reason(attempt.error, attempt.failed_sql, was_refused=attempt.was_refused)


def without_rows(attempt: Attempt) -> Harm:
    """The harm of a migration that fails on empty tables."""
    rule = _rule(attempt.error)
    raised = _raised(attempt.error) if rule == _FAILS else None
    return Harm(rule=rule, operation=attempt.failed_in, detail=raised)


def _rule(error: Exception | None) -> str:
    state = sqlstate_of(error)
    rule = _FAILS
    is_djangos = isinstance(error, NotSupportedError) and state is None  # PostgreSQL has other reasons
    if state == _IN_TRANSACTION or (is_djangos and "CONCURRENTLY" in str(error).upper()):
        rule = "concurrently-in-transaction"
    elif state == _NEW_ENUM_VALUE:
        rule = "enum-value-in-transaction"
    elif state == _PENDING_TRIGGER_EVENTS:
        rule = "pending-trigger-events"
    return rule


def _raised(error: BaseException | None) -> str:
    """Say what was raised, and by which line of the project; no message, which may hold values."""
    frames = traceback.extract_tb(error.__traceback__) if error is not None else []
    own = [frame for frame in frames if _is_of_project(Path(frame.filename))]
    name = type(error).__name__
    state = sqlstate_of(error)
    if state:  # the driver's name of it says more: UndefinedColumn
        name = f"{type(error.__cause__ if error else None).__name__} (SQLSTATE {state})"
    return f"{name} in {own[-1].name}, {Path(own[-1].filename).name} line {own[-1].lineno}" if own else name


def _is_of_project(file: Path) -> bool:
    return file.is_file() and not is_installed(file) and not file.is_relative_to(_OURS)


def with_rows(attempt: Attempt, existing: Relations, after: Relations) -> Harm | None:
    """The harm of a migration that fails on generated rows and not on empty tables, which leaves ``after``.

    None where other rows might well pass: what a constraint or a type makes of values that were there
    before depends on these values.
    """
    state = sqlstate_of(attempt.error) or ""
    place = _with_columns(_place(attempt, existing), after)
    if state == _PENDING_TRIGGER_EVENTS:
        return dataclasses.replace(place, rule="pending-trigger-events")
    is_of_code = state.startswith(_OF_CODE) and state != _NO_PERMISSION
    if is_of_code or _asks_too_much_of_a_model(attempt.error):
        told = without_rows(attempt)
        return dataclasses.replace(
            place, rule=told.rule, old=OVER_ROWS if told.rule == _FAILS else None, detail=told.detail
        )
    if state == _NOT_NULL and _READS_DOCUMENTS.search(attempt.failed_sql):
        return None
    if (
        state.startswith(_CONSTRAINTS)
        and state != _FOREIGN_KEY
        and _is_of_own_making(attempt, place, existing)
    ):
        rule = "same-value-for-every-row" if state == _UNIQUE else "fails-on-existing-rows"
        return dataclasses.replace(place, rule=rule)
    return None


def may_be_of_new_rows(attempt: Attempt) -> bool:
    """Whether it may have failed only because the transaction that ran it had written the rows as well.

    Foreign keys of a row are checked for an update of any column then, and else for one of their own.
    """
    return sqlstate_of(attempt.error) == _PENDING_TRIGGER_EVENTS


def _is_of_own_making(attempt: Attempt, place: Harm, existing: Relations) -> bool:
    """Whether the values that offend were written by the migration itself."""
    if _WRITES.match(attempt.failed_sql):
        return True
    relation = next((known for known in existing.values() if known.name == place.table), None)
    if relation is None:
        return False
    before = {column.name for column in relation.columns.values()}
    return bool(place.columns) and not before.intersection(place.columns)


def _asks_too_much_of_a_model(error: Exception | None) -> bool:
    """Whether code looked for what a historical model has not, such as a method: so it is for every row.

    https://docs.djangoproject.com/en/stable/topics/migrations/#historical-models
    """
    asked = None
    if isinstance(error, AttributeError):
        asked = getattr(error, "obj", None)
    elif isinstance(error, NotImplementedError):  # what a base class leaves to the class that is missing
        *_, (last, _) = traceback.walk_tb(error.__traceback__)
        asked = last.f_locals.get("self")
    model = asked if isinstance(asked, type) else type(asked)
    return issubclass(model, Model) and model.__module__ == _HISTORICAL


def _place(attempt: Attempt, existing: Relations) -> Harm:
    """Table and columns that the driver's error speaks of; never values."""
    diagnosis = getattr(getattr(attempt.error, "__cause__", None), "diag", None)
    column = getattr(diagnosis, "column_name", None)
    return Harm(
        rule="",
        operation=attempt.failed_in,
        table=getattr(diagnosis, "table_name", None) or _table_in(attempt.failed_sql, existing),
        columns=(column,) if column else _key(getattr(diagnosis, "message_detail", None) or ""),
        name=getattr(diagnosis, "constraint_name", None),
    )


def _with_columns(place: Harm, after: Relations) -> Harm:
    """Add the columns of the constraint that refuses, as it is where it refuses nothing."""
    relation = next((known for known in after.values() if known.name == place.table), None)
    if place.columns or relation is None:
        return place
    named = (constraint for constraint in relation.constraints.values() if constraint.name == place.name)
    columns = [number for constraint in named for number in constraint.columns]
    return dataclasses.replace(place, columns=relation.names_of(columns))


def _key(detail: str) -> tuple[str, ...]:
    """Read the columns out of a detail like ``Key (a, b)=(1, 2) is duplicated``."""
    found = re.match(r"Key \((?P<columns>[^)]*)\)=", detail)
    return tuple(part.strip().strip('"') for part in found["columns"].split(",")) if found else ()


def _table_in(sql: str, existing: Relations) -> str | None:
    found = re.match(r'\s*ALTER\s+TABLE\s+(?:ONLY\s+)?"?(?P<table>[\w.]+)', sql, re.IGNORECASE)
    name = found["table"] if found else None
    return name if any(relation.name == name for relation in existing.values()) else None
