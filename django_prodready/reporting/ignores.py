"""Which findings stand in the report without counting, and which decisions to that end are stale."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Collection, Iterable, Mapping

from django_prodready.reporting.baseline import BaselineEntry
from django_prodready.reporting.finding import Finding, Suppression
from django_prodready.reporting.project_config import Ignore


class Suppressions:
    """All ways to silence a finding: the project's ignores, Django's silenced ids, the baseline.

    ``silenced`` maps a check to the system check id in ``SILENCED_SYSTEM_CHECKS`` that silences it.
    An ignore that has expired silences nothing.
    """

    def __init__(
        self,
        ignores: Iterable[Ignore],
        baseline: Mapping[str, BaselineEntry],
        silenced: Mapping[str, str],
        today: datetime.date,
    ) -> None:
        self.ignores = tuple(ignores)
        self._baseline = baseline
        self._silenced = silenced
        self._today = today
        self._matched: set[int] = set()

    def apply(self, check: str, finding: Finding) -> Finding:
        """Mark a finding of ``check`` as suppressed if anything suppresses it.

        Reads the fingerprint, so it must be filled in. The decision with the most to say wins: an
        ignore, then a silenced id, then the baseline.
        """
        suppression = (
            self._by_ignore(check, finding) or self._by_silence(check) or self._by_baseline(check, finding)
        )
        return dataclasses.replace(finding, suppressed=suppression) if suppression else finding

    def unused(self, judged: Collection[str]) -> tuple[Ignore, ...]:
        """Ignores that hold and matched nothing although their check is among the ``judged``."""
        return tuple(
            ignore
            for position, ignore in enumerate(self.ignores)
            if position not in self._matched and ignore.check in judged and not self._has_expired(ignore)
        )

    def unknown(self, known: Collection[str]) -> tuple[Ignore, ...]:
        """Ignores of checks that are not among the ``known``: a misspelling, or a check that is gone."""
        return tuple(ignore for ignore in self.ignores if ignore.check not in known)

    def expired(self) -> tuple[Ignore, ...]:
        """Ignores whose last day is over."""
        return tuple(ignore for ignore in self.ignores if self._has_expired(ignore))

    def _by_ignore(self, check: str, finding: Finding) -> Suppression | None:
        found = None
        for position, ignore in enumerate(self.ignores):
            if self._has_expired(ignore):
                continue
            if ignore.check == check and _fits(ignore.subject, finding.subject):
                self._matched.add(position)
                found = found or Suppression(by="ignore", reason=ignore.reason, until=ignore.until)
        return found

    def _by_silence(self, check: str) -> Suppression | None:
        if check not in self._silenced:
            return None
        return Suppression(by="silenced", reason=f"SILENCED_SYSTEM_CHECKS lists {self._silenced[check]}")

    def _by_baseline(self, check: str, finding: Finding) -> Suppression | None:
        entry = self._baseline.get(finding.fingerprint)
        if entry is None or entry.check != check:
            return None
        return Suppression(by="baseline", reason=entry.reason)

    def _has_expired(self, ignore: Ignore) -> bool:
        return ignore.until is not None and ignore.until < self._today


def _fits(pattern: str | None, subject: str | None) -> bool:
    """Match ``*`` and ``?`` only: brackets are part of subjects such as ``ALLOWED_HOSTS[1]``."""
    if pattern is None:
        return True
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, subject or "", re.DOTALL) is not None
