"""What prodsettings prints: sentences for people, JSON for scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django_prodready.management.prodsettings.cloudflare_ranges import Outcome, Result, changes
from django_prodready.management.prodsettings.errors import RefusedError
from django_prodready.management.prodsettings.explain_client import Explained
from django_prodready.management.prodsettings.in_force import FILE_KEY, List
from django_prodready.reporting.terminal import Style, wrap

WIDTH = 80
SCHEMA = 1
_LABEL_COLUMNS = 16  # "via_cloudflare" and two spaces


def of_ranges(result: Result, style: Style) -> str:
    """Say how the lists differ, what was written, and what to do about it."""
    lines = [*_wrapped(_verdict(result)), *_changes(changes(result.difference), style)]
    if result.outcome is Outcome.DIFFERS:
        force = " --force" if result.difference.is_large else ""
        lines += _wrapped(
            "What is removed is still taken for Cloudflare, and what is added is not. Refresh the list:"
            f" prodsettings --cloudflare-ranges --write FILE{force}, and {FILE_KEY} = FILE."
        )
    return _text([*lines, *_notes(result.notes, style)])


def of_refusal(error: RefusedError, style: Style) -> str:
    """Name what would have changed; the reason is told apart."""
    return _text(_changes(error.changes, style))


def of_client(explained: Explained, style: Style) -> str:
    """Tell the way to the client step by step, then what the project sees."""
    steps = [
        line
        for number, step in enumerate(explained.steps, start=1)
        for line in wrap(f"{number}. {step}", width=WIDTH, hanging=len(f"{number}. "))
    ]
    rows = [line for label, value in _rows(explained) for line in _row(label, value, style)]
    return _text([*steps, "", *rows, *_notes(explained.notes, style, before=[""])])


def ranges_as_json(result: Result) -> str:
    """Give the same for scripts. ``before`` is the list compared with, ``after`` the published one."""
    return _json(
        outcome=str(result.outcome),
        reason=None,
        file=None if result.file is None else str(result.file),
        before=_list(result.before),
        after=_list(result.after),
        added=list(map(str, result.difference.added)),
        removed=list(map(str, result.difference.removed)),
        notes=result.notes,
    )


def refusal_as_json(error: RefusedError) -> str:
    """Give the reason for scripts."""
    return _json(outcome="refused", reason=str(error), changes=list(error.changes))


def client_as_json(explained: Explained) -> str:
    """Give the same for scripts."""
    address = explained.address
    return _json(
        client_ip=address.client_ip,
        peer_ip=address.peer_ip,
        via_cloudflare=address.via_cloudflare,
        spoofed=address.spoofed,
        is_secure=explained.is_secure,
        refused=explained.is_refused,
        removed=explained.removed,
        rewritten=explained.rewritten,
        steps=explained.steps,
        notes=explained.notes,
    )


def _verdict(result: Result) -> str:
    before, after, difference = result.before, result.after, result.difference
    count = len(after.ranges.networks)
    counts = f"{len(difference.added)} added, {len(difference.removed)} removed"
    if result.outcome is Outcome.SAME:
        return f"{_first_upper(_named(before))} is up to date: it has the {count} networks of {after.name}."
    if result.outcome is Outcome.DIFFERS:
        return f"{_first_upper(_named(before))} differs from {_named(after)}: {counts}."
    if result.outcome is Outcome.UNCHANGED:
        return f"{result.file} is unchanged: it has the {count} networks of {after.name}."
    than = "" if before.name == str(result.file) else f" since {_named(before)}"
    what = f"{counts}{than}" if difference.share else f"no network is new or gone{than}"
    return f"Wrote {result.file}: {count} networks{_as_of(after.ranges.as_of)}, from {after.name}; {what}."


def _rows(explained: Explained) -> Iterator[tuple[str, str]]:
    address = explained.address
    yield "client_ip", str(address.client_ip)
    yield "peer_ip", str(address.peer_ip)
    yield "via_cloudflare", str(address.via_cloudflare)
    yield "spoofed", str(address.spoofed)
    yield "is_secure", f"{explained.is_secure} ({_on_scheme(explained)})"
    if explained.is_refused:
        probes = ", except GET and HEAD of the probe paths" if explained.is_probe_answered else ""
        yield "answer", f"403{probes} (CLOUDFLARE_ONLY)"
    yield "removed", ", ".join(explained.removed) or "nothing"
    yield "rewritten", ", ".join(explained.rewritten) or "nothing"


def _on_scheme(explained: Explained) -> str:
    if explained.scheme_header is None:
        return "SECURE_PROXY_SSL_HEADER is not set; TLS of the server itself is not known here"
    return f"by {explained.scheme_header}, which SECURE_PROXY_SSL_HEADER names"


def _row(label: str, value: str, style: Style) -> Iterable[str]:
    first, *others = wrap(value, indent=_LABEL_COLUMNS, width=WIDTH)
    return [style.bold(label) + " " * (_LABEL_COLUMNS - len(label)) + first.lstrip(), *others]


def _changes(named: Sequence[str], style: Style) -> list[str]:
    return [f"  {style.good(line) if line.startswith('+') else style.error(line)}" for line in named]


def _notes(notes: Sequence[str], style: Style, *, before: Sequence[str] = ()) -> list[str]:
    lines = [line for note in notes for line in _wrapped(f"{style.warning('Note:')} {note}")]
    return [*before, *lines] if lines else []


def _wrapped(text: str) -> list[str]:
    return wrap(text, width=WIDTH, hanging=2)


def _named(what: List) -> str:
    as_of = _as_of(what.ranges.as_of)
    return f"{what.name} ({as_of.strip()})" if as_of else what.name


def _as_of(day: date | None) -> str:
    return f" as of {day.isoformat()}" if day is not None else ""


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _list(what: List) -> dict[str, Any]:
    as_of = what.ranges.as_of
    return {
        "name": what.name,
        "as_of": None if as_of is None else as_of.isoformat(),
        "networks": len(what.ranges.networks),
    }


def _json(**values: Any) -> str:
    return json.dumps({"schema": SCHEMA, **values}, indent=2) + "\n"


def _text(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
