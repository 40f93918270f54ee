"""Text: what a person reads in a terminal. The first line is the status, then one line per probe."""

from __future__ import annotations

from django_prodready.health.statement import Statement

CONTENT_TYPE = "text/plain; charset=utf-8"
EXTRA_HEADERS = ()


def render(statement: Statement) -> bytes:
    """Return the lines: ``not_ready``, ``database: down``, ``cache: ok``."""
    lines = [statement.status]
    if statement.reason is not None:
        lines.append(f"reason: {statement.reason}")
    if statement.report is not None:
        lines += [f"{name}: {outcome.status.value}" for name, outcome in statement.report.outcomes.items()]
    return "".join(f"{_one_line(line)}\n" for line in lines).encode(errors="backslashreplace")


def _one_line(text: str) -> str:
    """Keep a name of the user's choice from looking like two lines."""
    return " ".join(text.split())
