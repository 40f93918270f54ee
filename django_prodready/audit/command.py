"""The prodcheck command, apart from Django's command class: options, run, output, exit code."""

from __future__ import annotations

import dataclasses
import json
import os
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

from django_prodready.audit import documentation, registry
from django_prodready.audit.audit import OFFLINE_NEEDS, Audit
from django_prodready.audit.console import CannotPrintError, Console, printable
from django_prodready.audit.model import Check, Need, Outcome, Report
from django_prodready.audit.project import facts_of_process, redactor_for, suppressions_for
from django_prodready.audit.renderers import ENDINGS, FORMATS, View
from django_prodready.audit.renderers.summary import fails
from django_prodready.reporting.errors import ConfigurationError
from django_prodready.reporting.finding import Severity
from django_prodready.reporting.project_config import read_project_config
from django_prodready.reporting.terminal import Style

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

OK, FINDINGS, FAILED, NOTHING_RAN = 0, 1, 2, 3

LEVELS: Mapping[str, Severity | None] = {
    **{severity.label: severity for severity in reversed(Severity)},
    "never": None,
}
DEFAULT_LEVEL = "error"


class UsageError(Exception):
    """The command line, or the project's configuration of it, cannot be carried out as it stands."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add prodcheck's own options to ``parser``."""
    add = parser.add_argument
    add(
        "--only",
        action="append",
        default=[],
        metavar="SEL",
        help="Run this check or family only; may repeat.",
    )
    add(
        "--skip",
        action="append",
        default=[],
        metavar="SEL",
        help="Leave this check or family out; may repeat.",
    )
    add(
        "--live",
        action="store_true",
        help="Also open the connections that the settings name, to read; without it none is opened.",
    )
    add(
        "--root",
        type=Path,
        metavar="DIR",
        help="Where the project's files are (default: the repository).",
    )
    add("--fail-level", choices=list(LEVELS), help=f"Exit 1 from here on (default: {DEFAULT_LEVEL}).")
    add("--format", choices=list(FORMATS), default="text", help="What to print (default: text).")
    add(
        "--output",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help=f"Also write the report to FILE, as its ending says ({', '.join(ENDINGS)}); may repeat.",
    )
    add("--durations", action="store_true", help="Show the slowest checks; for the text format.")
    pages = parser.add_mutually_exclusive_group()
    pages.add_argument("--list", action="store_true", help="List the checks and end.")
    pages.add_argument("--explain", metavar="ID", help="Print the page of one check and end.")


def run(options: Mapping[str, Any], console: Console, *, load_failure: BaseException | None = None) -> int:
    """Carry out the command and return its exit code. Raises :class:`UsageError`."""
    _refuse_stray_modifiers(options)
    checks = registry.all_checks()
    if options["list"]:
        text, code = _list(_selected(checks, options), options["format"]), OK
    elif options["explain"] is not None:
        text, code = _explain(checks, options["explain"]), OK
    else:
        text, code = _audit(checks, options, console, load_failure)
    try:
        console.print(text)
    except CannotPrintError as error:
        raise UsageError(f"Standard output cannot be written: {error}. Use --output FILE.") from error
    return code


def is_page(options: Mapping[str, Any]) -> bool:
    """Whether ``options`` ask for the list or a page of the checks, which say nothing of a project."""
    return options["list"] or options["explain"] is not None


def _refuse_stray_modifiers(options: Mapping[str, Any]) -> None:
    if options["durations"] and (options["format"] != "text" or is_page(options)):
        raise UsageError(
            "--durations goes with a run in the text format; the JSON report has every duration."
        )
    if options["explain"] is not None and (options["only"] or options["skip"] or options["format"] != "text"):
        raise UsageError("--explain takes one check's name, and goes with no --only, --skip or --format.")
    for name in ("output", "root", "fail_level", "live"):
        if options[name] and is_page(options):
            option = name.replace("_", "-")
            raise UsageError(f"--{option} goes with a run of the checks, not with --list or --explain.")
    if options["list"] and options["format"] == "concise":
        raise UsageError("--list prints --format text or json.")


