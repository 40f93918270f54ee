"""What a health endpoint says, before it becomes a response of Django, WSGI or ASGI."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# A cached "healthy" hides an outage. SecurityMiddleware, which would add nosniff, never sees
# these answers.
_ALWAYS = (
    ("Content-Type", "application/json"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One complete HTTP answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def without_body(self) -> Answer:
        """Make the answer to HEAD: the headers of GET, Content-Length included, and no body."""
        return dataclasses.replace(self, body=b"")


def json_answer(status: int, payload: Mapping[str, Any], *headers: tuple[str, str]) -> Answer:
    """Make an answer of ``payload`` as JSON, with ``headers`` beside those that every answer has."""
    body = json.dumps(payload).encode()
    return Answer(status, (*_ALWAYS, ("Content-Length", str(len(body))), *headers), body)
