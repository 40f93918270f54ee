"""BEGIN, COMMIT and ROLLBACK in the SQL of a migration, which drivers and Django hand on unseen."""

from __future__ import annotations

import enum
import re

import sqlparse

_MAY_CONTROL = re.compile(r"\b(?:BEGIN|START|COMMIT|END|ROLLBACK|ABORT)\b", re.IGNORECASE)
_CONTROL = re.compile(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/)*"
    r"(?:(?P<begin>BEGIN|START\s+TRANSACTION)|(?P<commit>COMMIT|END)|(?P<rollback>ROLLBACK|ABORT))\b"
    r"(?!\s+(?:WORK\s+|TRANSACTION\s+)?TO\b|\s+PREPARED\b)",
    re.IGNORECASE | re.DOTALL,
)


class Control(enum.Enum):
    """What a statement does to the transaction."""

    BEGIN = "begin"
    COMMIT = "commit"
    ROLLBACK = "rollback"


def control_of(statement: str) -> Control | None:
    """Tell what one statement does to the transaction; None for all that have to do with rows and tables."""
    found = _CONTROL.match(statement)
    return Control(found.lastgroup) if found else None


def split(sql: str) -> list[str]:
    """Take apart a text in which transactions begin or end; one that does not so is a whole."""
    if not _MAY_CONTROL.search(sql):
        return [sql]
    parts = [part for part in sqlparse.split(sql) if part.strip(" \t\n\r;")]
    return parts if any(control_of(part) for part in parts) else [sql]