def _audit(
    checks: Mapping[str, Check],
    options: Mapping[str, Any],
    console: Console,
    load_failure: BaseException | None,
) -> tuple[str, int]:
    root = options["root"]
    if root is not None and not root.is_dir():
        raise UsageError(f"--root {root} is not a folder.")
    facts = facts_of_process(root=root, load_failure=load_failure)
    selected = _selected(checks, options)
    try:
        suppressions = suppressions_for(facts, checks)
        level = _fail_level(options, facts)
    except ConfigurationError as error:
        raise UsageError(str(error)) from error
    outputs = _outputs(options["output"])
    report = Audit(
        facts=facts,
        checks=checks,
        selected=selected,
        suppressions=suppressions,
        redactor=redactor_for(facts),
        allowed=OFFLINE_NEEDS | {Need.LIVE} if options["live"] else OFFLINE_NEEDS,
    ).run()
    view = View(
        style=Style.for_stream(cast("TextIO", console.out), os.environ, force=console.color),
        fail_level=level,
        verbosity=options["verbosity"],
        durations=options["durations"],
    )
    _write_files(report, view, outputs)
    return FORMATS[options["format"]](report, view), _exit_code(report, level, load_failure)


def _selected(checks: Mapping[str, Check], options: Mapping[str, Any]) -> Mapping[str, Check]:
    try:
        return registry.select(checks, options["only"], options["skip"])
    except registry.UnknownSelectorError as error:
        raise UsageError(str(error)) from error


def _fail_level(options: Mapping[str, Any], facts: Facts) -> Severity | None:
    name = options["fail_level"] or read_project_config(facts.root).fail_level or DEFAULT_LEVEL
    return LEVELS[name]


def _outputs(paths: list[Path]) -> dict[Path, str]:
    for path in paths:
        if path.suffix not in ENDINGS:
            raise UsageError(
                f"--output {path}: the ending says the format, and must be one of {', '.join(ENDINGS)}."
            )
        if not path.parent.is_dir():
            raise UsageError(f"--output {path}: the folder {path.parent} does not exist.")
    return {path: ENDINGS[path.suffix] for path in paths}


def _write_files(report: Report, view: View, outputs: Mapping[Path, str]) -> None:
    plain = dataclasses.replace(view, style=Style(colour=False), verbosity=max(view.verbosity, 1))
    for path, name in outputs.items():
        try:
            path.write_text(printable(FORMATS[name](report, plain), "utf-8"), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"--output {path}: cannot be written: {error.strerror}.") from error


def _exit_code(report: Report, level: Severity | None, load_failure: BaseException | None) -> int:
    outcomes = {result.outcome for result in report.results}
    if load_failure is not None or Outcome.CRASHED in outcomes:
        return FAILED
    if outcomes <= {Outcome.NOT_RUN}:
        return NOTHING_RAN
    return FINDINGS if fails(report, level) else OK


def _list(checks: Mapping[str, Check], form: str) -> str:
    rows = [(check, documentation.page_of(check)) for check in checks.values()]
    if form == "json":
        entries = [
            {
                "check": check.name,
                "family": check.family,
                "severity": check.severity.label,
                "title": page.title,
                "needs": sorted(need.value for need in check.needs),
                "django": list(check.django_ids),
            }
            for check, page in rows
        ]
        return json.dumps(entries, indent=2) + "\n"
    return "".join(f"{check.severity.label:<9} {check.name:<34} {page.title}\n" for check, page in rows)


def _explain(checks: Mapping[str, Check], name: str) -> str:
    if name not in checks:
        try:
            registry.select(checks, [name])
        except registry.UnknownSelectorError as error:
            raise UsageError(str(error)) from error
        family = ", ".join(registry.select(checks, [name]))
        raise UsageError(f"{name} is a family; --explain takes one check: {family}.")
    return documentation.as_text(checks[name]) + "\n"
