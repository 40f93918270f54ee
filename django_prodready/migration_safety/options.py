"""The options of prodmigrate, and which of them go together."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from django_prodready.migration_safety.baseline import DEFAULT_NAME
from django_prodready.migration_safety.renderers import ENDINGS, FORMATS
from django_prodready.reporting.project_config import FAIL_LEVELS

SCRATCH_URL_VARIABLE = "PRODREADY_SCRATCH_URL"
DEFAULT_LEVEL = "error"

_GO_WITH_TRACE = ("scratch_url", "scratch_on_target", "cache")
_GO_WITH_LINT = (
    "trace",
    *_GO_WITH_TRACE,
    "all",
    "third_party",
    "fail_level",
    "output",
    "stats",
    "baseline",
    "write_baseline",
)


class UsageError(Exception):
    """The command line, or what it needs of the project and its servers, does not let it be carried out."""


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
        "--cache",
        type=Path,
        metavar="FOLDER",
        help="Keep the verdicts of traces in FOLDER, and trace only what it does not know.",
    )
    add(
        "--stats",
        type=Path,
        metavar="FILE",
        help="Take the sizes of tables from FILE, which --export-stats wrote, and not from the target.",
    )
    add(
        "--export-stats",
        type=Path,
        metavar="FILE",
        help="Write the sizes of the target's tables to FILE, reading only, and end.",
    )
    add(
        "--write-baseline",
        action="store_true",
        help=f"Write the findings of this run to the baseline (default: {DEFAULT_NAME}).",
    )


def refuse(options: Mapping[str, Any]) -> None:
    """Refuse options that mean nothing beside each other. Raises :class:`UsageError`."""
    stray = [name for name in _GO_WITH_LINT if options[name]]
    stray += ["format"] if options["format"] != "text" else []
    if options["export_stats"] and (options["lint"] or stray or options["app_label"]):
        raise UsageError("--export-stats goes with --database alone.")
    if not options["lint"] and stray:
        raise UsageError(f"{_option(stray[0])} goes with --lint.")
    if not options["lint"] and not options["export_stats"]:
        raise UsageError(
            "This version judges migrations, with --lint; applying them comes with a later one. "
            "Until then run migrate."
        )
    _refuse_beside_lint(options)
    if options["database"] not in connections.settings:
        known = ", ".join(connections.settings)
        raise UsageError(f"--database: DATABASES has no {options['database']!r}. It has {known}.")


def _refuse_beside_lint(options: Mapping[str, Any]) -> None:
    for name in _GO_WITH_TRACE:
        if options[name] and not options["trace"]:
            raise UsageError(f"{_option(name)} goes with --trace.")
    if options["all"] and options["app_label"]:
        raise UsageError("--all judges the migrations of all apps: leave it out, or the app.")
    if options["third_party"] and options["app_label"]:
        raise UsageError("--third-party has no use beside an app, which is judged wherever it is from.")


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
