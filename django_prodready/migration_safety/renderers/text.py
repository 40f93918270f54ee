"""The report for people: the worst first, each finding with its way out, and safe migrations in few lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import django_prodready
from django_prodready.migration_safety.model import (
    Category,
    Finding,
    Judgement,
    Lock,
    Phase,
    Verdict,
)
from django_prodready.migration_safety.renderers.summary import WORST_FIRST, conclusion, counting, name_of
from django_prodready.migration_safety.rules._words import sql_name
from django_prodready.reporting.finding import Location, Suppression
from django_prodready.reporting.terminal import Style, one_line, printable, wrap

if TYPE_CHECKING:
    from django_prodready.migration_safety.lint import Linted
    from django_prodready.migration_safety.renderers import View

WIDTH = 80
SAFE_ONE_A_LINE = 10  # more of them are listed by app

_LABEL_WIDTH = len("UNKNOWN")
_INDENT = 4
_CODE_INDENT = 6
_WAITS = {
    "AccessExclusiveLock": "reads and writes wait",
    "ExclusiveLock": "writes wait",
    "ShareRowExclusiveLock": "writes wait",
    "ShareLock": "writes wait",
}
_UNITS = ("B", "kB", "MB", "GB", "TB")
_UNIT = 1024


def render(linted: Linted, view: View) -> str:
    """Render a report at most 80 columns wide, but for code and paths, which cannot be broken."""
    report = linted.report
    closing = conclusion(report, view.fail_level)
    if view.verbosity == 0:
        return closing + "\n"
    blocks = [_header(linted)]
    for verdict in WORST_FIRST[:2]:
        blocks += [
            _block(judgement, linted.places.get(judgement.key), view)
            for judgement in report.judgements
            if judgement.verdict is verdict
        ]
    blocks += _safe(linted, view)
    if report.notes:
        blocks.append([view.style.bold("notes"), *(line for note in report.notes for line in _bullet(note))])
    blocks.append(wrap(closing, width=WIDTH))
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _header(linted: Linted) -> list[str]:
    report = linted.report
    how = "traced on a scratch database" if report.traced else "not traced"
    return wrap(
        f"prodmigrate --lint {django_prodready.__version__} · database {report.database} · {how}", width=WIDTH
    )


def _block(judgement: Judgement, place: Location | None, view: View) -> list[str]:
    lines = [_headline(judgement, view.style, _about(judgement))]
    if place is not None:
        lines.append(f"  {one_line(place.file)}")
    for finding in sorted(judgement.findings, key=_place_in_report):
        if finding.suppressed is None or view.verbosity > 1:
            lines += ["", *_finding(finding, view.style)]
    if judgement.not_checked:
        lines += ["", "  not checked", *(line for text in judgement.not_checked for line in _bullet(text, 4))]
    return lines


def _headline(judgement: Judgement, style: Style, about: list[str]) -> str:
    colour = {Verdict.UNSAFE: style.critical, Verdict.UNKNOWN: style.warning, Verdict.SAFE: style.good}
    label = colour[judgement.verdict](judgement.verdict.value.upper().ljust(_LABEL_WIDTH))
    tail = f"  ({', '.join(about)})" if about else ""
    return f"{label}  {style.bold(one_line(name_of(judgement)))}{style.dim(tail)}"


def _about(judgement: Judgement) -> list[str]:
    about = [judgement.phase.value] if judgement.phase is Phase.CONTRACT else []
    about += [] if judgement.reversible else ["irreversible"]
    return about + ([f"ran in {judgement.duration_ms:.0f} ms"] if judgement.duration_ms is not None else [])


def _about_safe(judgement: Judgement) -> list[str]:
    """What is worth a word in the one line of a safe migration; ``-v 2`` shows the rest."""
    counted = counting(judgement)
    about = [] if judgement.reversible else ["irreversible"]
    about += [finding.rule for finding in counted if finding.rule not in about]
    suppressed = len(judgement.findings) - len(counted)
    about += [f"{suppressed} suppressed"] if suppressed else []
    return about + ([f"{len(judgement.not_checked)} not checked"] if judgement.not_checked else [])


def _place_in_report(finding: Finding) -> tuple[int, bool, int]:
    """The worst first, then by place in the file; what is said of the migration as a whole comes last."""
    return -finding.severity, finding.operation is None, finding.operation or 0


def _finding(finding: Finding, style: Style) -> list[str]:
    label = style.severity(finding.severity, finding.severity.label)
    place = f"  line {finding.at.line}" if finding.at and finding.operation is not None else ""
    subject = f"  {one_line(finding.subject)}" if finding.subject else ""
    kind = f" ({finding.category.value})" if finding.category else ""
    lines = [f"  {label} {style.bold(finding.rule)}{kind}{subject}{style.dim(place)}"]
    lines += wrap(finding.message, indent=_INDENT, width=WIDTH)
    lines += [style.dim(line) for line in _facts(finding)]
    lines += _labelled("fix", finding.hint)
    if finding.safe_way:
        lines += [f"{' ' * _INDENT}safe way"]
        lines += [
            f"{' ' * _CODE_INDENT}{line}".rstrip() for line in printable(finding.safe_way).strip().split("\n")
        ]
    if finding.suppressed is not None:
        lines += [
            style.dim(line) for line in wrap(_suppression(finding.suppressed), _INDENT, WIDTH, hanging=2)
        ]
    return lines


def _facts(finding: Finding) -> Iterator[str]:
    # Where no work is done under it, a lock is held for a moment only.
    if finding.locks and finding.category is Category.BLOCKING:
        yield from _labelled("lock", "; ".join(_lock(lock) for lock in finding.locks))
    if finding.rewrite:
        yield from _labelled("work", "the table is written anew")
    size = _size(finding)
    if size:
        yield from _labelled("size", size)


def _lock(lock: Lock) -> str:
    waits = _WAITS.get(lock.mode)
    return f"{sql_name(lock.mode)} on {lock.table}{f': {waits}' if waits else ''}"


def _size(finding: Finding) -> str:
    parts = []
    if finding.rows is not None:
        parts.append(f"{finding.rows:,} rows")
    if finding.bytes is not None:
        parts.append(_amount(finding.bytes))
    if finding.estimated_block_s is not None:
        reason = f" ({finding.estimate_reason})" if finding.estimate_reason else ""
        parts.append(f"blocks for about {finding.estimated_block_s:.2g} s{reason}")
    return ", ".join(parts)


def _amount(size: float) -> str:
    unit = 0
    while size >= _UNIT and unit < len(_UNITS) - 1:
        size /= _UNIT
        unit += 1
    return f"{size:.0f} {_UNITS[unit]}" if size >= 100 else f"{size:.2g} {_UNITS[unit]}"


def _suppression(suppressed: Suppression) -> str:
    words = {"ignore": "ignored", "baseline": "in the baseline"}
    return f"{words.get(suppressed.by, suppressed.by)}: {suppressed.reason}"


def _safe(linted: Linted, view: View) -> Iterator[list[str]]:
    safe = [judgement for judgement in linted.report.judgements if judgement.verdict is Verdict.SAFE]
    if view.verbosity > 1:
        yield from (_block(judgement, linted.places.get(judgement.key), view) for judgement in safe)
    elif safe:
        yield _one_a_line(safe, view.style) if len(safe) <= SAFE_ONE_A_LINE else _by_app(safe, view.style)


def _one_a_line(safe: list[Judgement], style: Style) -> list[str]:
    return [_headline(judgement, style, _about_safe(judgement)) for judgement in safe]


def _by_app(safe: list[Judgement], style: Style) -> list[str]:
    apps: dict[str, int] = {}
    for judgement in safe:
        apps[judgement.key[0]] = apps.get(judgement.key[0], 0) + 1
    listed = ", ".join(f"{app} {number}" for app, number in apps.items())
    label = style.good("SAFE".ljust(_LABEL_WIDTH))
    first, *others = wrap(f"{len(safe)} migrations: {listed}", width=WIDTH - _LABEL_WIDTH - 2)
    indent = " " * (_LABEL_WIDTH + 2)
    return [f"{label}  {first}", *(f"{indent}{line}" for line in others)]


def _labelled(label: str, text: str) -> list[str]:
    start = f"{label:<6}"
    return wrap(f"{start}{text}", indent=_INDENT, width=WIDTH, hanging=len(start))


def _bullet(text: str, indent: int = 2) -> list[str]:
    return wrap(f"- {text}", indent=indent, width=WIDTH, hanging=2)
