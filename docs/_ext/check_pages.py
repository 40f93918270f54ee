"""Writes one page per check, and the table of all of them, from the docstrings of the checks' files."""

from __future__ import annotations

import importlib
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import written_pages

from django_prodready.audit.documentation import page_of
from django_prodready.audit.registry import all_checks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinx.application import Sphinx

    from django_prodready.audit.model import Check

FOLDER = "checks"
INTRODUCTION = """\
# The checks

{count} checks in {families} families. Each is named for the bad pattern that it looks for. The severity is
the highest that its findings may have. `manage.py prodcheck --explain ID` prints the same pages, and
`--list` this list, with the checks of other packages that are installed.
"""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("builder-inited", write_pages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def write_pages(app: Sphinx) -> None:
    """Write the folder of pages anew; a page whose check is gone goes too."""
    written_pages.write(Path(app.srcdir) / FOLDER, pages_of(all_checks().values()))


def pages_of(checks: Iterable[Check]) -> Mapping[str, str]:
    """The text of every page by file name."""
    ordered = sorted(checks, key=lambda check: check.name)
    families = [
        (family, list(members)) for family, members in groupby(ordered, key=lambda check: check.family)
    ]
    return {"index.md": index_page(families), **{f"{check.name}.md": check_page(check) for check in ordered}}


def index_page(families: list[tuple[str, list[Check]]]) -> str:
    """The page with one table per family and the table of contents."""
    count = sum(len(members) for _, members in families)
    parts = [INTRODUCTION.format(count=count, families=len(families))]
    for family, members in families:
        parts.append(f"\n## {family}\n\n{family_line(members[0])}\n\n")
        parts.append("| check | severity | looks for |\n| --- | --- | --- |\n")
        parts += [
            f"| {{doc}}`{check.name} <{check.name}>` | {severity(check)} | {title(check)} |\n"
            for check in members
        ]
    names = "\n".join(check.name for _, members in families for check in members)
    parts.append(f"\n```{{toctree}}\n:hidden:\n\n{names}\n```\n")
    return "".join(parts)


def family_line(check: Check) -> str:
    """The first line of the docstring of the family's package; empty for a family without one."""
    package = check.judge.__module__.rpartition(".")[0]
    return (importlib.import_module(package).__doc__ or "").strip().partition("\n")[0]


def title(check: Check) -> str:
    """The first sentence of the check's page, safe inside a table."""
    return page_of(check).title.replace("|", "\\|")


def severity(check: Check) -> str:
    """The highest severity of the check's findings, in a span that the style sheet colours."""
    return f"[{check.severity.label}]{{.severity .{check.severity.label}}}"


def check_page(check: Check) -> str:
    """One check's page in MyST Markdown."""
    page = page_of(check)
    sections = "".join(f"\n## {heading}\n\n{text}\n" for heading, text in page.sections.items())
    return f"# {check.name}\n\n{page.title}\n\n{facts_table(check)}{sections}"


def facts_table(check: Check) -> str:
    """What is known of the check beside its text; without the rows that would say "none"."""
    needs = ", ".join(sorted(need.value for need in check.needs))
    rows = {
        "Severity": severity(check),
        "[Needs](../prodcheck.md#what-a-run-does)": needs,
        "`check --deploy`": f"as `prodready.{check.name}`" if check.is_static else "not there",
        "Django's own": ", ".join(f"`{twin}`" for twin in check.django_ids),
        "Judged after": ", ".join(f"{{doc}}`{name}`" for name in check.requires),
        "In a terminal": f"`manage.py prodcheck --explain {check.name}`",
    }
    lines = "".join(f"* - {label}\n  - {value}\n" for label, value in rows.items() if value)
    return f"```{{list-table}}\n:class: check-facts\n:stub-columns: 1\n\n{lines}```\n"
