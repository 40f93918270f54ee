"""A rule: one thing that a migration may do to the running site. One file under ``rules/`` is one rule."""

from __future__ import annotations

import functools
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.migration_safety import rules
from django_prodready.migration_safety.harm import Harm, Words
from django_prodready.migration_safety.model import Category, Evidence, Finding
from django_prodready.migration_safety.rules._imports import with_imports
from django_prodready.reporting.finding import Severity

if TYPE_CHECKING:
    from django_prodready.migration_safety.static.view import View

HEADINGS = ("What happens", "Why it matters", "The safe way", "When it is intended", "References")

Word = Callable[[Harm], Words]
Infer = Callable[["View"], Iterator[Harm]]

_HEADING = re.compile(r"^(?P<title>\S[^\n]*)\n-{3,}[ \t]*$", re.MULTILINE)
_ON_ANOTHER = ("scan-under-lock", "write-under-lock")
_SEVERITIES = {Category.FAILS: Severity.CRITICAL, None: Severity.INFO}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that a migration may do, named for it."""

    name: str  # "index-build": the file's name with "-" for "_"
    category: Category | None
    severity: Severity
    word: Word
    infer: Infer | None  # None: concluded from a migration as a whole, or seen only when it runs
    documentation: str  # the docstring of its module: the rule's page


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A rule's page, taken apart."""

    title: str
    sections: dict[str, str]  # text by heading, in the order written


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A small migration of the app ``shop``, written as the operations in its list.

    The texts may use ``migrations``, ``models``, ``postgres`` (django.contrib.postgres.operations), and what
    ``code`` defines.
    """

    operations: str  # what is judged
    deployed: str = ""  # operations that are deployed before it, on top of the shop's own tables
    earlier: str = ""  # operations of a migration of the same release that runs before it
    atomic: bool = True
    code: str = ""  # imports and functions above the class
    needs_trace: bool = False  # cannot be told without running it


def declare(
    *, category: Category | None, word: Word, infer: Infer | None = None, severity: Severity | None = None
) -> Rule:
    """Make the rule of the module that ``word`` is written in.

    The severity is that of the category: critical for what fails, info without category, else error.
    """
    return Rule(
        name=word.__module__.rpartition(".")[2].replace("_", "-"),
        category=category,
        severity=severity or _SEVERITIES.get(category, Severity.ERROR),
        word=word,
        infer=infer,
        documentation=word.__globals__.get("__doc__") or "",
    )


@functools.cache
def all_rules() -> Mapping[str, Rule]:
    """Every rule by name, sorted."""
    found = {}
    for module in pkgutil.iter_modules(rules.__path__):
        if not module.name.startswith("_"):
            declared = importlib.import_module(f"{rules.__name__}.{module.name}").RULE
            found[declared.name] = declared
    return dict(sorted(found.items()))


def finding_of(harm: Harm, evidence: Evidence) -> Finding:
    """Put a harm into words. KeyError for a harm of no rule."""
    rule = all_rules()[harm.rule]
    words = rule.word(harm)
    return Finding(
        rule=rule.name,
        category=rule.category,
        evidence=evidence,
        severity=rule.severity,
        message=words.message,
        hint=words.hint,
        safe_way=with_imports(harm.way or words.safe_way),
        operation=harm.operation,
        tables=_worked_on(harm),
        locks=harm.locks,
        rewrite=harm.rewrite,
        method=harm.method,
        subject=subject_of(harm),
    )


def _worked_on(harm: Harm) -> tuple[str, ...]:
    """Name the table whose size decides how long it takes: not the locked one where another is read."""
    table = harm.other_table if harm.rule in _ON_ANOTHER and harm.other_table else harm.table
    return (table,) if table else ()


def subject_of(harm: Harm) -> str | None:
    """Name what a harm is about: ``shop_book.title``, ``shop_book`` or the name of an index without table."""
    if harm.table is None:
        return harm.name
    part = harm.name or ", ".join(harm.columns)
    return f"{harm.table}.{part}" if part else harm.table


def page_of(rule: Rule) -> Page:
    """Take the documentation of a rule apart. Missing headings are simply not among the sections."""
    parts = _HEADING.split(rule.documentation.strip())
    texts = (text.strip() for text in parts[2::2])
    return Page(title=" ".join(parts[0].split()), sections=dict(zip(parts[1::2], texts, strict=True)))
