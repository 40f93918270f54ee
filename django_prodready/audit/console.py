"""Standard output that may be closed, full, piped into ``head``, or unable to show every character."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from django.core.management.base import OutputWrapper

_ASCII = str.maketrans({"·": "-", "…": "..."})  # what our own texts hold


class CannotPrintError(Exception):
    """Standard output takes no text; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """Where the command prints."""

    out: TextIO | OutputWrapper
    color: bool | None = None  # None: when it is a terminal that shows colour

    def print(self, text: str) -> bool:
        """Print ``text`` whole, and nothing to a reader that went away, as ``head`` does; False says that.

        Raises :class:`CannotPrintError` where standard output is closed, or its disk full.
        """
        stream: Any = getattr(self.out, "_out", self.out)
        if stream is None:
            raise CannotPrintError("it is closed")
        try:
            self.out.write(printable(text, getattr(stream, "encoding", None)))
            self.out.flush()
        except BrokenPipeError:
            _discard(stream)
            return False
        except OSError as error:
            _discard(stream)
            raise CannotPrintError(error.strerror or type(error).__name__) from error
        return True


def printable(text: str, encoding: str | None) -> str:
    """Make ``text`` one that ``encoding`` can hold; None holds everything."""
    if encoding is None:
        return text
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_ASCII).encode(encoding, "backslashreplace").decode(encoding)
    return text


def _discard(stream: TextIO) -> None:
    """Send what is still buffered nowhere: else the interpreter fails on it once more when it ends.

    https://docs.python.org/3/library/signal.html#note-on-sigpipe
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
