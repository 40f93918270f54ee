"""What a health endpoint says, before it becomes a response of Django, WSGI or ASGI."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON = "application/json"

# A cached "healthy" hides an outage. SecurityMiddleware, which would add nosniff, never sees
# these answers.
_ALWAYS = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))


class Answer(NamedTuple):
    """One complete HTTP answer. A tuple, because it costs a third of a frozen dataclass to make."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def without_body(self) -> Answer:
        """Make the answer to HEAD: the headers of GET, Content-Length included, and no body."""
        return self._replace(body=b"")


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error of ours
    """Raise it from any step: ``answer`` is what the asker gets, and nothing further is looked at."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def make_answer(status: int, content_type: str, body: bytes, *headers: tuple[str, str]) -> Answer:
    """Make an answer of ``body``, with ``headers`` beside those that every answer has."""
    return Answer(status, _headers(content_type, len(body), headers), body)


@functools.lru_cache(maxsize=128)
def _headers(
    content_type: str, length: int, more: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    return (("Content-Type", content_type), *_ALWAYS, ("Content-Length", str(length)), *more)


def refusal(status: int, payload: Mapping[str, Any], *headers: tuple[str, str]) -> Refusal:
    """Make the refusal whose body is ``payload`` as JSON: whatever format was asked for, errors are JSON."""
    return Refusal(make_answer(status, JSON, json.dumps(payload).encode(), *headers))
