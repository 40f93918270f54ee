"""Says of each migration of a plan what can be said without running it."""

from __future__ import annotations

from collections.abc import Iterator

from django_prodready.migration_safety.harm import Harm
from django_prodready.migration_safety.model import Category, Evidence, Finding, Judgement, Phase, Verdict
from django_prodready.migration_safety.plan import Plan
from django_prodready.migration_safety.rule import all_rules, finding_of
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.operations import is_reversible
from django_prodready.migration_safety.static.view import View
from django_prodready.migration_safety.static.walk import views

# Harms to the deployed release alone: the new code can serve before the migration has run.
_ONLY_OLD_CODE = frozenset({"column-removed", "table-removed", "column-narrowed"})
_NEEDED_BY_NEW_CODE = (e.AddColumn, e.CreateTable, e.RenameColumn, e.RenameTable)


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
        phase=_phase(view, harms),
        reversible=all(is_reversible(operation) for operation in view.operations),
        findings=findings,
        not_checked=not_checked,
    )


def _harms(view: View) -> Iterator[Harm]:
    for rule in all_rules().values():
        if rule.infer is not None:
            yield from rule.infer(view)


def _verdict(findings: tuple[Finding, ...], *, is_read: bool) -> Verdict:
    if any(finding.category is not None for finding in findings):
        return Verdict.UNSAFE
    return Verdict.SAFE if is_read else Verdict.UNKNOWN


def _phase(view: View, harms: list[Harm]) -> Phase:
    rules = all_rules()
    breaking = [harm for harm in harms if rules[harm.rule].category is Category.INCOMPATIBLE]
    if not breaking or any(isinstance(act.effect, _NEEDED_BY_NEW_CODE) for act in view.acts):
        return Phase.EXPAND
    return Phase.CONTRACT if all(_is_for_old_code(harm) for harm in breaking) else Phase.EXPAND


def _is_for_old_code(harm: Harm) -> bool:
    """Whether only the deployed release breaks: of a NOT NULL column, the words say whose INSERT fails."""
    if harm.rule == "not-null-without-default":
        return harm.old == "null"
    return harm.rule in _ONLY_OLD_CODE
