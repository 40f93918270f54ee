"""What the worker does with its job: plan as on the target, trace, tell each judgement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import Error, connections
from django.db.migrations.recorder import MigrationRecorder

from django_prodready.migration_safety.cache import narrowed
from django_prodready.migration_safety.plan import make_plan
from django_prodready.migration_safety.trace import catalog, rows_batch
from django_prodready.migration_safety.trace.protocol import KNOWN, TraceError
from django_prodready.migration_safety.trace.refusals import REFUSALS
from django_prodready.migration_safety.trace.sqlstate import sqlstate_of
from django_prodready.migration_safety.trace.tracer import Tracer
from django_prodready.migration_safety.trace.wire import NOT_PASSED, STEP, to_wire

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    from django_prodready.migration_safety.model import Key
    from django_prodready.migration_safety.plan import Plan
    from django_prodready.migration_safety.trace.protocol import Channel, Job

JUDGEMENT = "judgement"

_PLACE = ("ENGINE", "NAME", "USER", "HOST", "PORT", "OPTIONS")


def run(job: Job, channel: Channel) -> None:
    """Trace what the job asks for; tell when a migration begins, each judgement, and which did not pass."""
    connection = connections[job.alias]
    _prepare(connection)
    share(connection)
    plan = _plan_of_target(job, connection)
    known = [(app_label, name) for app_label, name in job.options.get(KNOWN, ())]

    def begin(key: Key) -> None:
        REFUSALS.begin()
        channel({"kind": STEP, "key": key})

    tracer = Tracer(connection, narrowed(plan, known) or plan, channel, begin)
    for judgement in tracer.run():
        channel({"kind": JUDGEMENT, "judgement": to_wire(judgement)})
    channel({"kind": NOT_PASSED, "keys": sorted(tracer.failed)})


def _prepare(connection: BaseDatabaseWrapper) -> None:
    """Do what migrate does first: PostGIS makes its extension. Raises TraceError."""
    try:
        catalog.tell(connection, rows_batch.LANGUAGE)
        connection.prepare_database()
    except Error as error:
        engine = connection.settings_dict["ENGINE"]
        raise TraceError(
            f"The scratch database's server refuses what {engine} asks for (SQLSTATE {sqlstate_of(error)}): "
            "have --scratch-url name a server with the extension, and a role that may create it"
        ) from error


def share(connection: BaseDatabaseWrapper) -> None:
    """Have every alias that leads to the same place use the same session.

    Elsewhere they are other databases; here a second session would wait for what the first has locked.
    """
    for alias in connections:
        if _place_of(connections[alias]) == _place_of(connection):
            connections[alias] = connection


def _place_of(connection: BaseDatabaseWrapper) -> dict[str, object]:
    return {name: connection.settings_dict[name] for name in _PLACE}


def _plan_of_target(job: Job, connection: BaseDatabaseWrapper) -> Plan:
    """Plan over the target's list of applied migrations, which decides what squashed migrations stand for."""
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app_label, name in job.applied:
        recorder.record_applied(app_label, name)
    plan = make_plan(job.selection, connection, job.alias)
    recorder.flush()
    return plan
