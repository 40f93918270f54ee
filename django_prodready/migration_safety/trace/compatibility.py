"""Ask of a schema what a release in production asks of it, by the release's historical models.

Only breakage is told: a column that is gone, a value that no longer fits. What a business rule refuses (a
CHECK, unique or foreign key constraint) is none, and a value that a rule refused before is no evidence later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import router

from django_prodready.migration_safety.trace.compatibility_context import Context
from django_prodready.migration_safety.trace.compatibility_reads import ask_joins, ask_reads, can_be_read
from django_prodready.migration_safety.trace.compatibility_touched import (
    asks_the_same,
    models_to_probe,
    with_tables,
    writes_to_view,
)
from django_prodready.migration_safety.trace.compatibility_words import Answers, Failure, Identity
from django_prodready.migration_safety.trace.compatibility_writes import Writes
from django_prodready.migration_safety.trace.rows_server import Server, opened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Model

__all__ = [
    "Baseline",
    "Failure",
    "asks_the_same",
    "baseline",
    "models_to_probe",
    "new_failures",
    "probe",
    "with_tables",
    "writes_to_view",
]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a schema would not do to begin with."""

    unusable: frozenset[tuple[str, str]] = frozenset()  # models without a table that can be read
    failed: frozenset[Identity] = frozenset()  # what failed, and which values a rule refused


def probe(models: Iterable[type[Model]], connection: BaseDatabaseWrapper) -> tuple[Failure, ...]:
    """Return what no longer works for code with these models.

    Runs within the caller's transaction and leaves nothing behind.
    """
    return tuple(_ask(models, connection).failures)


def baseline(models: Iterable[type[Model]], connection: BaseDatabaseWrapper) -> Baseline:
    """Return what to leave out of a later `probe` of the same models: see `new_failures`."""
    answers = _ask(models, connection)
    failed = {failure.identity for failure in answers.failures}
    unusable = {failure.identity[:2] for failure in answers.failures if failure.is_whole_model}
    return Baseline(frozenset(unusable), frozenset(failed | answers.ruled_out))


def new_failures(failures: Iterable[Failure], before: Baseline) -> tuple[Failure, ...]:
    """Return the failures of what worked before."""
    return tuple(
        failure
        for failure in failures
        if failure.identity not in before.failed and failure.identity[:2] not in before.unusable
    )


def _ask(models: Iterable[type[Model]], connection: BaseDatabaseWrapper) -> Answers:
    answers = Answers()
    with opened(connection) as server:
        for model in models:
            meta = model._meta
            if meta.proxy or meta.swapped or meta.abstract or meta.auto_created:
                continue  # a many-to-many table is asked with the model that has the field
            if not router.allow_migrate_model(connection.alias, model):
                continue  # its table is in another database
            with server.undone():
                _ask_model(model, server, answers)
    return answers


def _ask_model(model: type[Model], server: Server, answers: Answers) -> None:
    context = Context(model, server, answers)
    if not ask_reads(context):
        return
    Writes(context).ask_all()
    for field in model._meta.local_many_to_many:
        through: Any = field.remote_field.through
        if through._meta.auto_created:
            between = Context(through, server, answers, many_to_many=field)
            if can_be_read(between):
                ask_joins(between)
                writes = Writes(between)
                writes.ask_insert()
                writes.ask_delete()
