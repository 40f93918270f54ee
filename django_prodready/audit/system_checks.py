"""Shows the static checks in ``manage.py check --deploy``. Imports no check until Django runs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.core import checks as django_checks

if TYPE_CHECKING:
    from django_prodready.audit.model import Check, Report, Result


@django_checks.register(django_checks.Tags.security, deploy=True)
def deploy_checks(app_configs: Sequence[Any] | None, **_: object) -> list[django_checks.CheckMessage]:
    """What the static checks find, without what Django reports itself.

    Silent for a run that names apps: ours judge the project as a whole.
    """
    if app_configs is not None:
        return []
    from django_prodready.audit import twins
    from django_prodready.audit.registry import all_checks
    from django_prodready.reporting.errors import ConfigurationError

    static = {name: check for name, check in all_checks().items() if check.is_static}
    twins.silence_twins(static)
    reported = twins.fired(static.values())
    try:
        report = _report(static)
    except ConfigurationError as error:
        return [django_checks.Error(str(error), id="prodready.configuration")]
    return [
        message
        for result in report.results
        if not reported & set(static[result.check].django_ids)
        for message in _messages(static[result.check], result)
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


def _messages(check: Check, result: Result) -> Iterator[django_checks.CheckMessage]:
    from django_prodready.audit.model import Outcome
    from django_prodready.audit.twins import system_check_id

    name = system_check_id(check)
    if result.outcome is Outcome.CRASHED:
        yield django_checks.Warning(f"The check {check.name} could not judge: {result.reason}.", id=name)
    for finding in result.findings:
        # Django counts what SILENCED_SYSTEM_CHECKS silences; it knows nothing of our ignores.
        if finding.suppressed is None or finding.suppressed.by == "silenced":
            where = f" ({finding.at})" if finding.at else ""
            yield django_checks.CheckMessage(
                getattr(django_checks, finding.severity.name),
                f"{finding.message}{where}",
                hint=finding.hint,
                obj=finding.subject,
                id=name,
            )
