"""The id of the request that is being answered, for whoever logs on its behalf."""

from __future__ import annotations

import re
import uuid
from contextvars import ContextVar, Token
from typing import TypeGuard

__all__ = ["accept", "begin", "current_request_id", "end", "is_request_id", "new_request_id"]

# Neither a line's end, nor a quote, nor anything that a terminal, a log's reader or a shell takes for more
# than a letter. Shorter ones collide; longer ones only fill the log.
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,128}")

_current: ContextVar[str | None] = ContextVar("django_prodready_request_id", default=None)


def current_request_id() -> str | None:
    """Return the id of the request that this thread or task is answering; None outside of any."""
    return _current.get()


def is_request_id(said: object) -> TypeGuard[str]:
    """Tell whether ``said`` may be an id: 8 to 128 of the characters ``A-Z a-z 0-9 . _ -``."""
    return isinstance(said, str) and _REQUEST_ID.fullmatch(said) is not None


def new_request_id() -> str:
    """Return an id that nobody has: 32 hexadecimal digits."""
    return uuid.uuid4().hex


def accept(said: object) -> str:
    """Return ``said``, or a new id where it may be none."""
    return said if is_request_id(said) else new_request_id()


def begin(request_id: str) -> Token[str | None]:
    """Make ``request_id`` the current one. Whoever calls this hands the answer to :func:`end`."""
    return _current.set(request_id)


def end(token: Token[str | None]) -> None:
    """Make that id the current one again that was it before."""
    _current.reset(token)
