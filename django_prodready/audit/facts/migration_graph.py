"""The project's migrations as Django loads them, without a database, and which apps are the project's own.

Loading imports every migration, so it is done once for all checks, and never by two threads at a time.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from django_prodready.audit.facts.effective import all_values
from django_prodready.audit.model import NotRun
from django_prodready.migration_safety.project_modules import is_installed
from django_prodready.reporting.redaction import Redactor
from django_prodready.reporting.safe_errors import safe_exception_text

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["IMPORTING", "load_graph", "names", "own_apps", "own_migrated", "redactor_of"]

# Threads that import the same modules in different orders see some half made.
IMPORTING = threading.RLock()
_MOST_NAMES = 5
# Code of others that a project keeps a copy of.
_COPIED = frozenset({"_vendor", "extern", "external", "third_party", "thirdparty", "vendor", "vendored"})

_graphs: WeakKeyDictionary[Facts, MigrationLoader | str] = WeakKeyDictionary()


def load_graph(facts: Facts) -> MigrationLoader:
    """Load all migrations from disk, as ``makemigrations`` does. Raises NotRun with the reason."""
    if facts.load_failure is not None:
        raise NotRun("the project could not be set up")
    with IMPORTING:
        if facts not in _graphs:
            _graphs[facts] = _load(facts)
    loaded = _graphs[facts]
    if isinstance(loaded, str):
        raise NotRun(loaded)
    return loaded


def own_migrated(facts: Facts) -> Iterator[AppConfig]:
    """Yield the apps whose migrations are the project's own files, wherever their models are from.

    ``MIGRATION_MODULES`` can move the migrations of an installed app into the project; only those that
    ``makemigrations`` would write into the project can be put right there.
    """
    migrated = load_graph(facts).migrated_apps
    for config in apps.get_app_configs():
        if config.label in migrated:
            module, _ = MigrationLoader.migrations_module(config.label)
            if _is_own(facts, Path(sys.modules[str(module)].__path__[0])):
                yield config


def own_apps(facts: Facts) -> Iterator[AppConfig]:
    """Yield the apps whose code is the project's own."""
    for config in apps.get_app_configs():
        if not config.name.startswith("django.") and _is_own(facts, Path(config.path)):
            yield config


def names(found: list[str]) -> str:
    """Join names, the first few of many."""
    rest = f" and {len(found) - _MOST_NAMES} more" if len(found) > _MOST_NAMES else ""
    return f"{', '.join(found[:_MOST_NAMES])}{rest}"


def redactor_of(facts: Facts) -> Redactor:
    """Make a redactor that knows the secrets of the settings and the environment."""
    return Redactor.from_settings(all_values(settings), facts.environ)


def _load(facts: Facts) -> MigrationLoader | str:
    try:
        return MigrationLoader(None, ignore_no_migrations=True)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - migrations are code, which may raise anything
        return f"the migrations cannot be loaded: {_said(error, facts)}"


def _said(error: BaseException, facts: Facts) -> str:
    if type(error).__module__ == "django.db.migrations.exceptions":  # they speak of names alone
        return f"{type(error).__name__}: {redactor_of(facts).scrub(str(error))}"
    return safe_exception_text(error, redactor_of(facts))


def _is_own(facts: Facts, place: Path) -> bool:
    if is_installed(place):
        return False
    return not _COPIED.intersection(Path(facts.files.relative(place)).parts)
