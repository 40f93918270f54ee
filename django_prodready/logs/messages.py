"""Secrets in a record's message: taken out of the arguments where possible, so that the template stays.

Error reporters group by the template, ``record.msg``, and show the arguments beside it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, cast

from django_prodready.logs.scrubbing import scrub
from django_prodready.logs.values import safe_repr, shortened, without_secrets
from django_prodready.reporting.secret_shapes import REDACTED

__all__ = ["message_of", "scrub_message"]

_PLAIN = (str, bytes, int, float, dict, list, tuple, set, frozenset, type(None))


class _Shown(str):
    """The texts of an object that held a secret: what ``%s`` and what ``%r`` show of it."""

    __slots__ = ("_repr",)
    _repr: str

    def __new__(cls, shown: str, representation: str) -> _Shown:
        self = super().__new__(cls, shown)
        self._repr = representation
        return self

    def __repr__(self) -> str:
        return self._repr

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)


def message_of(record: logging.LogRecord) -> str:
    """Return the record's message; where its arguments do not fit, the template and them. Never raise.

    Python's own handlers lose a record that cannot be formatted.
    """
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - the arguments' own code runs
        return f"{_text(record.msg)} (its arguments do not fit: {shortened(safe_repr(record.args))})"


def scrub_message(record: logging.LogRecord) -> None:
    """Replace the secrets in what ``record`` says, in place."""
    if isinstance(record.msg, dict) and not record.args:
        record.msg = without_secrets("", record.msg)
    try:
        message = record.getMessage()
    except Exception:  # noqa: BLE001 - see message_of
        record.msg, record.args = scrub(message_of(record)), None
        return
    cleaned = scrub(message)
    # Not of other mappings, which may make their items up: gunicorn's access log has such a one.
    if type(record.args) is dict:
        record.args = cast("dict[str, object]", without_secrets("", record.args))
    if cleaned == message:
        return
    template, args = scrub(str(record.msg)), record.args
    fitting = _fit(template, args) if args else None
    if fitting is None:
        record.msg, record.args = cleaned, None
    else:
        record.msg, record.args = template, fitting


def _fit(template: str, args: Any) -> Any:
    """Return arguments with which ``template`` makes a message without secrets; None if there are none."""
    args = _cleaned_args(args)
    for key in args if isinstance(args, Mapping) else range(len(args)):
        message = _formatted(template, args)
        if message is None or scrub(message) == message:
            break
        # Nothing changes for the reader where the argument is all of a secret.
        trial = _with_redacted(args, key)
        shown = _formatted(template, trial)
        if shown is not None and scrub(shown) == scrub(message):
            args = trial
    message = _formatted(template, args)
    return args if message is not None and scrub(message) == message else None


def _cleaned_args(args: Any) -> Any:
    if isinstance(args, Mapping):
        return {key: _cleaned(str(key), item) for key, item in args.items()}
    return tuple(_cleaned("", item) for item in args)


def _cleaned(name: str, value: object) -> object:
    if issubclass(type(value), _PLAIN):  # see values: isinstance() would evaluate a lazy object
        return without_secrets(name, value)
    shown, representation = _text(value), safe_repr(value)
    texts = scrub(shown), scrub(representation)
    return value if texts == (shown, representation) else _Shown(*texts)


def _with_redacted(args: Any, key: Any) -> Any:
    if isinstance(args, Mapping):
        return {**args, key: REDACTED}
    return (*args[:key], REDACTED, *args[key + 1 :])


def _formatted(template: str, args: Any) -> str | None:
    try:
        return str(template % args)
    except Exception:  # noqa: BLE001 - the arguments' own code runs; and a number has become a text
        return None


def _text(value: object) -> str:
    try:
        return str(value)
    except Exception:  # noqa: BLE001 - a foreign __str__ may do anything
        return safe_repr(value)
