"""What may be said of an exception: never a message that can echo a value.

``int(secret)`` raises a ValueError that shows the secret, so only messages of types that speak of
names, files and syntax are shown, and those scrubbed. Source lines and local variables are never read.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from django_prodready.reporting.redaction import Redactor

WITHHELD = "(message withheld: it may hold a value)"

_SPEAKS_OF_NAMES = (KeyError, ImportError, NameError, AttributeError, ImproperlyConfigured)
_SPEAKS_OF_FILES = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)


def safe_exception_text(exc: BaseException, redactor: Redactor) -> str:
    """Describe an exception by its type and, where that cannot echo a value, its message."""
    name = type(exc).__qualname__
    try:
        message = _message(exc)
    except Exception:  # noqa: BLE001 - a foreign exception's __str__ may do anything
        message = WITHHELD
    if message == WITHHELD:
        return f"{name} {WITHHELD}"
    return f"{name}: {redactor.scrub(message)}" if message else name


def safe_traceback(exc: BaseException, redactor: Redactor) -> str:
    """Show where an exception and its causes were raised: one ``file:line in function`` a line.

    The exception stands first, the causes follow. Files below the working directory are shown
    relative to it, installed packages relative to their ``site-packages``.
    """
    blocks = []
    for link in _chain(exc):
        frames = [
            f"  {_short(frame.f_code.co_filename)}:{line} in {frame.f_code.co_name}"
            for frame, line in traceback.walk_tb(link.__traceback__)
        ]
        blocks.append("\n".join([safe_exception_text(link, redactor), *frames]))
    return redactor.scrub("\ncaused by ".join(blocks))


def _message(exc: BaseException) -> str:
    if isinstance(exc, SyntaxError):
        where = f" ({_short(exc.filename)}:{exc.lineno})" if exc.filename else ""
        return f"{exc.msg}{where}"
    if isinstance(exc, _SPEAKS_OF_FILES) and exc.filename is not None:
        return f"{exc.strerror}: {os.fsdecode(exc.filename)}"
    return str(exc) if isinstance(exc, _SPEAKS_OF_NAMES) else WITHHELD


def _chain(exc: BaseException) -> Iterator[BaseException]:
    """Yield the exception and its causes, newest first, as ``raise … from`` linked them."""
    seen: set[int] = set()
    link: BaseException | None = exc
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _short(filename: str) -> str:
    path = Path(filename)
    if "site-packages" in path.parts:
        position = len(path.parts) - path.parts[::-1].index("site-packages")
        return Path(*path.parts[position:]).as_posix()
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return filename
