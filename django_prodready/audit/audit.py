"""One run of the audit: facts in, report out."""

from __future__ import annotations

import dataclasses
import datetime
import platform
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import django

from django_prodready.audit import runner
from django_prodready.audit.facts import Facts
from django_prodready.audit.model import (
    Check,
    Fact,
    Need,
    Outcome,
    Report,
    Result,
    Target,
)
from django_prodready.audit.registry import with_requirements
from django_prodready.reporting.finding import Finding
from django_prodready.reporting.fingerprint import with_fingerprints
from django_prodready.reporting.ignores import Suppressions
from django_prodready.reporting.redaction import Redactor
from django_prodready.reporting.safe_errors import safe_exception_text, safe_traceback

OFFLINE_NEEDS = frozenset({Need.SETTINGS, Need.SOURCE, Need.FILES, Need.PROCESS, Need.REQUESTS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What one run judges, and with what.

    ``checks`` are all that exist, ``selected`` the names that the report shows. A requirement of
    a selected check runs too, but stays out of the report when it was not selected itself.
    """

    facts: Facts
    checks: Mapping[str, Check]
    selected: Iterable[str]
    suppressions: Suppressions
    redactor: Redactor
    allowed: frozenset[Need] = OFFLINE_NEEDS
    deadline_s: Callable[[Check], float] = runner.deadline_of

    def run(self) -> Report:
        """Judge and report. A check that raises or hangs is one crashed result, never an exception."""
        started_s = time.perf_counter()
        selected = frozenset(self.selected)
        ordered = with_requirements(self.checks, sorted(selected))
        first = [check for check in ordered if Need.REPORT not in check.needs]
        judged = runner.run(first, self.facts, allowed=self.allowed, deadline_s=self.deadline_s)
        results = {name: self._result(judgement) for name, judgement in judged.items() if name in selected}
        self.facts.unused_ignores = tuple(self.suppressions.unused(_decided(results)))
        self.facts.expired_ignores = tuple(self.suppressions.expired())
        last = [check for check in ordered if Need.REPORT in check.needs]
        allowed = self.allowed | {Need.REPORT}
        judged = runner.run(last, self.facts, allowed=allowed, deadline_s=self.deadline_s)
        results |= {name: self._result(judgement) for name, judgement in judged.items() if name in selected}
        return Report(
            generated_at=datetime.datetime.now(datetime.UTC).replace(microsecond=0),
            duration_s=time.perf_counter() - started_s,
            target=_target(self.facts),
            facts=self._facts(),
            results=tuple(results[name] for name in sorted(results)),
        )

    def _result(self, judgement: runner.Judgement) -> Result:
        try:
            return self._as_result(judgement)
        except Exception as error:  # noqa: BLE001 - a check may have yielded anything but sound findings
            crashed = dataclasses.replace(judgement, outcome=Outcome.CRASHED, findings=[], error=error)
            return self._as_result(crashed)

    def _as_result(self, judgement: runner.Judgement) -> Result:
        check = judgement.check
        findings = (
            dataclasses.replace(
                self.redactor.scrub_finding(finding), severity=min(check.severity, finding.severity)
            )
            for finding in judgement.findings
        )
        return Result(
            check=check.name,
            family=check.family,
            severity=check.severity,
            outcome=judgement.outcome,
            reason=self._reason(judgement),
            duration_ms=round(judgement.duration_s * 1000, 3),
            findings=tuple(
                self._suppressed(check, finding) for finding in with_fingerprints(check.name, findings)
            ),
            traceback=self._traceback(judgement),
        )

    def _suppressed(self, check: Check, finding: Finding) -> Finding:
        applied = self.suppressions.apply(check.name, finding)
        if applied.suppressed is None:
            return applied
        reason = self.redactor.scrub(applied.suppressed.reason)
        return dataclasses.replace(applied, suppressed=dataclasses.replace(applied.suppressed, reason=reason))

    def _reason(self, judgement: runner.Judgement) -> str | None:
        if judgement.error is not None:
            return safe_exception_text(judgement.error, self.redactor)
        return None if judgement.reason is None else self.redactor.scrub(judgement.reason)

    def _traceback(self, judgement: runner.Judgement) -> str | None:
        if judgement.error is not None:
            return safe_traceback(judgement.error, self.redactor)
        return judgement.stuck_at

    def _facts(self) -> dict[str, Fact]:
        if not self.facts.has_settings:
            return {}
        return {
            name: Fact(
                value=self.redactor.scrub(value) if isinstance(value, str) else value, origin="declared"
            )
            for name, value in sorted(self.facts.declared.items())
        }


def _decided(results: Mapping[str, Result]) -> set[str]:
    undecided = (Outcome.NOT_RUN, Outcome.CRASHED)
    return {name for name, result in results.items() if result.outcome not in undecided}


def _target(facts: Facts) -> Target:
    return Target(
        settings=facts.settings_module or "unknown",
        django=django.get_version(),
        python=platform.python_version(),
    )
