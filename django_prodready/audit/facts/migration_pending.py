"""Which migrations are not applied, by database; asked in a transaction that can write nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, router

from django_prodready.audit.facts.migration_graph import IMPORTING, load_graph, redactor_of
from django_prodready.audit.model import NotRun
from django_prodready.migration_safety.plan import Plan, PlanError, Selection
from django_prodready.migration_safety.target import TargetError, plan_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from django.db.models import Model

    from django_prodready.audit.facts import Facts
    from django_prodready.migration_safety.model import Key
    from django_prodready.reporting.redaction import Redactor

__all__ = ["Pending", "find_pending", "migrated_aliases", "require_known"]

_DUMMY = "django.db.backends.dummy"

_found: WeakKeyDictionary[Facts, tuple[Pending, ...]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What one database has not applied."""

    alias: str
    keys: tuple[Key, ...] = ()  # in the order in which migrate would apply them
    is_missing: bool = False  # the database is a file that is not there
    unknown: str = ""  # why it could not be asked, in words without secrets; empty when it was


def find_pending(facts: Facts) -> tuple[Pending, ...]:
    """Ask every database that migrations are applied to, each once for all checks.

    Raises NotRun when the migrations cannot be loaded.
    """
    load_graph(facts)
    with IMPORTING:  # also, nobody waits twice for a server that does not answer
        if facts not in _found:
            asked = (_ask(facts, alias) for alias in migrated_aliases(facts))
            _found[facts] = tuple(pending for pending in asked if pending is not None)
    return _found[facts]


def migrated_aliases(facts: Facts) -> list[str]:
    """List the databases that migrate may be run on.

    Left out are copies of another database, those that a router keeps all models from, and those in memory,
    which begin empty in each process.
    """
    return [alias for alias, entry in facts.effective.databases.items() if _may_migrate(alias, entry)]


def _may_migrate(alias: str, entry: Mapping[str, Any]) -> bool:
    if entry["ENGINE"] == _DUMMY or entry["TEST"].get("MIRROR"):
        return False
    if "sqlite" in entry["ENGINE"] and _is_in_memory(str(entry["NAME"])):
        return False
    return not router.routers or any(router.allow_migrate_model(alias, model) for model in apps.get_models())


def _is_in_memory(name: str) -> bool:
    return name in ("", ":memory:") or "mode=memory" in name


def _ask(facts: Facts, alias: str) -> Pending | None:
    """Return None for a database that nobody migrates."""
    redactor = redactor_of(facts)
    try:
        plan = plan_of(Selection(third_party=True), alias, redactor)
    except PlanError as error:
        return Pending(alias=alias, unknown=redactor.scrub(str(error)).rstrip("."))
    except (TargetError, ImproperlyConfigured) as error:
        cause = _first_line(error.__cause__ or error, redactor)
        return Pending(alias=alias, unknown=f"the database {alias!r} cannot be asked: {cause}")
    if alias != DEFAULT_DB_ALIAS and not _is_migrated(alias, plan):
        return None
    return Pending(
        alias=alias,
        keys=tuple(step.key for step in plan.judged if _concerns(alias, step.key[0])),
        is_missing=_is_missing(facts.effective.databases[alias]),
    )


def _is_migrated(alias: str, plan: Plan) -> bool:
    """Whether migrations were applied to a database beside the default one, or a router says they are to be.

    A database of somebody else's has no router that speaks of it either, and Django then permits everything.
    """
    return bool(plan.loader.applied_migrations) or any(_is_said(alias, model) for model in apps.get_models())


def _is_said(alias: str, model: type[Model]) -> bool:
    meta = model._meta
    for each in router.routers:
        said = (
            each.allow_migrate(alias, meta.app_label, model_name=meta.model_name, model=model)
            if hasattr(each, "allow_migrate")
            else None
        )
        if said is not None:
            return bool(said)
    return False


def _concerns(alias: str, label: str) -> bool:
    """Whether an app has a part in the database: what a router leaves out, migrate records all the same."""
    models = list(apps.get_app_config(label).get_models(include_auto_created=True))
    if not models:
        return bool(router.allow_migrate(alias, label))
    return any(router.allow_migrate_model(alias, model) for model in models)


def _is_missing(entry: Mapping[str, Any]) -> bool:
    name = str(entry["NAME"])
    return "sqlite" in entry["ENGINE"] and not name.startswith("file:") and not Path(name).exists()


def require_known(found: tuple[Pending, ...]) -> None:
    """Raise NotRun when a database could not be asked."""
    reasons = [pending.unknown for pending in found if pending.unknown]
    if reasons:
        raise NotRun("; ".join(reasons))


def _first_line(error: BaseException, redactor: Redactor) -> str:
    lines = redactor.scrub(str(error)).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(". ")
