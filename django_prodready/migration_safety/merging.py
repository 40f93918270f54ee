"""One verdict of two: what was seen on a server counts, what the operations say lends it words."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from django_prodready.migration_safety.model import Category, Finding, Judgement, Verdict

_FAILED = "migration-fails"
# What only shows when there are rows.
_ON_ROWS = frozenset(("bulk-write", "data-deleted", "scan-under-lock", "write-under-lock"))


def merged(static: Judgement, traced: Judgement | None, attempts: Sequence[str] = ()) -> Judgement:
    """Join the two judgements of one migration.

    ``attempts``: what it tried and was refused, in words. Where the trace could not judge, the operations
    do: what they show to be unsafe is unsafe, and the rest stays unknown.
    """
    words = tuple(f"It {attempt}, which was refused while tracing." for attempt in attempts)
    if traced is None:
        return _fallen_back(static, ("The trace ended before it was run.",))
    if attempts and _has_only_failed(traced):
        last = "It failed then, so the trace cannot tell what it does."
        return _fallen_back(static, (*words, last), duration_ms=traced.duration_ms)
    if not traced.traced:
        return _fallen_back(static, traced.not_checked)
    if traced.verdict is Verdict.UNKNOWN:
        traced = _completed(traced, static)
    return dataclasses.replace(
        traced,
        findings=_worded(traced.findings, static.findings),
        not_checked=(*words, *traced.not_checked),
    )


def verdict_of(judgement: Judgement) -> Verdict:
    """Say what a judgement comes to when its suppressed findings do not count."""
    if any(finding.category is not None and finding.suppressed is None for finding in judgement.findings):
        return Verdict.UNSAFE
    if judgement.verdict is not Verdict.UNSAFE:
        return judgement.verdict
    return Verdict.UNKNOWN if judgement.is_partial else Verdict.SAFE  # what made it unsafe is accepted


def _has_only_failed(judgement: Judgement) -> bool:
    rules = {finding.rule for finding in judgement.findings if finding.category is Category.FAILS}
    return rules == {_FAILED} and all(
        finding.category in (Category.FAILS, None) for finding in judgement.findings
    )


def _fallen_back(
    static: Judgement, not_checked: Sequence[str], *, duration_ms: float | None = None
) -> Judgement:
    is_unsafe = static.verdict is Verdict.UNSAFE
    return dataclasses.replace(
        static,
        verdict=Verdict.UNSAFE if is_unsafe else Verdict.UNKNOWN,
        duration_ms=duration_ms,
        not_checked=tuple(dict.fromkeys((*not_checked, *static.not_checked))),
        is_partial=True,
    )


def _completed(traced: Judgement, static: Judgement) -> Judgement:
    """Add what the operations show of work on rows, where a migration was not run whole."""
    shown = tuple(finding for finding in static.findings if finding.rule in _ON_ROWS)
    if not shown:
        return traced
    return dataclasses.replace(traced, verdict=Verdict.UNSAFE, findings=(*traced.findings, *shown))


def _worded(traced: Sequence[Finding], static: Sequence[Finding]) -> tuple[Finding, ...]:
    left = list(static)
    findings = []
    for finding in traced:
        twin = _twin(finding, left)
        if twin is not None:
            left.remove(twin)
            finding = _with_words(finding, twin)  # noqa: PLW2901 - the same finding, better told
        findings.append(finding)
    return tuple(findings)


def _twin(finding: Finding, candidates: Sequence[Finding]) -> Finding | None:
    """Find what was inferred of the same rule and table; the nearest, where there are several."""
    alike = [
        candidate
        for candidate in candidates
        if candidate.rule == finding.rule and candidate.tables[:1] == finding.tables[:1]
    ]
    return max(
        alike,
        key=lambda one: (one.subject == finding.subject, one.operation == finding.operation),
        default=None,
    )


def _with_words(finding: Finding, twin: Finding) -> Finding:
    has_same_locks = not finding.locks or {*finding.locks} == {*twin.locks}
    return dataclasses.replace(
        finding,
        # The message names the lock, which may be another than the operation lets expect.
        message=twin.message if has_same_locks else finding.message,
        hint=twin.hint,
        safe_way=twin.safe_way or finding.safe_way,
        operation=finding.operation if twin.operation is None else twin.operation,
        subject=twin.subject or finding.subject,
        method=finding.method or twin.method,
    )
