"""A schema in a transaction of a real PostgreSQL, made by operations, with its historical models."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps.registry import Apps
from django.db import connections, models, transaction
from django.db.migrations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

ALIAS = "schema"
LABEL = "shop"


class Schema:
    """The tables and models of one app, "shop"."""

    def __init__(self) -> None:
        self.connection = connections[ALIAS]
        self.state = ProjectState()

    def apply(self, *operations: Operation) -> Apps:
        """Run operations; return the models after them."""
        for operation in operations:
            after = self.state.clone()
            operation.state_forwards(LABEL, after)
            with self.connection.schema_editor(atomic=False) as editor:
                operation.database_forwards(LABEL, editor, self.state, after)
            self.state = after
        return self.state.apps

    def model(self, name: str = "Thing") -> Any:
        """Return a historical model."""
        return self.state.apps.get_model(LABEL, name)

    def table(self, fields: dict[str, models.Field], name: str = "Thing", **options: Any) -> Any:
        """Create a model with an automatic key, unless a field is called so or is a key; return it."""
        keyed = {"id": models.BigAutoField(primary_key=True)} | fields
        if any(field.primary_key for field in fields.values()):
            keyed = fields
        bases = options.pop("bases", (models.Model,))
        if bases != (models.Model,):
            keyed = fields
        self.apply(CreateModel(name, list(keyed.items()), options, bases))
        return self.model(name)

    def sql(self, statement: str, *params: object) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement, params)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def schema_in_transaction() -> Iterator[Schema]:
    """Give an empty schema, and take all of it back."""
    with transaction.atomic(ALIAS):
        try:
            yield Schema()
        finally:
            transaction.set_rollback(True, ALIAS)
