"""One module per output format. Each turns a report into text, and a report's meaning is the same in all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django_prodready.audit.model import Report
from django_prodready.audit.renderers import concise, json, text
from django_prodready.reporting.finding import Severity
from django_prodready.reporting.terminal import Style


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How much of a report to show, and how; formats use what concerns them."""

    style: Style
    fail_level: Severity | None  # None: findings never fail the run
    verbosity: int = 1  # 0 one line, 1 findings, 2 also passes, suppressed findings and tracebacks
    durations: bool = False


Renderer = Callable[[Report, View], str]

FORMATS: Mapping[str, Renderer] = {"text": text.render, "concise": concise.render, "json": json.render}

ENDINGS: Mapping[str, str] = {".txt": "text", ".json": "json"}
