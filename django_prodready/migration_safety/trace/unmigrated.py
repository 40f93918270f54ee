"""Tables of apps without migrations, which ``migrate --run-syncdb`` has made where a release is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import Error, router, transaction

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.backends.base.base import BaseDatabaseWrapper


def create_tables(connection: BaseDatabaseWrapper, labels: Collection[str]) -> None:
    """Create the tables of these apps. What refers to tables that migrations make is left out."""
    configs = [config for config in apps.get_app_configs() if config.label in labels and config.models_module]
    with connection.schema_editor(atomic=False) as editor:
        for config in configs:
            for model in router.get_migratable_models(config, connection.alias, include_auto_created=False):
                if not model._meta.can_migrate(connection):
                    continue
                try:
                    with transaction.atomic(connection.alias):
                        editor.create_model(model)
                except Error:
                    continue
        deferred, editor.deferred_sql = list(editor.deferred_sql), []
        for statement in deferred:
            try:
                with transaction.atomic(connection.alias):
                    editor.execute(statement)
            except Error:
                continue
