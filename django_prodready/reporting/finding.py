"""What a report says of one problem: severity, place, message, way out."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass


class Severity(enum.IntEnum):
    """How bad a finding is; ordered, so that ``>=`` compares."""

    INFO = 1
    WARNING = 2
    ERROR = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The word that reports, options and configuration files use."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Location:
    """A place in the project's files."""

    file: str  # relative to the root of the report, with forward slashes
    line: int  # counted from 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding stands in the report but does not count."""

    by: str  # "baseline", "ignore" or "silenced"
    reason: str
    until: datetime.date | None = None  # last day on which it holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem in one place.

    A check yields it with the first group of fields; the runner fills in the second.
    """

    message: str  # sentence 1: the fact or consequence, with the real name and value; never a secret
    hint: str  # one imperative that names the setting, file or command to change
    subject: str | None = None  # what is wrong: "ALLOWED_HOSTS[1]", "DATABASES['default']"
    at: Location | None = None  # where it is written; None when computed or unknown
    evidence: tuple[str, ...] = ()  # lines shown below the message in the text report
    identity: str | None = None  # what the fingerprint is made of when the subject may move
    severity: Severity = Severity.CRITICAL  # only ever lowers the severity of its check

    fingerprint: str = ""
    suppressed: Suppression | None = None
