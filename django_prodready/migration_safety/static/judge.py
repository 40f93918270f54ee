"""Says of each migration of a plan what can be said without running it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django_prodready.migration_safety.harm import Harm
from django_prodready.migration_safety.model import Evidence, Finding, Judgement, Verdict
from django_prodready.migration_safety.phase import phase_of
from django_prodready.migration_safety.plan import Plan
from django_prodready.migration_safety.rule import all_rules, finding_of
from django_prodready.migration_safety.rules._field_way import way_of
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.models import ModelFacts
from django_prodready.migration_safety.static.operations import is_reversible
from django_prodready.migration_safety.static.view import View
from django_prodready.migration_safety.static.walk import views

# What a field may bring along, unless it is about a constraint that is validated or added again.
_OF_FIELDS = frozenset({"check-validation", "foreign-key-validation", "index-build", "unique-constraint"})
_HAS_ITS_OWN = frozenset({"again", "validate"})
_BRINGING = (e.AddColumn, e.CreateTable, e.RenameColumn, e.RenameTable)


def judge(plan: Plan) -> tuple[Judgement, ...]:
    """Judge the migrations of ``plan`` as if on PostgreSQL. Runs nothing and asks no database."""
    return tuple(judgement_of(view) for view in views(plan))


def judgement_of(view: View) -> Judgement:
    """Judge one migration."""
    harms = sorted(_harms(view), key=lambda harm: (harm.operation is None, harm.operation or 0))
    findings = tuple(finding_of(harm, Evidence.INFERRED) for harm in dict.fromkeys(harms))
    not_checked = tuple(dict.fromkeys(effect.reason for _, effect in view.of_kind(e.Opaque)))
    return Judgement(
        key=view.key,
        verdict=_verdict(findings, is_read=not not_checked),
        phase=phase_of(harms, is_needed_first=_brings_what_new_code_needs(view)),
        reversible=all(is_reversible(operation) for operation in view.operations),
        findings=findings,
        not_checked=not_checked,
        is_partial=bool(not_checked),
    )


def _harms(view: View) -> Iterator[Harm]:
    for rule in all_rules().values():
        found = rule.infer(view) if rule.infer is not None else ()
        yield from (_with_way(harm, view) for harm in found)


def _with_way(harm: Harm, view: View) -> Harm:
    """Add the safe way of the whole operation to what a field brings along."""
    if harm.rule not in _OF_FIELDS or harm.operation is None or harm.old in _HAS_ITS_OWN:
        return harm
    return replace(harm, way=way_of(view, harm.operation))


def _verdict(findings: tuple[Finding, ...], *, is_read: bool) -> Verdict:
    if any(finding.category is not None for finding in findings):
        return Verdict.UNSAFE
    return Verdict.SAFE if is_read else Verdict.UNKNOWN


def _brings_what_new_code_needs(view: View) -> bool:
    """Whether a table or column appears that models of the new code have."""
    return any(
        isinstance(act.effect, _BRINGING) and _is_used(act.effect, view.new.values()) for act in view.acts
    )


def _is_used(effect: e.Effect, models: Iterable[ModelFacts]) -> bool:
    if isinstance(effect, e.AddColumn | e.RenameColumn):
        column = effect.column.name if isinstance(effect, e.AddColumn) else effect.new
        return any(model.table == effect.table and column in model.columns for model in models)
    table = effect.new if isinstance(effect, e.RenameTable) else effect.table
    return any(table in _tables(model) for model in models)


def _tables(model: ModelFacts) -> set[str]:
    return {model.table, *(pair.table for pair in model.pairs.values())}
