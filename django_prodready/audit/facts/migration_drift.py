"""What ``makemigrations`` would write now, found as that command finds it, and written nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.core.management import get_commands, load_command_class
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ProjectState

from django_prodready.audit.facts.migration_graph import IMPORTING, load_graph, own_migrated

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["find_drift"]


def find_drift(facts: Facts) -> dict[str, list[str]]:
    """Describe the missing operations by the label of the app, those of the project's own apps alone.

    Raises NotRun when the migrations cannot be loaded.
    """
    loader = load_graph(facts)
    own = {config.label for config in own_migrated(facts)}
    if not own:
        return {}
    with IMPORTING:
        detector = _autodetector()(
            loader.project_state(),
            ProjectState.from_apps(apps),
            # This one asks nobody: a rename is a removal and an addition, which is drift as well.
            MigrationQuestioner(dry_run=True),
        )
        changes = detector.changes(graph=loader.graph, trim_to_apps=own)
    return {
        label: [operation.describe() for migration in migrations for operation in migration.operations]
        for label, migrations in sorted(changes.items())
        if label in own
    }


def _autodetector() -> type[MigrationAutodetector]:
    """Return the one of the project's own makemigrations, which may be told to overlook more.

    To load that command is also what some projects change ``Field.deconstruct`` by.
    https://docs.djangoproject.com/en/stable/howto/custom-management-commands/#overriding-commands
    """
    try:
        command = load_command_class(get_commands()["makemigrations"], "makemigrations")
    except Exception:  # noqa: BLE001 - the command is broken; the question is about the models
        return MigrationAutodetector
    detector: type[MigrationAutodetector] = getattr(command, "autodetector", MigrationAutodetector)
    return detector
