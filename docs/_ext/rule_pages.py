"""Writes one page per rule of prodmigrate, and the table of all of them, from the files of the rules."""

from __future__ import annotations

import importlib
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import written_pages

from django_prodready.migration_safety.model import Category
from django_prodready.migration_safety.rule import all_rules, page_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sphinx.application import Sphinx

    from django_prodready.migration_safety.rule import Example, Rule

FOLDER = "rules"
INTRODUCTION = """\
# The rules

What [`prodmigrate --lint`](../prodmigrate.md) may say of a migration: {count} rules, each named for
what the migration does. A rule of a category makes it unsafe; one without is told beside the verdict. The
severity is what `--fail-level` asks for.

Each page ends with examples: migrations of an app `shop`, whose tables `shop_author`, `shop_book` and
`shop_tag` have rows. Tests judge them, without a server and on one. What a rule does not report, another
one may.
"""
CATEGORIES = {
    Category.BLOCKING: "A lock keeps writers of a table waiting, for longer the larger the table.",
    Category.FAILS: "The migration itself fails: on rows that exist, or whatever the rows.",
    Category.INCOMPATIBLE: "The release that serves, or the one that is to serve, breaks.",
    Category.DESTRUCTIVE: "Data is deleted on purpose, which no way back brings back.",
    Category.BULK_WRITE: "One transaction writes nearly all rows of a table.",
    None: "Worth knowing, and no reason to call a migration unsafe.",
}
WITHOUT = "no category"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("builder-inited", write_pages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def write_pages(app: Sphinx) -> None:
    """Write the folder of pages anew; a page whose rule is gone goes too."""
    written_pages.write(Path(app.srcdir) / FOLDER, pages_of(all_rules().values()))


def pages_of(rules: Iterable[Rule]) -> Mapping[str, str]:
    """The text of every page by file name."""
    ordered = sorted(rules, key=lambda rule: rule.name)
    return {"index.md": index_page(ordered), **{f"{rule.name}.md": rule_page(rule) for rule in ordered}}


def index_page(rules: list[Rule]) -> str:
    """The page with one table per category and the table of contents."""
    parts = [INTRODUCTION.format(count=len(rules))]
    for category, meaning in CATEGORIES.items():
        parts.append(f"\n## {label_of(category)}\n\n{meaning}\n\n")
        parts.append("| rule | severity | says |\n| --- | --- | --- |\n")
        parts += [
            f"| {{doc}}`{rule.name} <{rule.name}>` | {severity(rule)} | {title(rule)} |\n"
            for rule in rules
            if rule.category is category
        ]
    names = "\n".join(rule.name for rule in rules)
    parts.append(f"\n```{{toctree}}\n:hidden:\n\n{names}\n```\n")
    return "".join(parts)


def label_of(category: Category | None) -> str:
    """The word that reports use."""
    return category.value if category else WITHOUT


def title(rule: Rule) -> str:
    """The first sentence of the rule's page, safe inside a table."""
    return page_of(rule).title.replace("|", "\\|")


def severity(rule: Rule) -> str:
    """The severity of the rule's findings, in a span that the style sheet colours."""
    return f"[{rule.severity.label}]{{.severity .{rule.severity.label}}}"


def rule_page(rule: Rule) -> str:
    """One rule's page in MyST Markdown; the references stand behind the examples."""
    page = page_of(rule)
    sections = dict(page.sections)
    references = sections.pop("References")
    body = "".join(f"\n## {heading}\n\n{text}\n" for heading, text in sections.items())
    examples = "".join(examples_of(rule))
    return (
        f"# {rule.name}\n\n{page.title}\n\n{facts_table(rule)}{body}{examples}"
        f"\n## References\n\n{references}\n"
    )


def facts_table(rule: Rule) -> str:
    """What is known of the rule beside its text."""
    category = label_of(rule.category)
    rows = {
        "Category": f"[{category}](index.md#{category.replace(' ', '-')})",
        "Severity": severity(rule),
        "Told by": "`--lint`, `--lint --trace`" if rule.infer else "`--lint --trace`",
        "To silence it": f"`# prodready: ignore[{rule.name}] -- reason`",
    }
    lines = "".join(f"* - {label}\n  - {value}\n" for label, value in rows.items())
    return f"```{{list-table}}\n:class: check-facts\n:stub-columns: 1\n\n{lines}```\n"


def examples_of(rule: Rule) -> Iterator[str]:
    """The sections with the examples that the rule reports and those that it does not."""
    module = importlib.import_module(rule.word.__module__)
    for heading, examples in (("Reported", module.UNSAFE), ("Not reported", module.SAFE)):
        yield f"\n## {heading}\n"
        yield from (f"\n```python\n{code_of(example)}\n```\n" for example in examples)


def code_of(example: Example) -> str:
    """An example as the body of a migration, with what stands in front of it as comments say."""
    parts = [
        _before("Deployed already", example.deployed),
        _before("In an earlier migration of the same release", example.earlier),
        textwrap.dedent(example.code).strip(),
    ]
    written = [part for part in parts if part]
    atomic = "" if example.atomic else "atomic = False\n"
    written.append(f"{atomic}operations = [\n{textwrap.indent(_listed(example.operations), '    ')}\n]")
    return "\n\n".join(written)


def _before(what: str, operations: str) -> str:
    return f"# {what}:\n{_listed(operations)}" if operations.strip() else ""


def _listed(operations: str) -> str:
    text = textwrap.dedent(operations).strip()
    return text if text.endswith(",") else f"{text},"
