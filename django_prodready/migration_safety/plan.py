"""Which migrations are judged, in which order, and what is deployed before them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from sys import modules
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.migrations.exceptions import (
    AmbiguityError,
    BadMigrationError,
    InconsistentMigrationHistory,
    NodeNotFoundError,
)
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from django_prodready.migration_safety.project_modules import is_installed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.migrations import Migration

    from django_prodready.migration_safety.model import Key


class PlanError(Exception):
    """There is no plan. The message says why, and what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What the command line asks to judge."""

    app_label: str | None = None
    name: str | None = None  # of one migration, or what its name begins with; judged even when applied
    everything: bool = False  # each as if all before it were deployed
    third_party: bool = False  # apps that are installed, not written here


@dataclass(frozen=True, slots=True)
class Step:
    """One migration in its place."""

    migration: Migration
    is_judged: bool
    is_deployed: bool  # the release that serves now has it

    @property
    def key(self) -> Key:
        """App label and name."""
        return self.migration.app_label, self.migration.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The history of a database in order, from its first migration to the last that is judged."""

    alias: str
    loader: MigrationLoader
    steps: tuple[Step, ...]
    each_deployed: bool  # each step is judged as if those before it were deployed

    @property
    def judged(self) -> tuple[Step, ...]:
        """The steps that get a verdict."""
        return tuple(step for step in self.steps if step.is_judged)


def make_plan(
    selection: Selection, connection: BaseDatabaseWrapper | None, alias: str = DEFAULT_DB_ALIAS
) -> Plan:
    """Plan what ``selection`` asks for.

    ``connection`` is the target's, asked only for its applied migrations; without one nothing counts as
    applied. Raises PlanError, and what the database raises when it cannot be asked.
    """
    loader = _load(connection)
    _check_selection(selection, loader)
    wanted = _find(selection, loader)
    executor = MigrationExecutor.__new__(MigrationExecutor)
    executor.loader = loader
    ordered = [
        migration for migration, _ in executor.migration_plan(loader.graph.leaf_nodes(), clean_start=True)
    ]
    applied = loader.applied_migrations
    steps = []
    for migration in ordered:
        key = (migration.app_label, migration.name)
        judged = key == wanted if wanted else _is_asked(migration, selection, is_applied=key in applied)
        steps.append(Step(migration, is_judged=judged, is_deployed=key in applied and not judged))
    each_deployed = selection.everything or wanted is not None
    return Plan(
        alias=alias,
        loader=loader,
        steps=tuple(_deployed_first(steps) if not each_deployed else _until_last_judged(steps)),
        each_deployed=each_deployed,
    )


def is_third_party(migration: Migration) -> bool:
    """Whether the file of a migration was installed, and not written in this project.

    A project may be installed as a whole: what stands in one package with its settings or URLs is its own.
    """
    file = file_of(migration)
    return file is not None and is_installed(file) and _top(type(migration).__module__) not in _own_packages()


def _own_packages() -> set[str]:
    urls = getattr(settings, "ROOT_URLCONF", None)  # Django has no default of it
    names = (settings.SETTINGS_MODULE, os.environ.get("DJANGO_SETTINGS_MODULE"), urls)
    return {_top(str(name)) for name in names if name}


def _top(name: str) -> str:
    return name.partition(".")[0]


def file_of(migration: Migration) -> Path | None:
    """Return the file that a migration was loaded from."""
    name = getattr(modules.get(type(migration).__module__), "__file__", None)
    return Path(name) if name else None


def _load(connection: BaseDatabaseWrapper | None) -> MigrationLoader:
    try:
        loader = MigrationLoader(connection)
        if connection is not None:
            loader.check_consistent_history(connection)
    except (BadMigrationError, NodeNotFoundError) as error:
        raise PlanError(f"The migrations cannot be loaded: {error}") from error
    except InconsistentMigrationHistory as error:
        raise PlanError(f"The history of the database is inconsistent: {error}") from error
    conflicts = loader.detect_conflicts()
    if conflicts:
        names = "; ".join(f"{', '.join(found)} in {app}" for app, found in sorted(conflicts.items()))
        raise PlanError(
            f"Several migrations are the last of their app ({names}). Run makemigrations --merge."
        )
    return loader


def _check_selection(selection: Selection, loader: MigrationLoader) -> None:
    label = selection.app_label
    if label is None:
        return
    if label not in loader.migrated_apps:
        problem = "has no migrations" if label in loader.unmigrated_apps else "is not installed"
        raise PlanError(f"The app {label} {problem}. Give the label of an app with migrations.")


def _find(selection: Selection, loader: MigrationLoader) -> Key | None:
    if selection.app_label is None or selection.name is None:
        return None
    try:
        migration = loader.get_migration_by_prefix(selection.app_label, selection.name)
    except AmbiguityError as error:
        raise PlanError(
            f"More than one migration of {selection.app_label} begins with {selection.name}: give more of it."
        ) from error
    except KeyError as error:
        raise PlanError(f"No migration of {selection.app_label} begins with {selection.name}.") from error
    key = (migration.app_label, migration.name)
    if key not in loader.graph.nodes:  # a squashed migration took its place
        loader.replace_migrations = False  # type: ignore[attr-defined] # the stubs leave it out
        loader.build_graph()
    return key


def _is_asked(migration: Migration, selection: Selection, *, is_applied: bool) -> bool:
    if selection.app_label is not None and migration.app_label != selection.app_label:
        return False
    if is_applied and not selection.everything:
        return False
    return selection.third_party or selection.app_label is not None or not is_third_party(migration)


def _deployed_first(steps: list[Step]) -> Iterator[Step]:
    """Put what the target has in front: the order of the history may differ where apps are independent."""
    yield from (step for step in steps if step.is_deployed)
    yield from _until_last_judged([step for step in steps if not step.is_deployed])


def _until_last_judged(steps: list[Step]) -> list[Step]:
    last = max((position for position, step in enumerate(steps) if step.is_judged), default=-1)
    return steps[: last + 1]
