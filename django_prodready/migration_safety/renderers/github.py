"""Annotations for GitHub Actions: one line per finding, at the operation that it speaks of.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.migration_safety.model import Finding, Judgement, Verdict
from django_prodready.migration_safety.renderers.summary import conclusion, counting, name_of
from django_prodready.reporting.finding import Location, Severity
from django_prodready.reporting.terminal import printable

if TYPE_CHECKING:
    from django_prodready.migration_safety.lint import Linted
    from django_prodready.migration_safety.renderers import View

_COMMANDS = {
    Severity.CRITICAL: "error",
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
}


def render(linted: Linted, view: View) -> str:
    """Render what counts, and the conclusion as a plain line."""
    lines: list[str] = []
    for judgement in linted.report.judgements:
        lines += _annotations(judgement, linted.places.get(judgement.key))
    lines += [_command("notice", "prodmigrate", note) for note in linted.report.notes]
    return "\n".join([*lines, conclusion(linted.report, view.fail_level)]) + "\n"


def _annotations(judgement: Judgement, place: Location | None) -> Iterator[str]:
    name = name_of(judgement)
    for finding in counting(judgement):
        title = f"{finding.rule} in {name}"
        yield _command(_COMMANDS[finding.severity], title, _message(finding), finding.at or place)
    if judgement.verdict is Verdict.UNKNOWN:
        text = "\n".join(("No verdict.", *judgement.not_checked))
        yield _command("warning", f"{name} is unknown", text, place)


def _message(finding: Finding) -> str:
    text = f"{finding.message}\n{finding.hint}"
    return f"{text}\n\n{finding.safe_way}" if finding.safe_way else text


def _command(command: str, title: str, message: str, place: Location | None = None) -> str:
    properties = {"title": title}
    if place is not None:
        properties = {"file": place.file, "line": str(place.line), **properties}
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{command} {written}::{_data(message)}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
