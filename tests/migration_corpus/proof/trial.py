"""Try one case: make its databases, run the judged migration in them beside a writer, tell what was seen."""

import contextlib
import dataclasses
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

from migration_corpus.label import Case
from migration_corpus.materialise import migration_files, seed_source
from migration_corpus.proof import tables
from migration_corpus.proof.database import BASE, Shelf, address, using
from migration_corpus.proof.fill import Births, fill
from migration_corpus.proof.queries import Answers, Release, broken
from migration_corpus.proof.tables import remembering
from migration_corpus.proof.watch import Writer, busy_ms

CONTRIB = {"auth", "contenttypes"}


@dataclass
class Run:
    """What one execution showed."""

    error: str | None = None
    busy_s: float = 0.0
    refused_ms: dict[str, float] = dataclasses.field(default_factory=dict)
    written: dict[str, tables.Written] = dataclasses.field(default_factory=dict)
    lost: list[str] = dataclasses.field(default_factory=list)

    @property
    def longest_ms(self) -> float:
        return max(self.refused_ms.values(), default=0.0)

    @property
    def read_what_it_locked(self) -> bool:
        """Whether a table was read as a whole that writers were kept from at any moment."""
        tables_refused = self.refused_ms.keys() & self.written.keys()
        return any(self.written[table].read >= self.written[table].rows for table in tables_refused)


