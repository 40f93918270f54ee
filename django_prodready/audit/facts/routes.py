"""The project's URL patterns, as far as they are written out: a health path may have any name."""

from __future__ import annotations

import functools
import inspect
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from django_prodready.audit.facts import sandbox
from django_prodready.audit.model import NotRun

__all__ = ["Route", "find_routes", "view_behind"]

# The first use of the URLconf imports the project's views.
_IMPORT_LIMIT_S = 30.0
_MOST = 5_000
_NO_LETTERS = re.compile(r"<[^>]*>|\\.|\(\?[^)]*\)|[\^$()]")


@dataclass(frozen=True, slots=True)
class Route:
    """One URL pattern."""

    text: str  # its literal parts, such as "api/health/"
    name: str  # of the pattern; empty when it has none
    view: str  # name of the view
    behind: Any = field(repr=False)  # the view itself: a function or a class

    def says(self, words: re.Pattern[str]) -> bool:
        """Whether the path, the name, or the name of the view has one of ``words``."""
        return any(words.search(text) for text in (self.text, self.name, self.view))


def find_routes() -> tuple[Route, ...]:
    """Find every URL pattern, or raise :class:`NotRun` when the URLconf cannot be imported."""
    try:
        routes, _ = sandbox.run(
            lambda: tuple(itertools.islice(_walk(get_resolver(), ""), _MOST)), limit_s=_IMPORT_LIMIT_S
        )
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a URLconf may raise anything
        raise NotRun(f"the URLconf could not be imported: {type(error).__name__}") from None
    return routes


def view_behind(callback: Callable[..., Any]) -> Any:
    """Return what a callback of the URLconf was made from: a function, or the class of the view."""
    view: Any = callback
    while True:  # decorators around as_view() around a class
        found = getattr(view, "view_class", None) or getattr(view, "cls", None)
        if inspect.isclass(found):
            return found
        if isinstance(view, functools.partial):
            view = view.func
        elif hasattr(view, "__wrapped__"):
            view = view.__wrapped__
        else:
            return view


def _walk(resolver: URLResolver, prefix: str) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        text = prefix + _NO_LETTERS.sub("", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, text)
        else:
            yield _route(pattern, text)


def _route(pattern: URLPattern, text: str) -> Route:
    view = view_behind(pattern.callback)
    return Route(text, pattern.name or "", getattr(view, "__name__", type(view).__name__), view)
