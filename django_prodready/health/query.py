"""What a query string asks of a health endpoint.

A token is never looked for here: query strings end up in access logs.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from django_prodready.health.answer import refusal

# No honest question comes near these; what is longer is not worth the work of reading it.
MAX_CHARS = 4096
MAX_FIELDS = 64

_NO = frozenset({"0", "false"})


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters that are known; all others are ignored."""

    is_verbose: bool = False
    format: str | None = None  # as it was written; the last one when it is given twice
    probes: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


EMPTY = Query()


def parse_query(raw: str) -> Query:
    """Read ``raw``, which is undecoded and without "?".

    Raises:
        Refusal: it is too long.
    """
    if not raw:
        return EMPTY
    if len(raw) > MAX_CHARS:
        raise refusal(400, {"status": "bad_query"})
    return _parse(raw)


# Who asks a health endpoint asks the same thing every few seconds.
@functools.lru_cache(maxsize=32)
def _parse(raw: str) -> Query:
    try:
        fields = parse_qs(_repaired(raw), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise refusal(400, {"status": "bad_query"}) from error
    return _query(fields)


def _repaired(raw: str) -> str:
    """Undo what WSGI does to bytes that should have been escaped: it decodes them as Latin-1."""
    try:
        return raw.encode("latin-1").decode()
    except UnicodeError:
        return raw


def _query(fields: Mapping[str, list[str]]) -> Query:
    return Query(
        is_verbose="verbose" in fields and fields["verbose"][-1].lower() not in _NO,
        format=fields["format"][-1] if "format" in fields else None,
        probes=tuple(fields.get("probe", ())),
        excluded=tuple(fields.get("exclude", ())),
        groups=tuple(fields.get("group", ())),
    )
