"""The prodmigrate command, apart from Django's command class: options, run, output, exit code."""

from __future__ import annotations

import dataclasses
import datetime
import os
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connections

from django_prodready.migration_safety.baseline import DEFAULT_NAME, renewed, write_baseline
from django_prodready.migration_safety.lint import Linted, Request, accept, lint
from django_prodready.migration_safety.plan import PlanError, Selection
from django_prodready.migration_safety.renderers import ENDINGS, FORMATS, View
from django_prodready.migration_safety.renderers.summary import fails
from django_prodready.migration_safety.target import TargetError
from django_prodready.migration_safety.trace.protocol import TraceError
from django_prodready.reporting.baseline import BaselineEntry, read_baseline
from django_prodready.reporting.errors import ConfigurationError
from django_prodready.reporting.finding import Severity
from django_prodready.reporting.project_config import FAIL_LEVELS, ProjectConfig, read_project_config
from django_prodready.reporting.redaction import Redactor
from django_prodready.reporting.terminal import Style

if TYPE_CHECKING:
    from django_prodready.migration_safety.trace.scratch import Server

OK, UNSAFE, FAILED = 0, 1, 2

SCRATCH_URL_VARIABLE = "PRODREADY_SCRATCH_URL"
DEFAULT_LEVEL = "error"

# Options that only mean something beside another one.
_GO_WITH_TRACE = ("scratch_url", "scratch_on_target")
_GO_WITH_LINT = (
    *("trace", *_GO_WITH_TRACE, "all", "third_party", "fail_level", "baseline", "write_baseline", "output"),
)


class UsageError(Exception):
    """The command line, or what it needs of the project and its servers, does not let it be carried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the command is run in."""

    root: Path
    redactor: Redactor
    style: Style
    tell: Callable[[str], object]  # shows what stands beside the report: what traced migrations print


def add_arguments(parser: ArgumentParser) -> None:
    """Add prodmigrate's own options to ``parser``."""
    add = parser.add_argument
    add("app_label", nargs="?", help="Judge this app's pending migrations only.")
    add("migration", nargs="?", help="Judge this one, applied or not; the beginning of its name will do.")
    add("--lint", action="store_true", help="Judge migrations; run nothing on the target.")
    add(
        "--trace",
        action="store_true",
        help="Run them on a scratch PostgreSQL database, and report what really happened.",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--scratch-url",
        metavar="URL",
        help="PostgreSQL to make the scratch database on; without it the environment's "
        f"{SCRATCH_URL_VARIABLE}, which shows in no list of processes.",
    )
    where.add_argument(
        "--scratch-on-target",
        action="store_true",
        help="Make the scratch database on the target's own server, beside the target.",
    )
    add("--all", action="store_true", help="Judge every migration, each as if all before it were deployed.")
    add("--third-party", action="store_true", help="Judge those of installed apps too.")
    add("--database", metavar="ALIAS", default=DEFAULT_DB_ALIAS, help="The target (default: default).")
    add("--format", choices=list(FORMATS), default="text", help="What to print (default: text).")
    add("--fail-level", choices=FAIL_LEVELS, help=f"Exit 1 from here on (default: {DEFAULT_LEVEL}).")
    add(
        "--output",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help=f"Also write the report to FILE, as its ending says ({', '.join(ENDINGS)}); may repeat.",
    )
    add("--baseline", type=Path, metavar="FILE", help="Findings in FILE do not count.")
    add(
        "--write-baseline",
        action="store_true",
        help=f"Write the findings of this run to the baseline (default: {DEFAULT_NAME}).",
    )


def run(options: Mapping[str, Any], surroundings: Surroundings) -> tuple[str, int]:
    """Carry out the command; return what to print and the exit code. Raises :class:`UsageError`."""
    _refuse(options)
    try:
        return _lint(options, surroundings)
    except (PlanError, TargetError, TraceError, ConfigurationError) as error:
        raise UsageError(surroundings.redactor.scrub(str(error))) from error


