"""Are all migrations applied that this code needs? Django's own graph, judged against the rows recorded.

Django's executor reads those rows through the project's connection, without a time-out and from its pool, and
imports every migration anew each time. This reads them on a connection of its own, and keeps the migrations.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from django_prodready.health.probe import Probe
from django_prodready.health.probes.connection import OwnConnection

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

Key = tuple[str, str]  # app label, migration's name
MOST_NAMES = 10


class UnappliedMigrationsError(Exception):
    """The code needs migrations that are not applied. Its text tells how many, then after a colon which."""

    def __init__(self, keys: Sequence[Key]) -> None:
        many = "1 migration is" if len(keys) == 1 else f"{len(keys)} migrations are"
        names = ", ".join(".".join(key) for key in keys[:MOST_NAMES])
        rest = f" and {len(keys) - MOST_NAMES} more" if len(keys) > MOST_NAMES else ""
        super().__init__(f"{many} not applied: {names}{rest}.")


class UnreadableMigrationsError(Exception):
    """The migrations of this code cannot be imported, or do not fit together."""


class MigrationsProbe(Probe):
    """Ask the database ``alias`` which migrations are applied; once all are, that is not asked again.

    Down while one of this code is missing. Rows of migrations that this code does not have are a database
    ahead of the code, which is well: the code before is then still running, or back after a rollback.
    Like ``migrate``, it leaves routers aside: Django records what a router left out.
    """

    def __init__(self, alias: str = "default") -> None:
        self._connection = OwnConnection(alias)
        self._loader = _Loader(None, load=False)
        self._is_applied = False

    def run(self) -> None:
        """Compare rows and code."""
        if self._is_applied:
            return
        recorded = self._connection.ask(_recorded)
        self._connection.close()  # the first import of all migrations may take long
        unapplied = self._loader.unapplied(recorded)
        if unapplied:
            raise UnappliedMigrationsError(unapplied)
        self._is_applied = True
        self._loader = _Loader(None, load=False)  # every migration of every app is much to keep for nothing

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class _Loader(MigrationLoader):
    """Django's loader, told what is recorded instead of asking, and reading the disk once."""

    recorded: Collection[Key] = ()
    is_loaded = False  # disk_migrations is filled bit by bit, and stays half full when an import fails

    def unapplied(self, recorded: Collection[Key]) -> list[Key]:
        """Return the migrations of this code that are not applied, by name, with squashed ones replaced.

        A migration whose dependents are applied already counts too: ``migrate`` would not go past it.
        """
        self.recorded = recorded
        try:
            self.build_graph()
        except Exception as error:
            raise UnreadableMigrationsError(f"{type(error).__name__}: {error}") from error
        return sorted(key for key in self.graph.nodes if key not in self.applied_migrations)

    def load_disk(self) -> None:
        """Import all migrations, the first time."""
        if self.is_loaded:
            return
        super().load_disk()
        self.is_loaded = True

    @property
    def applied_migrations(self) -> dict[Key, Any]:
        """What is recorded; Django adds squashed migrations when all that they replace are."""
        return self._applied

    @applied_migrations.setter
    def applied_migrations(self, _: object) -> None:
        # Without a connection Django assigns {} where each graph begins.
        self._applied: dict[Key, Any] = dict.fromkeys(self.recorded)


def _recorded(connection: BaseDatabaseWrapper) -> set[Key]:
    """Return the rows of django_migrations; none when there is no such table."""
    table: str = MigrationRecorder.Migration._meta.db_table
    app, name, quoted = map(connection.ops.quote_name, ("app", "name", table))
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"SELECT {app}, {name} FROM {quoted}")  # noqa: S608 - quoted names of Django's own
            return set(cursor.fetchall())
        except DatabaseError:
            if table in connection.introspection.table_names(cursor):
                raise
            return set()
