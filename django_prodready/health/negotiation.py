"""In which format to answer: ``?format=`` says it, else the Accept header."""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Iterator

from django_prodready.health.answer import refusal


class Format(enum.StrEnum):
    """The formats, the preferred first: JSON is what ``*/*`` gets."""

    JSON = "json"
    HEALTH_JSON = "health+json"
    OPENMETRICS = "openmetrics"
    TEXT = "text"
    HTML = "html"


_MEDIA_TYPES = {
    Format.JSON: "application/json",
    Format.HEALTH_JSON: "application/health+json",
    Format.OPENMETRICS: "application/openmetrics-text",
    Format.TEXT: "text/plain",
    Format.HTML: "text/html",
}
# "+" in a query string is a space.
_BY_NAME = {format_.value: format_ for format_ in Format} | {
    "health": Format.HEALTH_JSON,
    "health json": Format.HEALTH_JSON,
}
_QUALITY = re.compile(r"q=([01](?:\.\d{0,3})?)", re.IGNORECASE)
_MAX_RANGES = 64  # no honest client sends as many


def format_of(asked: str | None, accept: str | None) -> Format:
    """Choose by ``asked``, the value of ``?format=``, else by the Accept header.

    A header that accepts none of ours gets JSON: a probe is never refused for its Accept.

    Raises:
        Refusal: ``asked`` is no format.
    """
    if asked is not None:
        found = _BY_NAME.get(asked.lower())
        if found is None:
            raise refusal(400, {"status": "unknown_format", "known": list(Format)})
        return found
    if not accept or accept == "*/*":
        return Format.JSON
    return _accepted(accept)


@functools.lru_cache(maxsize=32)
def _accepted(accept: str) -> Format:
    """Return the format of the highest quality; of several, the one that is named most exactly."""
    wanted = list(_ranges(accept))
    ranked = [(*_rank(wanted, media_type), format_) for format_, media_type in _MEDIA_TYPES.items()]
    quality, _, best = max(ranked, key=lambda ranked_format: ranked_format[:2])
    return best if quality > 0 else Format.JSON


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(",", _MAX_RANGES)[:_MAX_RANGES]:
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        qualities = [match[1] for match in map(_QUALITY.fullmatch, parameters) if match]
        yield media_range.lower(), float(qualities[0]) if qualities else 1.0


def _rank(wanted: list[tuple[str, float]], media_type: str) -> tuple[float, int]:
    """Return the quality that the most exact range gives ``media_type``, and how exact that range is."""
    any_subtype = f"{media_type.partition('/')[0]}/*"
    for exactness, media_range in ((2, media_type), (1, any_subtype), (0, "*/*")):
        qualities = [quality for name, quality in wanted if name == media_range]
        if qualities:
            return max(qualities), exactness
    return 0.0, 0
