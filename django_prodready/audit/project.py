"""Finds the project that this process was started for: its root, its manage.py, its configuration."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from django_prodready.audit import registry, twins
from django_prodready.audit.facts import Facts
from django_prodready.audit.facts.effective import all_values
from django_prodready.audit.model import Check
from django_prodready.reporting.baseline import read_baseline
from django_prodready.reporting.errors import ConfigurationError
from django_prodready.reporting.ignores import Suppressions
from django_prodready.reporting.project_config import read_project_config
from django_prodready.reporting.redaction import Redactor

_ROOT_MARKS = (".git", "prodready.toml", "pyproject.toml")


def facts_of_process(*, root: Path | None = None, load_failure: BaseException | None = None) -> Facts:
    """The facts of the project whose manage.py, or whose folder, this process was started with."""
    entry = _entry()
    settings_module = os.environ.get("DJANGO_SETTINGS_MODULE")
    if settings.configured:
        settings_module = getattr(settings, "SETTINGS_MODULE", None) or settings_module
    return Facts(
        root=(root or find_root(entry.parent if entry else Path.cwd())).resolve(),
        settings_module=settings_module,
        entry=entry,
        load_failure=load_failure,
    )


def find_root(start: Path) -> Path:
    """The repository that ``start`` is in: the nearest folder upwards with a mark of one, else ``start``."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if any((folder / mark).exists() for mark in _ROOT_MARKS):
            return folder
    return start


def _entry() -> Path | None:
    script = Path(sys.argv[0]) if sys.argv and sys.argv[0] else None
    if script is None or script.suffix != ".py" or script.name == "__main__.py":
        return None
    return script.resolve() if script.is_file() else None


def redactor_for(facts: Facts) -> Redactor:
    """A redactor that knows the secrets of the settings, as far as they loaded, and of the environment."""
    values = all_values(settings) if facts.has_settings else {}
    return Redactor.from_settings(values, facts.environ)


def suppressions_for(facts: Facts, checks: Mapping[str, Check]) -> Suppressions:
    """The project's ignores, baseline and silenced system checks.

    Raises :class:`~django_prodready.reporting.errors.ConfigurationError` for a malformed
    ``[tool.prodready]``, an unreadable baseline, or an ignore of a check that does not exist.
    """
    config = read_project_config(facts.root)
    suppressions = Suppressions(
        ignores=config.ignores,
        baseline=read_baseline(config.baseline) if config.baseline else {},
        silenced=twins.silenced(checks.values()) if facts.has_settings else {},
        today=datetime.datetime.now(datetime.UTC).date(),
    )
    unknown = suppressions.unknown(registry.all_checks())
    if unknown:
        raise ConfigurationError(
            *(
                f"{ignore.place}: there is no check {ignore.check}. See prodcheck --list, or remove it."
                for ignore in unknown
            )
        )
    return suppressions
