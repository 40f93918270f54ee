"""One module per output format. Each turns a report into text, and a report's meaning is the same in all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django_prodready.migration_safety.lint import Linted
from django_prodready.migration_safety.renderers import github, json, sarif, text
from django_prodready.reporting.finding import Severity
from django_prodready.reporting.terminal import Style


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How much of a report to show, and how; formats use what concerns them."""

    style: Style
    fail_level: Severity | None  # None: nothing fails the run
    verbosity: int = 1  # 0 one line, 1 what counts, 2 also what is suppressed and every safe migration


Renderer = Callable[[Linted, View], str]

FORMATS: Mapping[str, Renderer] = {
    "text": text.render,
    "json": json.render,
    "sarif": sarif.render,
    "github": github.render,
}

ENDINGS: Mapping[str, str] = {".txt": "text", ".json": "json", ".sarif": "sarif"}
