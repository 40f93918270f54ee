"""The prodmigrate command, apart from Django's command class: run, output, exit code."""

from __future__ import annotations

import dataclasses
import datetime
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connections

from django_prodready.migration_safety.baseline import DEFAULT_NAME, renewed, write_baseline
from django_prodready.migration_safety.lint import Linted, Request, accept, lint
from django_prodready.migration_safety.options import (
    DEFAULT_LEVEL,
    SCRATCH_URL_VARIABLE,
    UsageError,
    add_arguments,
    refuse,
)
from django_prodready.migration_safety.plan import PlanError, Selection
from django_prodready.migration_safety.renderers import ENDINGS, FORMATS, View
from django_prodready.migration_safety.renderers.summary import fails
from django_prodready.migration_safety.stats import StatsError, export
from django_prodready.migration_safety.target import TargetError
from django_prodready.migration_safety.trace.protocol import TraceError
from django_prodready.reporting.baseline import BaselineEntry, read_baseline
from django_prodready.reporting.errors import ConfigurationError
from django_prodready.reporting.finding import Severity
from django_prodready.reporting.project_config import ProjectConfig, read_project_config
from django_prodready.reporting.redaction import Redactor
from django_prodready.reporting.terminal import Style

if TYPE_CHECKING:
    from django_prodready.migration_safety.trace.scratch import Server

__all__ = ["FAILED", "OK", "UNSAFE", "Surroundings", "UsageError", "add_arguments", "run"]

OK, UNSAFE, FAILED = 0, 1, 2

_HOW_TO_READ = (
    'Written to {name}. Runs read it when pyproject.toml says so, in [tool.prodready]: baseline = "{name}"; '
    "or with --baseline {name}.\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the command is run in."""

    root: Path
    redactor: Redactor
    style: Style
    tell: Callable[[str], object]  # shows what stands beside the report: what traced migrations print


def run(options: Mapping[str, Any], surroundings: Surroundings) -> tuple[str, int]:
    """Carry out the command; return what to print and the exit code. Raises UsageError."""
    refuse(options)
    try:
        if options["export_stats"]:
            return _export_stats(options), OK
        return _lint(options, surroundings)
    except (PlanError, TargetError, TraceError, StatsError, ConfigurationError) as error:
        raise UsageError(surroundings.redactor.scrub(str(error))) from error


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
        if options["baseline"] is None and config.baseline is None:
            surroundings.tell(_HOW_TO_READ.format(name=path.name))
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
        cache=options["cache"],
        stats=options["stats"],
        show=surroundings.tell if options["verbosity"] > 1 else None,
    )


def _export_stats(options: Mapping[str, Any]) -> str:
    path = options["export_stats"]
    number = len(export(connections[options["database"]], path).tables)
    return f"The sizes of {number} table{'' if number == 1 else 's'} are in {path}.\n"


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
