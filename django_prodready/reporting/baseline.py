"""The baseline: findings that were there when the project began to be judged, by fingerprint.

The file is JSON: ``{"schema": 1, "findings": [{"fingerprint": "…", "check": "hosts.wildcard",
"reason": "…", "since": "2026-11-01"}]}``.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django_prodready.reporting.errors import ConfigurationError
from django_prodready.reporting.fingerprint import FINGERPRINT_LENGTH
from django_prodready.reporting.project_config import parse_date

SCHEMA = 1

_FINGERPRINT = re.compile(rf"[0-9a-f]{{{FINGERPRINT_LENGTH}}}")
_KEYS = ("fingerprint", "check", "reason", "since")


@dataclass(frozen=True, slots=True)
class BaselineEntry:
    """One finding that is known and accepted for now."""

    check: str
    reason: str
    since: datetime.date


def read_baseline(path: Path) -> Mapping[str, BaselineEntry]:
    """Read the accepted findings, by fingerprint.

    Raises :class:`ConfigurationError` that holds every problem of the file; a missing file is one.
    """
    problems: list[str] = []
    entries: dict[str, BaselineEntry] = {}
    for number, entry in enumerate(_findings(path), 1):
        wrong = _problems(entry)
        if not wrong and entry["fingerprint"] in entries:
            wrong = [f"fingerprint {entry['fingerprint']} is there twice; remove one"]
        if wrong:
            problems += [f"{path.name}: findings entry {number}: {problem}." for problem in wrong]
            continue
        since = datetime.date.fromisoformat(entry["since"])
        entries[entry["fingerprint"]] = BaselineEntry(entry["check"], entry["reason"], since)
    if problems:
        raise ConfigurationError(*problems)
    return MappingProxyType(entries)


def _findings(path: Path) -> list[Any]:
    document = _document(path)
    if not isinstance(document, dict) or not isinstance(document.get("findings"), list):
        raise ConfigurationError(f'{path.name}: must be an object with a list "findings". Write it again.')
    if document.get("schema") != SCHEMA:
        raise ConfigurationError(f'{path.name}: "schema" must be {SCHEMA}. Write it again with this version.')
    findings: list[Any] = document["findings"]
    return findings


def _document(path: Path) -> object:
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path.name} is not UTF-8 text. Save it as UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ConfigurationError(
            f"{path.name} is not valid JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        ) from None
    except OSError as error:
        raise ConfigurationError(
            f"The baseline {path.name} cannot be read: {error.strerror}. Write it first, or name another."
        ) from None


def _problems(entry: object) -> list[str]:
    if not isinstance(entry, dict):
        return [f"must be an object with {', '.join(_KEYS)}"]
    problems = [f"unknown key {key!r}; known are {', '.join(_KEYS)}" for key in entry if key not in _KEYS]
    fingerprint = entry.get("fingerprint")
    if not (isinstance(fingerprint, str) and _FINGERPRINT.fullmatch(fingerprint)):
        problems.append(f"fingerprint must be {FINGERPRINT_LENGTH} hexadecimal digits")
    for key in ("check", "reason"):
        text = entry.get(key)
        if not (isinstance(text, str) and text.strip()):
            problems.append(f"{key} must be a text that is not blank")
    if parse_date(entry.get("since")) is None:
        problems.append("since must be a day, such as 2026-11-01")
    return problems
