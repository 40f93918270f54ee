"""Shows the static checks in ``manage.py check --deploy``. Imports no check until Django runs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core import checks as django_checks

if TYPE_CHECKING:
    from django_prodready.audit.model import Check, Report
    from django_prodready.reporting.finding import Finding


def register() -> None:
    """Register with Django's system check framework, for ``--deploy`` runs only."""
    django_checks.register(deploy_checks, django_checks.Tags.security, deploy=True)


def deploy_checks(
    app_configs: Sequence[Any] | None, **kwargs: object
) -> list[django_checks.CheckMessage]:
    """What the static checks find, without what Django reports itself.

    Silent for a run that names apps: ours judge the project as a whole.
    """
    if app_configs is not None:
        return []
    from django_prodready.audit import twins
    from django_prodready.audit.registry import all_checks

    static = {name: check for name, check in all_checks().items() if check.is_static}
    twins.silence_twins(static)
    reported = twins.fired(static.values())
    report = _report(static)
    return [
        _message(static[result.check], finding)
        for result in report.results
        if not reported & set(static[result.check].django_ids)
        for finding in result.findings
        if finding.suppressed is None or finding.suppressed.by == "silenced"
    ]


def _report(static: dict[str, Check]) -> Report:
    from django_prodready.audit.audit import Audit
    from django_prodready.audit.model import STATIC_NEEDS
    from django_prodready.audit.project import facts_of_process, redactor_for, suppressions_for

    facts = facts_of_process()
    audit = Audit(
        facts=facts,
        checks=static,
        selected=static,
        suppressions=suppressions_for(facts, static),
        redactor=redactor_for(facts),
        allowed=STATIC_NEEDS,
    )
    return audit.run()


def _message(check: Check, finding: Finding) -> django_checks.CheckMessage:
    from django_prodready.audit.twins import system_check_id

    level = getattr(django_checks, finding.severity.name)
    where = f" ({finding.at})" if finding.at else ""
    return django_checks.CheckMessage(
        level, f"{finding.message}{where}", hint=finding.hint, obj=finding.subject, id=system_check_id(check)
    )
