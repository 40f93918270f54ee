"""What is in a log record by itself, and what the caller's ``extra=`` has put there."""

from __future__ import annotations

import logging
from collections.abc import Iterator

__all__ = ["extras", "of_request"]

# Of this Python's own records, and what formatters add: taskName came with Python 3.12.
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request_id"}


def of_request(record: logging.LogRecord, name: str) -> object:
    """Return an attribute of the request that Django put on the record; None where it has none or raises."""
    try:
        return getattr(getattr(record, "request", None), name, None)
    except Exception:  # noqa: BLE001 - whoever logs may have put anything there, and its own code runs
        return None


def extras(record: logging.LogRecord) -> Iterator[tuple[str, object]]:
    """Yield the name and value of each attribute that is not the record's own. May be changed meanwhile."""
    values = vars(record)
    if not _OWN.issuperset(values):
        yield from [(name, value) for name, value in values.items() if name not in _OWN]