class Trial:
    """The databases and states of one case."""

    def __init__(self, case: Case, url: str) -> None:
        self.case = case
        self.url = url
        self.shelf = Shelf(url, case.name)
        *self.earlier, self.judged = [(case.name, name) for name in migration_files(case)]
        self.births: Births = {}
        self.aged = True
        self._prepare()

    def _prepare(self) -> None:
        self.prior = self.shelf.copy(BASE)
        with using(self.prior):
            inherited = set(tables.list_tables())
            once_used: set[str] = set()
            for node in self.earlier:
                executor = MigrationExecutor(connection)
                executor.migrate([node])
                once_used |= _model_tables(executor.loader.project_state([node]).apps)
                for table, columns in tables.column_numbers().items():
                    self.births.setdefault(table, columns)
            executor = MigrationExecutor(connection)
            self.atomic = executor.loader.get_migration(*self.judged).atomic
            self.before = executor.loader.project_state(self.earlier[-1:])
            self.after = executor.loader.project_state([self.judged])
            found = tables.list_tables()
            used = self._contrib_tables()
            self.tables = {oid: name for oid, name in found.items() if oid not in inherited or name in used}
            gone = once_used - _model_tables(self.before.apps)
            self.retired = {oid for oid, name in self.tables.items() if name in gone}
            self.partitions = {
                oid for oid, table in tables.look(set(self.tables)).items() if table.is_partition
            }

    def _contrib_tables(self) -> set[str]:
        """Return the tables of Django's own apps that the case's models point to."""
        names = set()
        for state in (self.before, self.after):
            for model in state.apps.get_models(include_auto_created=True):
                if model._meta.app_label == self.case.name:
                    related = [field.related_model for field in model._meta.get_fields() if field.is_relation]
                    names.update(m._meta.db_table for m in related if m and m._meta.app_label in CONTRIB)
        return names

    @property
    def choices(self) -> dict[tuple[str, str], list[str]]:
        return {
            (model._meta.db_table, field.column): [
                str(value) for value, _ in field.flatchoices if value is not None
            ]
            for model in self.before.apps.get_models()
            for field in model._meta.concrete_fields
            if field.choices
        }

    def filled(self, rows: int) -> str:
        """Make a database as the site's is before the judged migration, with `rows` rows a table."""
        name = self.shelf.copy(self.prior)
        with using(name):
            seed = seed_source(self.case)
            if seed is not None:
                names: dict[str, Any] = {"__name__": f"{self.case.name}.seed"}
                exec(compile(seed, str(self.case.path), "exec"), names)
                with connection.cursor() as cursor:
                    names["seed"](cursor, rows)
            roots = {oid: table for oid, table in self.tables.items() if oid not in self.partitions}
            fill(roots, self.births, self.choices, rows, aged=self.aged)
        return name

    def run(self, name: str) -> Run:
        """Let the judged migration run in the database `name`."""
        run = Run()
        with using(name):
            before = tables.look(set(self.tables) - self.retired)
            started = tables.server_time()
            connection.ensure_connection()
            pid = connection.connection.info.backend_pid
            names = [table.name for table in before.values()]
            begun_s = time.process_time() + busy_ms(pid) / 1000
            with Writer(address(self.url, name), names, pid) as writer, without_pauses():
                run.error = self.migrate()
            run.busy_s = time.process_time() + busy_ms(pid) / 1000 - begun_s
            run.refused_ms = writer.refused_ms
            after = tables.look(set(before))
            failed = run.error is not None
            run.written = tables.compare(before, after, started, atomic=self.atomic, failed=failed)
            run.lost = [] if failed else self._lost(before, after)
        return run

    def run_remembering(self, name: str) -> dict[str, int]:
        """Run the judged migration; return how many rows of each table one transaction took at most."""
        with remembering(address(self.url, name), list(self.tables.values())) as tell, using(name):
            self.migrate()
            return tell()

    def migrate(self) -> str | None:
        """Apply the judged migration; return what it raised."""
        try:
            MigrationExecutor(connection).migrate([self.judged])
        except Exception as error:  # noqa: BLE001 - whatever a migration raises is its failure
            return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error) else ''}"
        return None

    def ask_before(self, name: str) -> tuple[Release, Answers]:
        """Ask the deployed release's queries in a database that the migration has not run in."""
        with using(name):
            release = Release.of(self.before.apps, self.labels)
            return release, release.ask()

    def ask_after(self, name: str, release: Release, earlier: Answers) -> dict[str, str]:
        """Return what is broken in a database that the migration has run in, for either release."""
        with using(name):
            old = broken(earlier, release.ask())
            new = broken(earlier, self._new_release(release.rows).ask())
        return {f"old {query}": why for query, why in old.items()} | {
            f"new {query}": why for query, why in new.items()
        }

    def _new_release(self, rows: dict[str, dict[str, Any]]) -> Release:
        """Return the models that the migration changes: the others ask nothing that the old ones do not."""
        release = Release.of(self.after.apps, {self.case.name}, rows)
        changed = [model for model in release.models if self._is_changed(model)]
        # Whoever writes a model of a view does not mean to write to it.
        return Release(changed, rows, tables.views())

    def _is_changed(self, model: type[models.Model]) -> bool:
        key = (model._meta.app_label, model._meta.model_name or "")
        return key not in self.before.models or self.before.models[key] != self.after.models[key]

    @property
    def labels(self) -> set[str]:
        used = set(self.tables.values())
        contrib = {"auth", "contenttypes"} if "auth_user" in used else set()
        return {self.case.name} | contrib

    def _lost(self, before: dict[int, tables.Table], after: dict[int, tables.Table]) -> list[str]:
        """Return the tables and columns of the deployed models that the migration removed, renames apart."""
        by_name = {table.name: oid for oid, table in before.items()}
        present = {table.name for table in after.values()}
        lost = []
        for model in self.before.apps.get_models(include_auto_created=True):
            oid = by_name.get(model._meta.db_table)
            if oid is None or model._meta.proxy:
                continue
            old, new = before[oid], after.get(oid)
            if new is None:
                lost += [] if old.name in present else [old.name]
                continue
            numbers = {name: number for number, name in old.columns.items()}
            for column in (field.column for field in model._meta.local_concrete_fields):
                if column in numbers and numbers[column] not in new.columns:
                    lost.append(f"{old.name}.{column}")
        return sorted(set(lost))


def _model_tables(apps: Any) -> set[str]:
    return {model._meta.db_table for model in apps.get_models(include_auto_created=True)}


@contextlib.contextmanager
def without_pauses() -> Iterator[None]:
    """Let time.sleep return at once, for migrations that rest between batches."""
    sleep = time.sleep
    time.sleep = lambda seconds: None
    try:
        yield
    finally:
        time.sleep = sleep
