"""Filters for ``LOGGING``: the id of the request on each record, and no secret in it.

A filter changes the record for every handler that comes after it. So it belongs to each handler that prints,
and where handlers of other packages read the same records, to the loggers or to the first handler.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django_prodready.logs.messages import scrub_message
from django_prodready.logs.records import extras, of_request
from django_prodready.logs.request_id import current_request_id, is_request_id
from django_prodready.logs.scrubbing import scrub
from django_prodready.logs.stand_ins import stand_in
from django_prodready.logs.values import without_secrets

__all__ = ["NO_REQUEST", "RedactionFilter", "RequestIdFilter"]

NO_REQUEST = "-"
_WITHHELD = "(withheld: it could not be searched for secrets)"

_formatter = logging.Formatter()


class RequestIdFilter(logging.Filter):
    """Sets ``record.request_id``; "-" outside of any request. An id that the record has already stays.

    Django logs an error's response when the middleware is done with it, so the record's request is asked too.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True: no record is held back."""
        if not is_request_id(getattr(record, "request_id", None)):
            said = current_request_id() or of_request(record, "request_id")
            record.request_id = said if is_request_id(said) else NO_REQUEST
        return True


class RedactionFilter(logging.Filter):
    """Replaces by ``[redacted]`` what would print a secret: in message, exception, stack and extras.

    Secrets are those of the project's settings and environment, by value, and whatever looks like one.
    ``record.msg`` stays a template and keeps its arguments wherever the secret is in one of them.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True: no record is held back. What cannot be searched is withheld; nothing is raised."""
        _attempt(scrub_message, _withhold_message, record)
        if record.exc_info or record.exc_text:
            _attempt(_scrub_exception, _withhold_exception, record)
        if record.stack_info:
            _attempt(_scrub_stack, _withhold_stack, record)
        _attempt(_scrub_extras, _withhold_extras, record)
        return True


_Step = Callable[[logging.LogRecord], None]


def _attempt(step: _Step, withhold: _Step, record: logging.LogRecord) -> None:
    try:
        step(record)
    except Exception:  # noqa: BLE001 - code of other people's objects runs; to log must never raise
        withhold(record)


def _scrub_exception(record: logging.LogRecord) -> None:
    """Replace secrets in the text of the exception, and the exception by one that says no other text."""
    info = record.exc_info
    error = info[1] if isinstance(info, tuple) else None
    if record.exc_text:
        record.exc_text = scrub(record.exc_text)
    if info is None or error is None:
        return
    text = _formatter.formatException(info)
    cleaned = scrub(text)
    if cleaned != text:
        record.exc_text = cleaned
        record.exc_info = (type(error), stand_in(error), error.__traceback__)


def _scrub_stack(record: logging.LogRecord) -> None:
    record.stack_info = scrub(str(record.stack_info))


def _scrub_extras(record: logging.LogRecord) -> None:
    for name, value in extras(record):
        cleaned = without_secrets(name, value)
        if cleaned is not value:
            setattr(record, name, cleaned)


def _withhold_message(record: logging.LogRecord) -> None:
    record.msg, record.args = _WITHHELD, None


def _withhold_exception(record: logging.LogRecord) -> None:
    record.exc_info, record.exc_text = None, _WITHHELD


def _withhold_stack(record: logging.LogRecord) -> None:
    record.stack_info = _WITHHELD


def _withhold_extras(record: logging.LogRecord) -> None:
    for name, _ in extras(record):
        setattr(record, name, _WITHHELD)
