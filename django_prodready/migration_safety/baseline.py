"""Writes the baseline: findings of today that later runs know and do not count.

The file is the one that prodcheck reads, and holds the findings of both: a check's name has a dot, a
rule's has none.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path

from django_prodready.migration_safety.model import Report
from django_prodready.reporting.baseline import SCHEMA, BaselineEntry

DEFAULT_NAME = "prodready-baseline.json"

_REASON = "It was there when the baseline was written."


def renewed(
    known: Mapping[str, BaselineEntry], report: Report, today: datetime.date, *, is_whole: bool
) -> dict[str, BaselineEntry]:
    """Add what ``report`` found to what is ``known``; reason and day of a finding that stays are kept.

    ``is_whole``: every migration was judged, so rules' entries that were not met again are dropped.
    """
    found = {
        finding.fingerprint: finding.rule
        for judgement in report.judgements
        for finding in judgement.findings
        if finding.suppressed is None
    }
    entries = {
        name: entry for name, entry in known.items() if name in found or "." in entry.check or not is_whole
    }
    for name, rule in found.items():
        entries.setdefault(name, BaselineEntry(rule, _REASON, today))
    return entries


def write_baseline(path: Path, entries: Mapping[str, BaselineEntry]) -> None:
    """Write the file, in an order that changes little. Raises OSError."""
    findings = [
        {"fingerprint": name, "check": entry.check, "reason": entry.reason, "since": entry.since.isoformat()}
        for name, entry in sorted(entries.items(), key=lambda item: (item[1].check, item[0]))
    ]
    text = json.dumps({"schema": SCHEMA, "findings": findings}, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