def _refuse(options: Mapping[str, Any]) -> None:
    if not options["lint"]:
        stray = [name for name in _GO_WITH_LINT if options[name]]
        if stray or options["format"] in ("sarif", "github"):
            name = stray[0].replace("_", "-") if stray else f"format {options['format']}"
            raise UsageError(f"--{name} goes with --lint.")
        raise UsageError(
            "This version judges migrations, with --lint; applying them comes with a later one. "
            "Until then run migrate."
        )
    if options["all"] and options["app_label"]:
        raise UsageError("--all judges the migrations of all apps: leave it out, or the app.")
    if options["third_party"] and options["app_label"]:
        raise UsageError("--third-party has no use beside an app, which is judged wherever it is from.")
    for name in _GO_WITH_TRACE:
        if options[name] and not options["trace"]:
            raise UsageError(f"--{name.replace('_', '-')} goes with --trace.")
    if options["database"] not in connections.settings:
        known = ", ".join(connections.settings)
        raise UsageError(f"--database: DATABASES has no {options['database']!r}. It has {known}.")


def _lint(options: Mapping[str, Any], surroundings: Surroundings) -> tuple[str, int]:
    config = read_project_config(surroundings.root)
    level = _level(options["fail_level"] or config.fail_level or DEFAULT_LEVEL)
    outputs = _outputs(options["output"])
    path, baseline = _baseline(options, config, surroundings.root)
    linted = lint(_request(options, surroundings))
    if options["write_baseline"] and path is not None:
        baseline = renewed(
            baseline,
            linted.report,
            datetime.datetime.now(datetime.UTC).date(),
            is_whole=options["all"] and options["third_party"],
        )
        _write(path, lambda: write_baseline(path, baseline))
    linted = dataclasses.replace(linted, report=accept(linted.report, baseline))
    view = View(style=surroundings.style, fail_level=level, verbosity=options["verbosity"])
    _write_outputs(linted, view, outputs)
    return FORMATS[options["format"]](linted, view), UNSAFE if fails(linted.report, level) else OK


def _request(options: Mapping[str, Any], surroundings: Surroundings) -> Request:
    return Request(
        selection=Selection(
            app_label=options["app_label"],
            name=options["migration"],
            everything=options["all"],
            third_party=options["third_party"],
        ),
        alias=options["database"],
        root=surroundings.root,
        redactor=surroundings.redactor,
        server=_server(options) if options["trace"] else None,
        show=surroundings.tell if options["verbosity"] > 1 else None,
    )


def _server(options: Mapping[str, Any]) -> Server:
    from django_prodready.migration_safety.trace.scratch import from_target, from_url

    alias = options["database"]
    entry = connections.settings[alias]
    if options["scratch_on_target"]:
        return from_target(alias, entry)
    url = options["scratch_url"] or os.environ.get(SCRATCH_URL_VARIABLE)
    if not url:
        raise UsageError(
            "--trace needs a PostgreSQL to make its scratch database on: give --scratch-url URL (or "
            f"{SCRATCH_URL_VARIABLE} in the environment), or say --scratch-on-target for the target's server."
        )
    return from_url(url, entry)


def _level(name: str) -> Severity | None:
    return None if name == "never" else Severity[name.upper()]


def _baseline(
    options: Mapping[str, Any], config: ProjectConfig, root: Path
) -> tuple[Path | None, Mapping[str, BaselineEntry]]:
    """Return the file and what it holds; one that is to be written need not be there."""
    path: Path | None = options["baseline"] or config.baseline
    if options["write_baseline"]:
        path = path or root / DEFAULT_NAME
        if not path.exists():
            return path, {}
    return path, read_baseline(path) if path else {}


def _outputs(paths: list[Path]) -> dict[Path, str]:
    for path in paths:
        if path.suffix not in ENDINGS:
            raise UsageError(
                f"--output {path}: the ending says the format, and must be one of {', '.join(ENDINGS)}."
            )
        if not path.parent.is_dir():
            raise UsageError(f"--output {path}: the folder {path.parent} does not exist.")
    return {path: ENDINGS[path.suffix] for path in paths}


def _write_outputs(linted: Linted, view: View, outputs: Mapping[Path, str]) -> None:
    plain = dataclasses.replace(view, style=Style(colour=False), verbosity=max(view.verbosity, 1))
    for path, name in outputs.items():
        text = FORMATS[name](linted, plain)
        _write(path, lambda: path.write_text(text, encoding="utf-8"))  # noqa: B023 - called at once


def _write(path: Path, how: Callable[[], object]) -> None:
    try:
        how()
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error
