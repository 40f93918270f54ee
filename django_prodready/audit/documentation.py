"""A check's page: the docstring of its file, taken apart for ``--explain`` and for the docs site."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django_prodready.audit.model import Check

HEADINGS = ("What it checks", "Why it matters", "When it is wrong", "How to fix", "Source")

_HEADING = re.compile(r"^(?P<title>\S[^\n]*)\n-{3,}[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    """One check's page."""

    title: str  # the bad pattern in one sentence
    sections: dict[str, str]  # text by heading, in the order written


def page_of(check: Check) -> Page:
    """Take the docstring of ``check`` apart. Missing headings are simply not among the sections."""
    parts = _HEADING.split(check.documentation.strip())
    title = " ".join(parts[0].split())
    return Page(
        title=title, sections=dict(zip(parts[1::2], (text.strip() for text in parts[2::2]), strict=True))
    )


def as_text(check: Check) -> str:
    """The page as ``prodcheck --explain`` prints it."""
    page = page_of(check)
    lines = [f"{check.name} ({check.severity.label})", page.title]
    for heading, text in page.sections.items():
        lines += ["", heading, *(f"  {line}".rstrip() for line in text.splitlines())]
    if check.django_ids:
        lines += ["", "Django's own check", f"  {', '.join(check.django_ids)}"]
    lines += ["", f"Needs: {', '.join(sorted(need.value for need in check.needs)) or 'nothing'}"]
    return "\n".join(lines)
