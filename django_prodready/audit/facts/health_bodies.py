"""What the body of a health answer says of the whole: fine, not fine, or nothing that could be told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django_prodready.audit.facts.requests import Answer

__all__ = ["complaint"]

_OVERALL = (
    "status",
    "state",
    "health",
    "healthy",
    "ok",
    "success",
    "alive",
    "ready",
    "up",
    "overall",
    "result",
)
_COMPONENT = re.compile(
    r"(?:^|[_.-])(?:db|database|default|postgres\w*|mysql|sql\w*|cache\w*|redis|memcached?|celery|broker"
    r"|queue|rabbitmq|storage|s3|search|elasticsearch)(?:$|[_.-])",
    re.IGNORECASE,
)
_BAD = re.compile(
    r"\b(?:unhealthy|unavailable|unreachable|not[ _-]?(?:ok|ready|healthy|connected|working)"
    r"|fail(?:ed|ure|ing)?|error|down|disconnected|broken|critical|ko)\b",
    re.IGNORECASE,
)
_LONGEST_TEXT = 400  # a page says much


def complaint(answer: Answer) -> str | None:
    """Quote what ``answer`` says against the whole, as ``"status": "unhealthy"``; None when nothing is.

    Never more than a key and one known word: values may hold anything.
    """
    try:
        content = json.loads(answer.body)
    except ValueError:
        return _in_text(answer)
    if not isinstance(content, Mapping):
        return '"false"' if content is False else None
    overall = [(key, value) for key, value in content.items() if str(key).lower() in _OVERALL]
    # The whole has been judged by the view itself: components may be down without it being so.
    plain = [(key, value) for key, value in overall if isinstance(value, bool | str)]
    entries = plain or [(key, value) for key, value in _leaves(content) if _COMPONENT.search(key)]
    return next((said for key, value in entries if (said := _bad(key, value))), None)


def _bad(key: str, value: Any) -> str | None:
    if value is False:
        return f'"{key}": false'
    match = _BAD.search(value) if isinstance(value, str) else None
    return f'"{key}": "{match[0]}"' if match else None


def _leaves(content: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield key and value of what is no container, the keys above it joined by dots."""
    items = content.items() if isinstance(content, Mapping) else ()
    for key, value in items:
        name = f"{above}.{key}" if above else str(key)
        if isinstance(value, Mapping):
            yield from _leaves(value, name)
        else:
            yield name, value


def _in_text(answer: Answer) -> str | None:
    text = answer.body.strip()
    if len(text) > _LONGEST_TEXT or "<" in text:
        return None
    match = _BAD.search(text)
    return f'"{match[0]}"' if match else None
