"""Short histories of migrations, made in memory and traced on a real PostgreSQL."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connections, models
from django.db.migrations import CreateModel, Migration, RunPython, RunSQL
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.loader import MigrationLoader
from prodready_databases import install, postgres_entry

from django_prodready.migration_safety.model import Finding, Judgement
from django_prodready.migration_safety.plan import Plan, Step
from django_prodready.migration_safety.trace.tracer import Tracer

if TYPE_CHECKING:
    from django.db.migrations.operations.base import Operation
    from django.db.models import QuerySet

ALIAS = "history"
LABEL = "shop"
INITIAL = (LABEL, "0001_initial")
LIMITS = "-c lock_timeout=2000 -c statement_timeout=20000"
SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"


def migration(
    name: str, operations: Sequence[Operation], needs: Sequence[tuple[str, str]] = (), **attributes: Any
) -> Migration:
    """Make a migration of the app ``shop``, or of ``label``."""
    label = attributes.pop("label", LABEL)
    made = type("Migration", (Migration,), {"dependencies": list(needs), **attributes})(name, label)
    made.operations = list(operations)
    return made


def chained(*migrations: Migration) -> tuple[Migration, ...]:
    """Have each depend on the one before it."""
    for before, after in itertools.pairwise(migrations):
        after.dependencies = [(before.app_label, before.name)]
    return migrations


def plan_of(
    migrations: Sequence[Migration],
    judged: Sequence[str],
    *,
    each_deployed: bool = True,
    unmigrated: Sequence[str] = (),
) -> Plan:
    """Plan to judge the migrations of these names, in the order given."""
    loader = MigrationLoader(None, load=False)
    loader.graph = MigrationGraph()
    loader.unmigrated_apps = set(unmigrated)
    for each in migrations:
        loader.graph.add_node((each.app_label, each.name), each)
    for each in migrations:
        for needed in each.dependencies:
            loader.graph.add_dependency(each, (each.app_label, each.name), needed, skip_validation=True)
    loader.graph.validate_consistency()
    steps = [
        Step(each, is_judged=each.name in judged, is_deployed=each.name not in judged) for each in migrations
    ]
    return Plan(alias=ALIAS, loader=loader, steps=tuple(steps), each_deployed=each_deployed)


class Copier:
    """Copies databases as the parent of a trace does."""

    def __init__(self, url: str) -> None:
        self._url = url

    def copy_database(self, source: str, suffix: str) -> str:
        name = f"{source}_{suffix}"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        return name

    def drop_database(self, name: str) -> None:
        self.run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def run(self, sql: str) -> None:
        """Run a statement outside of a transaction."""
        with psycopg.connect(self._url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(sql)


class History:
    """Traces migrations on top of what is deployed, each time in an empty database."""

    def __init__(self, url: str, alias: str = ALIAS) -> None:
        self.copies = Copier(url)
        self.connection: Any = connections[alias]

    def judge(
        self, *operations: Operation, deployed: Sequence[Operation] = (), **attributes: Any
    ) -> Judgement:
        """Return the verdict on one migration. ``deployed`` operations stand before it, in another."""
        first = migration("0001_initial", [*deployed])
        last = migration("0002_judged", operations, [INITIAL], **attributes)
        (judgement,) = self.trace([first, last], ["0002_judged"])
        return judgement

    def trace(
        self, migrations: Sequence[Migration], judged: Sequence[str], **options: Any
    ) -> list[Judgement]:
        """Return the verdicts on the migrations of these names."""
        with emptied(self.connection):
            return list(Tracer(self.connection, plan_of(migrations, judged, **options), self.copies).run())


@contextmanager
def opened(url: str) -> Iterator[History]:
    """Give histories a database of their own."""
    name = f"prodready_{uuid.uuid4().hex[:12]}"
    copier = Copier(url)
    copier.run(f'CREATE DATABASE "{name}"')
    try:
        with pytest.MonkeyPatch.context() as patch:
            entry = postgres_entry(urlsplit(url)._replace(path=f"/{name}").geturl())
            install(patch, entry | {"OPTIONS": {"options": LIMITS}}, ALIAS)
            yield History(url)
            connections[ALIAS].close()
            del connections[ALIAS]
    finally:
        copier.drop_database(name)


@contextmanager
def emptied(connection: Any) -> Iterator[None]:
    """Empty the database after the block."""
    try:
        yield
    finally:
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute(SCHEMAS)
            for (schema,) in cursor.fetchall():
                cursor.execute(f'DROP SCHEMA "{schema}" CASCADE')
            cursor.execute("CREATE SCHEMA public")
        connection.close()


def rules_of(judgement: Judgement) -> list[str]:
    """Give the rules of the findings that make it unsafe, sorted."""
    return sorted({finding.rule for finding in findings_of(judgement)})


def findings_of(judgement: Judgement) -> list[Finding]:
    """Give the findings that make it unsafe."""
    return [finding for finding in judgement.findings if finding.category is not None]


def create(name: str, /, **fields: models.Field[Any, Any]) -> CreateModel:
    """Make a model with an automatic key, if no field is one."""
    key: dict[str, models.Field[Any, Any]] = {"id": models.BigAutoField(primary_key=True)}
    if any(field.primary_key for field in fields.values()):
        key = {}
    return CreateModel(name, list((key | fields).items()))


def library() -> list[Operation]:
    """Kinds, and books of a kind: two tables with some of everything."""
    return [
        create("Kind", code=models.CharField(max_length=20)),
        create(
            "Book",
            title=models.CharField(max_length=20),
            pages=models.IntegerField(default=0),
            kind=models.ForeignKey("shop.Kind", models.CASCADE),
        ),
    ]


def sql(*statements: str) -> RunSQL:
    """Make an operation that can be reversed."""
    return RunSQL(list(statements) if len(statements) > 1 else statements[0], RunSQL.noop)


def code(function: Callable[[Callable[[str], QuerySet[Any]], Any], object], **options: Any) -> RunPython:
    """Run ``function(rows, editor)``, where ``rows("Book")`` are those of a model."""

    def forwards(apps: Any, editor: Any) -> None:
        function(lambda name: apps.get_model(LABEL, name).objects.using(editor.connection.alias), editor)

    return RunPython(forwards, RunPython.noop, **options)
