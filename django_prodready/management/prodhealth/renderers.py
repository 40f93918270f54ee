"""What prodhealth prints: blocks and lines for people, JSON for scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import django_prodready
from django_prodready.health.outcome import Status
from django_prodready.management.prodhealth.drain_file import Change
from django_prodready.management.prodhealth.state import Row, State
from django_prodready.reporting.terminal import Style, columns, one_line, wrap

WIDTH = 80

_MARKS = {Status.OK: "+", Status.DEGRADED: "!", Status.DOWN: "x", Status.SKIPPED: "-"}
_STATUS_COLUMNS = 2 + max(map(len, Status))
_INDENT = _STATUS_COLUMNS + 2


def block(state: State, style: Style, verbosity: int) -> str:
    """Show all of ``state``: where, each probe, the verdict; the verdict alone where ``verbosity`` is 0."""
    verdict = "\n".join(wrap(_verdict(state, style), width=WIDTH, hanging=2)) + "\n"
    if verbosity == 0:
        return verdict
    header = wrap(f"prodhealth {django_prodready.__version__} · {state.place}", width=WIDTH)
    width = max((columns(one_line(row.name)) for row in state.rows), default=0)
    rows = [line for row in state.rows for line in _lines(row, style, width)]
    return "\n".join([*header, "", *rows, *([""] if rows else []), verdict])


def changes(before: State, now: State, style: Style, clock: str) -> str:
    """Show in one line each what is another than it was, and the verdict if that is."""
    earlier = {row.name: _gist(row) for row in before.rows}
    lines = [
        _timed(clock, f"{_word(row, style)}  {one_line(f'{row.name} {row.said}')}", style)
        for row in now.rows
        if earlier.get(row.name) != _gist(row)
    ]
    if (before.status, before.reason, before.is_fit) != (now.status, now.reason, now.is_fit):
        lines.append(_timed(clock, _verdict(now, style), style))
    return "".join(f"{line}\n" for line in lines)


def as_json(state: State) -> str:
    """Show ``state`` as the JSON of /ready/."""
    return json.dumps(state.payload, indent=2) + "\n"


def as_json_line(state: State, clock: str) -> str:
    """Show ``state`` as one line of JSON that begins with the time."""
    return json.dumps({"at": clock, **state.payload}) + "\n"


def of_change(change: Change, form: str) -> str:
    """Say what became of DRAIN_FILE."""
    if form == "json":
        payload: dict[str, Any] = {"draining": change.is_draining, "changed": change.is_new}
        return json.dumps({**payload, "drain_file": str(change.path)}, indent=2) + "\n"
    path = one_line(str(change.path))
    if change.is_draining:
        return f"Draining: {'created' if change.is_new else 'there already was'} {path}.\n"
    return f"Not draining: {'removed' if change.is_new else 'there was no'} {path}.\n"


def _lines(row: Row, style: Style, width: int) -> Iterator[str]:
    name = one_line(row.name)
    critical = {True: "critical", False: "not critical", None: ""}[row.is_critical]
    took = "" if row.duration_ms is None else f"{row.duration_ms:.0f} ms"
    padding = " " * (width - columns(name))
    yield f"{_word(row, style)}  {style.bold(name)}{padding}  {critical:<12}  {took:>8}".rstrip()
    if row.said:
        yield from wrap(row.said, indent=_INDENT, width=WIDTH, hanging=2)


def _word(row: Row, style: Style) -> str:
    """Pad before colouring: a terminal's codes take no columns."""
    text = f"{_MARKS[row.status]} {row.status.value}".ljust(_STATUS_COLUMNS)
    if row.status is Status.DOWN:
        return style.warning(text) if row.is_critical is False else style.error(text)
    if row.status is Status.DEGRADED:
        return style.warning(text)
    return style.good(text) if row.status is Status.OK else style.dim(text)


def _verdict(state: State, style: Style) -> str:
    words = one_line(state.status).replace("_", " ").upper()
    down = [row.name for row in state.rows if row.status is Status.DOWN and row.is_critical is not False]
    weak = [row.name for row in state.rows if row.status is Status.DEGRADED or _is_weak(row)]
    said = [state.reason] if state.reason else []
    said += [f"down: {', '.join(down)}"] if down and not state.reason else []
    said += [f"degraded: {', '.join(weak)}"] if weak else []
    text = one_line("; ".join(said)).removesuffix(".")
    coloured = style.good(words) if state.is_fit else style.error(words)
    return f"{coloured}: {text}." if text else f"{coloured}."


def _is_weak(row: Row) -> bool:
    return row.status is Status.DOWN and row.is_critical is False


def _gist(row: Row) -> tuple[Status, str]:
    """Leave out an error's text: it may hold a number or an address that is another at every look."""
    return row.status, row.said.partition(": ")[0]


def _timed(clock: str, text: str, style: Style) -> str:
    return f"{style.dim(clock)}  {text}"
