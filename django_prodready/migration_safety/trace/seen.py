"""What there is when a migration comes, and all that is seen of it, before it is judged. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.migrations.state import ProjectState
    from django.db.models import Model

    from django_prodready.migration_safety.trace.attempt import Attempt
    from django_prodready.migration_safety.trace.catalog import Relations
    from django_prodready.migration_safety.trace.compatibility import Failure

    Models = tuple[type[Model], ...]


@dataclass(frozen=True, slots=True)
class Before:
    """What there is when a migration comes."""

    state: ProjectState
    known: Relations  # all that the catalogue has
    existing: Relations  # those of them that the deployed release may use
    deployed: Apps


@dataclass(slots=True)
class Seen:
    """All that was seen of one migration."""

    first: Attempt  # without rows
    failed: Attempt | None = None  # the run without rows, where Python code failed that was then passed over
    passed_over: frozenset[int] = frozenset()  # operations
    second: Attempt | None = None  # with rows
    counts: dict[int, int] = field(default_factory=dict)  # rows by relation, when the second began
    existing: Relations = field(default_factory=dict)
    after: Relations = field(default_factory=dict)
    deployed: Models = ()
    new: Models = ()
    broken_old: tuple[Failure, ...] = ()  # deployed models on the new schema
    broken_new: tuple[Failure, ...] = ()  # new models on the new schema
    needed: tuple[Failure, ...] = ()  # new models on the old schema; asked where the deployed ones break
    not_checked: list[str] = field(default_factory=list)
