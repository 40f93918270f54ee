"""The status page's shapes: one for each state, so that it is seen without any colour."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from urllib.parse import quote

from django_prodready.health.outcome import Status


class Mark(enum.StrEnum):
    """One shape; its value is the CSS class that colours it."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"
    SKIPPED = "skipped"
    DRAINING = "draining"
    STARTING = "starting"


OF_STATUS = {
    Status.OK: Mark.OK,
    Status.DEGRADED: Mark.DEGRADED,
    Status.DOWN: Mark.DOWN,
    Status.SKIPPED: Mark.SKIPPED,
}

# (what is filled, the sign within it), on a field of 16 by 16; SKIPPED and STARTING are outlines.
_FILLED = {
    Mark.OK: ("<circle cx='8' cy='8' r='7.5'/>", "M4.6 8.4 7 10.8 11.5 5.6"),
    Mark.DEGRADED: ("<path d='M8 .8 15.8 15H.2z'/>", "M8 5.8v4.4M8 12v1.4"),
    Mark.DOWN: ("<path d='M4.9.5h6.2l4.4 4.4v6.2l-4.4 4.4H4.9L.5 11.1V4.9z'/>", "M5 5l6 6M11 5l-6 6"),
    Mark.DRAINING: ("<rect x='.8' y='.8' width='14.4' height='14.4' rx='3'/>", "M6 4.8v6.4M10 4.8v6.4"),
}
_OUTLINED = {
    Mark.SKIPPED: "<circle cx='8' cy='8' r='6.7' stroke-dasharray='2.6 1.6'/><path d='M5.2 8h5.6'/>",
    Mark.STARTING: "<circle cx='8' cy='8' r='6.7'/><path d='M8 4.2V8l2.7 1.9'/>",
}
# A tab may be light or dark, and an icon is not told which: these stand out from both.
_ICON_COLOURS = {Mark.OK: "#168a7c", Mark.DEGRADED: "#b87608", Mark.DOWN: "#d43a50"}
_WAITING = "#5c7fc9"


def sprite(marks: Iterable[Mark]) -> str:
    """Return the hidden drawing that :func:`mark` refers to."""
    symbols = "".join(
        f"<symbol id='{each}' viewBox='0 0 16 16'>{_shape(each, 'currentColor', 'var(--paper)')}</symbol>"
        for each in marks
    )
    return f"<svg class='sprite' aria-hidden='true'>{symbols}</svg>"


def mark(which: Mark) -> str:
    """Return the shape; hidden from screen readers, because its word always stands beside it."""
    return f"<svg class=mark aria-hidden=true><use href='#{which}'/></svg>"


def icon(which: Mark) -> str:
    """Return the shape as an address for the browser's tab."""
    colour = _ICON_COLOURS.get(which, _WAITING)
    drawing = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' fill='none'>"
        f"{_shape(which, colour, '#fff')}</svg>"
    )
    return "data:image/svg+xml," + quote(drawing, safe=" ='/:.")


def _shape(which: Mark, colour: str, paper: str) -> str:
    if which in _OUTLINED:
        return f"<g stroke='{colour}' stroke-width='1.6'>{_OUTLINED[which]}</g>"
    body, sign = _FILLED[which]
    return f"<g fill='{colour}'>{body}</g><path d='{sign}' stroke='{paper}' stroke-width='1.8'/>"
