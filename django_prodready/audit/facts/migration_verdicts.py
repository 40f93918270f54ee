"""What ``prodmigrate --lint`` says of a database's pending migrations, in short.

What judges is imported when it is asked: without ``--live`` prodcheck has no use for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.audit.facts.migration_graph import IMPORTING, redactor_of
from django_prodready.audit.model import NotRun
from django_prodready.migration_safety.model import Judgement, Key, Verdict
from django_prodready.migration_safety.plan import PlanError, Selection
from django_prodready.migration_safety.target import TargetError
from django_prodready.reporting.baseline import read_baseline
from django_prodready.reporting.errors import ConfigurationError
from django_prodready.reporting.finding import Location
from django_prodready.reporting.project_config import read_project_config

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

__all__ = ["Judged", "judge_pending"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The verdict on one migration."""

    alias: str
    key: Key
    verdict: Verdict
    kinds: tuple[str, ...]  # the categories of what counts against it
    at: Location | None

    @property
    def text(self) -> str:
        """Name the migration, and what it does to the site: ``shop.0007_x (blocking)``."""
        kinds = f" ({', '.join(self.kinds)})" if self.kinds else ""
        return f"{'.'.join(self.key)}{kinds}"


def judge_pending(facts: Facts, alias: str) -> list[Judged]:
    """Judge the pending migrations of the project's own apps from their operations. Raises NotRun."""
    from django_prodready.migration_safety.lint import Request, accept, lint

    redactor = redactor_of(facts)
    request = Request(selection=Selection(), alias=alias, root=facts.root, redactor=redactor)
    try:
        path = read_project_config(facts.root).baseline
        known = read_baseline(path) if path else {}
        with IMPORTING:
            linted = lint(request)
    except (PlanError, TargetError, ConfigurationError) as error:
        raise NotRun(redactor.scrub(str(error))) from error
    judgements = accept(linted.report, known).judgements
    return [_judged(alias, judgement, linted.places.get(judgement.key)) for judgement in judgements]


def _judged(alias: str, judgement: Judgement, at: Location | None) -> Judged:
    counted = [one for one in judgement.findings if one.category is not None and one.suppressed is None]
    kinds = dict.fromkeys(one.category.value for one in counted if one.category is not None)
    places = [one.at for one in counted if one.at is not None]
    return Judged(
        alias=alias,
        key=judgement.key,
        verdict=judgement.verdict,
        kinds=tuple(kinds),
        at=places[0] if places else at,
    )
