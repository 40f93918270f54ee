"""An app of the project has models and no migrations.

What it checks
--------------
Every app of the project's own that has models with a table of theirs: managed, not abstract, no proxy, not
swapped out. It is to have a package of migrations that Django's loader takes: a `migrations` folder without
an `__init__.py` is passed over.

Why it matters
--------------
`migrate` makes the tables of such an app once, and never changes them again: a field that is added later is
in no database that exists, and `makemigrations` without the app's name writes nothing for it. A foreign key
from an app with migrations to one without fails where the tables are made in the wrong order.

When it is wrong
----------------
`MIGRATION_MODULES = {"app": None}` says that the app has none on purpose, and so do unmanaged models; both
pass, and so do apps in a `tests` folder and apps that are installed. Tables that other tools change belong
to unmanaged models.

How to fix
----------
Run `manage.py makemigrations APP` with the app's name and commit the package. Where the tables exist
already, apply the first migration with `migrate --fake-initial`.

Source
------
[Adding migrations to
apps](https://docs.djangoproject.com/en/stable/topics/migrations/#adding-migrations-to-apps)
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from django.db.migrations.loader import MigrationLoader

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.migration_graph import load_graph, names, own_apps

if TYPE_CHECKING:
    from django.apps import AppConfig

    from django_prodready.audit.facts import Facts

_MODELS = """
from django.db import models

class Shelf(models.Model):
    id = models.BigAutoField(primary_key=True)

    class Meta:
        managed = {managed}
"""
_APP = {"shelves/__init__.py": "", "shelves/models.py": _MODELS.format(managed=True)}
_SETTINGS = {"INSTALLED_APPS": ["shelves"]}
BAD = (
    Case(settings=_SETTINGS, files=_APP),
    Case(settings=_SETTINGS, files=_APP | {"shelves/migrations/0001_initial.py": ""}),
)
GOOD = (
    Case(settings=_SETTINGS, files=_APP | {"shelves/migrations/__init__.py": ""}),
    Case(settings=_SETTINGS, files=_APP | {"shelves/models.py": _MODELS.format(managed=False)}),
    Case(settings=_SETTINGS | {"MIGRATION_MODULES": {"shelves": None}}, files=_APP),
)

_TESTS = frozenset({"test", "tests", "testing"})


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.PROCESS))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each own app whose models have no migrations."""
    unmigrated = load_graph(facts).unmigrated_apps
    for config in own_apps(facts):
        models = _with_tables(config)
        if config.label not in unmigrated or not models or _is_on_purpose(facts, config):
            continue
        yield Finding(
            message=f"The app {config.label} has models ({names(models)}) and no migrations{_why(config)}: "
            "its tables are made once and never changed.",
            hint=f"Run manage.py makemigrations {config.label} and commit the package."
            if not _folder(config).is_dir()
            else f"Add {config.name.replace('.', '/')}/migrations/__init__.py.",
            subject=config.label,
        )


def _with_tables(config: AppConfig) -> list[str]:
    return [model.__name__ for model in config.get_models() if model._meta.managed and not model._meta.proxy]


def _is_on_purpose(facts: Facts, config: AppConfig) -> bool:
    module, _ = MigrationLoader.migrations_module(config.label)
    return module is None or not _TESTS.isdisjoint(Path(facts.files.relative(Path(config.path))).parts)


def _why(config: AppConfig) -> str:
    return " (the folder migrations has no __init__.py)" if _folder(config).is_dir() else ""


def _folder(config: AppConfig) -> Path:
    return Path(config.path) / "migrations"
