"""Formatters for ``LOGGING``: lines for machines, and lines for people. Each record begins exactly one line.

Whatever a client has sent, no line's end of it ends a line, and nothing of it is obeyed by a terminal.
"""

from __future__ import annotations

import json
import logging
import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import PurePath
from typing import Any, cast
from uuid import UUID

from django.utils.functional import Promise

from django_prodready.logs.messages import message_of
from django_prodready.logs.records import extras, of_request
from django_prodready.logs.request_id import current_request_id
from django_prodready.logs.scrubbing import scrub
from django_prodready.logs.values import LONGEST_NUMBER_BITS, safe_repr, shortened

__all__ = ["JsonFormatter", "PlainFormatter"]

_NO_REQUEST = "-"
_MAX_DEPTH = 6
_AS_TEXT = (date, time, Decimal, UUID, PurePath, Promise)  # whose str() is what is meant
_NOT_EXTRAS = frozenset({"request", "server_time"})  # Django's own: an object, and the time once more
_OUR_KEYS = frozenset(
    {"time", "level", "logger", "message", "request_id", "method", "path", "exception", "stack_info"}
)

# Controls, line and paragraph separators, bidirectional overrides; surrogates, which no stream can encode.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class JsonFormatter(logging.Formatter):
    """One JSON object a line, in ASCII.

    Keys: ``time`` (ISO 8601, UTC, milliseconds), ``level``, ``logger``, ``message``, ``request_id`` (null
    outside of any request); where there is one, ``status_code``, ``method`` and ``path`` of Django's records
    of requests, ``exception`` (``type``, ``message``, ``stack``), ``stack_info``; and what ``extra=`` gave,
    under its own name, or with ``extra_`` before it where that is one of these.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        said: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
            "request_id": _request_id(record),
        }
        self._add_request(said, record)
        self._add_exception(said, record)
        for name, value in extras(record):
            if name not in _NOT_EXTRAS:
                said[f"extra_{name}" if name in _OUR_KEYS else name] = _safe(value)
        return json.dumps(said)

    def _add_request(self, said: dict[str, Any], record: logging.LogRecord) -> None:
        method, path = of_request(record, "method"), of_request(record, "path")
        # Of the development server's own records, the request is a socket.
        if isinstance(method, str) and isinstance(path, str):
            said["method"], said["path"] = scrub(method), scrub(path)

    def _add_exception(self, said: dict[str, Any], record: logging.LogRecord) -> None:
        error = _error_of(record)
        if error is not None:
            said["exception"] = {
                "type": _name_of(type(error)),
                "message": scrub(_text_of(error)),
                "stack": _traceback(self, record),
            }
        elif record.exc_text:
            said["exception"] = {"stack": _traceback(self, record)}
        if record.stack_info:
            said["stack_info"] = self.formatStack(record.stack_info)


class PlainFormatter(logging.Formatter):
    """``2026-11-21T10:00:00.123Z INFO logger [request-id] message``, in UTC; "-" outside of any request.

    A traceback follows on lines of its own, indented: what an exception says never looks like a record.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end, and the traceback's."""
        request_id = _request_id(record) or _NO_REQUEST
        head = f"{_time(record)} {record.levelname} {record.name} [{request_id}] {message_of(record)}"
        lines = [_escaped(head)]
        for block in (_traceback(self, record), record.stack_info):
            if block:
                lines += [f"  {_escaped(line)}" for line in block.split("\n")]
        return "\n".join(lines)


def _time(record: logging.LogRecord) -> str:
    stamp = datetime.fromtimestamp(record.created, UTC)
    return f"{stamp.isoformat(timespec='milliseconds')[:-6]}Z"


def _request_id(record: logging.LogRecord) -> str | None:
    said = getattr(record, "request_id", None) or current_request_id()
    return said if isinstance(said, str) and said != _NO_REQUEST else None


def _error_of(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if isinstance(record.exc_info, tuple) else None


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    """Return the traceback without secrets; empty where there is none."""
    if not record.exc_text and record.exc_info and _error_of(record) is not None:
        return scrub(formatter.formatException(record.exc_info))
    return scrub(record.exc_text or "")


def _name_of(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - a foreign __str__ may do anything
        return safe_repr(error)


def _escaped(text: str) -> str:
    return text if text.isascii() and text.isprintable() else _CONTROL.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape").decode("ascii")


def _safe(value: object) -> Any:
    try:
        return _plain(value, _MAX_DEPTH)
    except Exception:  # noqa: BLE001 - a container of one's own may do anything when it is read
        return shortened(scrub(safe_repr(value)))


def _plain(value: object, depth: int) -> Any:
    """Return ``value`` as JSON knows it, whatever it is. See values of why it goes by ``type()``."""
    kind = type(value)
    if value is None or kind is bool or issubclass(kind, str):
        return value
    if issubclass(kind, float):
        return value if math.isfinite(cast("float", value)) else str(value)  # JSON has no infinite number
    if issubclass(kind, int):
        return value if int.bit_length(cast("int", value)) <= LONGEST_NUMBER_BITS else hex(cast("int", value))
    if depth and issubclass(kind, dict):
        items = cast("dict[object, object]", value).items()
        return {str(_plain(key, 0)): _plain(item, depth - 1) for key, item in items}
    if depth and issubclass(kind, (list, tuple, set, frozenset)):
        return [_plain(item, depth - 1) for item in cast("Iterable[object]", value)]
    return shortened(scrub(str(value) if issubclass(kind, _AS_TEXT) else safe_repr(value)))
