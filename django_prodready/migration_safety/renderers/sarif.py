"""The report as SARIF 2.1.0, which code-scanning services read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import django_prodready
from django_prodready.migration_safety.model import Finding, Judgement, Verdict
from django_prodready.migration_safety.renderers.summary import name_of
from django_prodready.migration_safety.rule import Rule, all_rules, page_of
from django_prodready.reporting.finding import Location, Severity, Suppression

if TYPE_CHECKING:
    from django_prodready.migration_safety.lint import Linted
    from django_prodready.migration_safety.renderers import View

VERSION = "2.1.0"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
}


def render(linted: Linted, view: View) -> str:  # noqa: ARG001 - what every renderer takes
    """Render all of a report; nothing in ``view`` changes it. ASCII, which every stream can hold."""
    return json.dumps(as_dict(linted), indent=2) + "\n"


def as_dict(linted: Linted) -> dict[str, Any]:
    """The report as a SARIF log of one run."""
    rules = all_rules()
    positions = {name: position for position, name in enumerate(rules)}
    results = [
        _result(finding, judgement, positions[finding.rule])
        for judgement in linted.report.judgements
        for finding in judgement.findings
    ]
    driver = {
        "name": "prodmigrate",
        "semanticVersion": django_prodready.__version__,
        "rules": [_rule(rule) for rule in rules.values()],
    }
    invocation = {"executionSuccessful": True, "toolExecutionNotifications": list(_notifications(linted))}
    return {
        "$schema": SCHEMA,
        "version": VERSION,
        "runs": [
            {
                "tool": {"driver": driver},
                "invocations": [invocation],
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    page = page_of(rule)
    sections = [f"## {heading}\n\n{text}" for heading, text in page.sections.items()]
    return {
        "id": rule.name,
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": page.sections.get("What happens", page.title)},
        "help": {
            "text": rule.documentation.strip(),
            "markdown": "\n\n".join((f"# {page.title}", *sections)),
        },
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["migration", *([rule.category.value] if rule.category else [])]},
    }


def _result(finding: Finding, judgement: Judgement, position: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": position,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message} {finding.hint}"},
        "partialFingerprints": {"prodready/v1": finding.fingerprint},
        "properties": {
            "migration": name_of(judgement),
            "evidence": finding.evidence.value,
            "safeWay": finding.safe_way,
        },
    }
    if finding.at is not None:
        result["locations"] = [_location(finding.at)]
    result["suppressions"] = [_suppression(finding.suppressed)] if finding.suppressed else []
    return result


def _notifications(linted: Linted) -> Iterator[dict[str, Any]]:
    """Yield what is no finding: verdicts that are not known, and notes."""
    for judgement in linted.report.judgements:
        if judgement.verdict is not Verdict.UNKNOWN:
            continue
        text = " ".join((f"There is no verdict on {name_of(judgement)}.", *judgement.not_checked))
        notification: dict[str, Any] = {"level": "warning", "message": {"text": text}}
        place = linted.places.get(judgement.key)
        if place is not None:
            notification["locations"] = [_location(place)]
        yield notification
    for note in linted.report.notes:
        yield {"level": "note", "message": {"text": note}}


def _location(place: Location) -> dict[str, Any]:
    artifact: dict[str, str] = {"uri": quote(place.file)}
    if PurePosixPath(place.file).is_absolute():
        artifact["uri"] = f"file://{artifact['uri']}"
    else:
        artifact["uriBaseId"] = "%SRCROOT%"
    return {"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": place.line}}}


def _suppression(suppressed: Suppression) -> dict[str, str]:
    kind = "inSource" if suppressed.by == "ignore" else "external"
    return {"kind": kind, "justification": suppressed.reason}
