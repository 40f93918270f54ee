"""The formats of an answer: one module each, which turns a statement into bytes.

A module has ``CONTENT_TYPE``, ``EXTRA_HEADERS`` and ``render(statement)``. None of them looks at anything
but the statement, so what is not in it cannot be told.
"""

from __future__ import annotations

import functools
from importlib import import_module
from typing import Protocol, cast

from django_prodready.health.negotiation import Format
from django_prodready.health.statement import Statement

_MODULES = {
    Format.JSON: "json",
    Format.HEALTH_JSON: "health_json",
    Format.OPENMETRICS: "openmetrics",
    Format.TEXT: "text",
    Format.HTML: "html",
}


class Renderer(Protocol):
    """What a module of this package offers."""

    CONTENT_TYPE: str
    EXTRA_HEADERS: tuple[tuple[str, str], ...]  # beside those that every answer has

    def render(self, statement: Statement) -> bytes:
        """Return the body that says ``statement``."""


@functools.cache
def renderer_of(format_: Format) -> Renderer:
    """Return the module that renders ``format_``; it is loaded when it is asked for first."""
    return cast("Renderer", import_module(f"{__name__}.{_MODULES[format_]}"))
