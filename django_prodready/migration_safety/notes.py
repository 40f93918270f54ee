"""What a report says of the run as a whole: what was left out, and what a trace would add."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from django_prodready.migration_safety.plan import Plan, Selection, is_third_party
from django_prodready.migration_safety.target import needs_target
from django_prodready.settings.mixins.postgres_address import is_postgres

if TYPE_CHECKING:
    from django_prodready.migration_safety.tracing import Traced

_TOO = "What fails, breaks the code or deletes data does so there too."
_VENDORS = {
    "sqlite": f"SQLite locks the whole file for each write and copies tables that are altered. {_TOO}",
    "mysql": f"MySQL and MariaDB alter tables by rules of their own, and in no transaction. {_TOO}",
    "oracle": f"Oracle alters tables by rules of its own, and in no transaction. {_TOO}",
}
_WITHOUT_TRACE = (
    "Judged from the operations alone. --trace runs them on a scratch PostgreSQL, sees the locks that they "
    "really take, what RunPython and RunSQL do, and whether the deployed code still works"
)
_NOTHING_DEPLOYED = (
    "No migration is applied to the database {alias!r}: no release is deployed that uses its tables, and "
    "only what fails or breaks the new code is unsafe. --all judges each as if all before it were deployed."
)
_HOW = "--trace --scratch-url postgresql://USER@HOST"


def of_plan(plan: Plan, selection: Selection) -> Iterator[str]:
    """Yield what is to be known of the choice of migrations and of the database."""
    left_out = _third_party_pending(plan) if needs_target(selection) and not selection.third_party else []
    if left_out and selection.app_label is None:
        yield (
            f"Pending migrations of installed apps ({', '.join(left_out)}) are not judged; "
            "--third-party judges them too."
        )
    if selection.everything and not plan.judged and not selection.third_party:
        apps = sorted({app_label for app_label, _ in plan.loader.disk_migrations})
        if apps:
            yield (
                f"No app of the project has migrations. Those of installed apps ({', '.join(apps)}) are "
                "judged with --third-party."
            )
    if plan.judged and not plan.each_deployed and not any(step.is_deployed for step in plan.steps):
        yield _NOTHING_DEPLOYED.format(alias=plan.alias)
    vendor = _vendor(plan.alias)
    if plan.judged and vendor != "postgresql":
        yield " ".join(filter(None, ("The verdicts are those for PostgreSQL.", _VENDORS.get(vendor))))


def of_trace(plan: Plan, traced: Traced | None) -> Iterator[str]:
    """Yield what a trace would add, or what it says of others than those that are judged."""
    if traced is None:
        if plan.judged:
            yield f"{_WITHOUT_TRACE}: {_HOW}."
        return
    yield from traced.warnings
    judged = {step.key for step in plan.judged}
    for (app_label, name), judgement in traced.judgements.items():
        if (app_label, name) not in judged:
            yield f"{app_label}.{name}, which is not judged: {' '.join(judgement.not_checked)}"


def _third_party_pending(plan: Plan) -> list[str]:
    """List the apps whose migrations would be judged if they were the project's own."""
    judged = {step.key for step in plan.judged}
    nodes = plan.loader.graph.nodes
    return sorted(
        {
            key[0]
            for key, migration in plan.loader.disk_migrations.items()
            if key in nodes
            and key not in judged
            and key not in plan.loader.applied_migrations
            and is_third_party(migration)
        }
    )


def _vendor(alias: str) -> str:
    try:
        return connections[alias].vendor
    except ImproperlyConfigured:  # its driver is not there
        return "postgresql" if is_postgres(connections.settings[alias]["ENGINE"]) else "unknown"
