"""Exceptions without the secrets of their messages, for handlers that read them and not their text.

Error reporters group by an exception's type and the lines it passed, and show its message. A stand-in has
the name, the message without secrets, the notes, the traceback and the causes of the exception that it stands
for. It is no instance of its class, whose constructor may ask for anything.
"""

from __future__ import annotations

from typing import cast

from django_prodready.logs.scrubbing import scrub

__all__ = ["stand_in"]

_Made = dict[int, BaseException]


def stand_in(error: BaseException) -> BaseException:
    """Return the stand-in of ``error``, with those of its causes, and of what a group holds."""
    return _make(error, {})


def _make(error: BaseException, made: _Made) -> BaseException:
    known = made.get(id(error))
    if known is not None:
        return known
    shown = made[id(error)] = _alone(error, made)
    shown.__traceback__ = error.__traceback__
    shown.__cause__ = None if error.__cause__ is None else _make(error.__cause__, made)
    shown.__context__ = None if error.__context__ is None else _make(error.__context__, made)
    shown.__suppress_context__ = error.__suppress_context__
    for note in getattr(error, "__notes__", ()):
        shown.add_note(scrub(str(note)))
    return shown


def _alone(error: BaseException, made: _Made) -> BaseException:
    kind = type(error)
    named = {"__module__": kind.__module__, "__qualname__": kind.__qualname__}
    if isinstance(error, BaseExceptionGroup):
        message = scrub(error.message)
        group = type(kind.__name__, (BaseExceptionGroup,), named)
        members = [_make(member, made) for member in error.exceptions]
        return cast("BaseException", group(message, members))
    return cast("BaseException", type(kind.__name__, (Exception,), named)(scrub(_text(error))))


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - a foreign __str__ may do anything
        return "<exception str() failed>"
