"""The audit's vocabulary: check, need, outcome, result, report. Data only; nothing here runs a check."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django_prodready.reporting.finding import Finding, Severity

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts


class Need(enum.Enum):
    """What a check must have in order to judge. The value is the word that reports use."""

    SETTINGS = "settings"  # effective settings, after they were loaded
    SOURCE = "source"  # Python source of the project and its settings modules
    FILES = "files"  # other files of the repository
    PROCESS = "process"  # a subprocess of our own, such as a second load of the settings
    REQUESTS = "requests"  # requests through the project's own middleware, in process
    LIVE = "live"  # connections to what the settings name: database, cache, broker
    URL = "url"  # the deployed site
    REPORT = "report"  # the outcomes of all other checks; judged after them


STATIC_NEEDS = frozenset({Need.SETTINGS, Need.SOURCE, Need.FILES})


class Outcome(enum.Enum):
    """What became of one check. Only ``PASS`` is good news."""

    PASS = "pass"  # noqa: S105 - an outcome
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    NOT_RUN = "not_run"
    CRASHED = "crashed"


class NotApplicable(Exception):  # noqa: N818 - an outcome, not an error
    """Raise in a check to say that its question does not arise here. The message is the reason."""


class NotRun(Exception):  # noqa: N818 - an outcome, not an error
    """Raise in a check to say that it could not judge. The message is the reason."""


Judge = Callable[["Facts"], Iterable[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One deploy-time rule, named for the bad pattern that it looks for."""

    name: str  # "family.slug"
    severity: Severity  # the highest that its findings may have
    judge: Judge
    needs: frozenset[Need]
    requires: tuple[str, ...] = ()  # names of checks that must have passed, or not applied, before
    django_ids: tuple[str, ...] = ()  # Django's own system checks that report the same problem
    documentation: str = ""  # the docstring of its module

    @property
    def family(self) -> str:
        """The part of the name before the dot."""
        return self.name.partition(".")[0]

    @property
    def is_static(self) -> bool:
        """Whether it may run in ``manage.py check --deploy``: no network, database or subprocess."""
        return self.needs <= STATIC_NEEDS


def check(
    *,
    severity: Severity,
    needs: Iterable[Need] = (Need.SETTINGS,),
    requires: Iterable[str] = (),
    django_ids: Iterable[str] = (),
) -> Callable[[Judge], Check]:
    """Make the decorated function the check of its module.

    The name comes from the module's path: ``…/checks/hosts/probe_rejected.py`` is
    ``hosts.probe-rejected``. The function yields findings, and may raise
    :class:`NotApplicable` or :class:`NotRun` with a reason.
    """

    def declare(judge: Judge) -> Check:
        # A module without a package is another package's; its entry point names the check.
        family, slug = ["plugin", *judge.__module__.split(".")][-2:]
        return Check(
            name=f"{family}.{slug}".replace("_", "-"),
            severity=severity,
            judge=judge,
            needs=frozenset(needs),
            requires=tuple(requires),
            django_ids=tuple(django_ids),
            documentation=judge.__globals__.get("__doc__") or "",
        )

    return declare


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One project, small enough to stand in a check's file as an example.

    ``settings`` override a bare Django project's. ``files`` (path: text) are written to an empty
    folder that is the root; ``settings_module`` then names the module among them whose source is
    read for origins. ``environ`` replaces the environment. ``load_failure`` is what loading the
    project ended with. ``expect`` is the number of findings that a bad case must give.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    settings_module: str | None = None
    environ: Mapping[str, str] = field(default_factory=dict)
    load_failure: BaseException | None = None
    expect: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one check in one run."""

    check: str
    family: str
    severity: Severity
    outcome: Outcome
    reason: str | None  # why it was not applicable, not run or crashed
    duration_ms: float
    findings: tuple[Finding, ...] = ()
    traceback: str | None = None  # of a crashed check, redacted; shown under -v only


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing known of the platform, and how it is known."""

    value: Any
    origin: str  # "declared", "detected" or "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What was judged."""

    settings: str
    django: str
    python: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All outcomes of one run, in the order of the checks' names."""

    generated_at: datetime.datetime  # aware, UTC
    duration_s: float
    target: Target
    facts: Mapping[str, Fact]
    results: tuple[Result, ...]

    def counts(self) -> dict[str, int]:
        """Count findings by severity label; suppressed ones count under ``"suppressed"`` alone."""
        counts = {severity.label: 0 for severity in reversed(Severity)}
        counts["suppressed"] = 0
        for finding in self.findings():
            counts["suppressed" if finding.suppressed else finding.severity.label] += 1
        return counts

    def outcomes(self) -> dict[str, int]:
        """Count results by outcome."""
        counts = {outcome.value: 0 for outcome in Outcome}
        for result in self.results:
            counts[result.outcome.value] += 1
        return counts

    def findings(self) -> list[Finding]:
        """Every finding, suppressed ones included."""
        return [finding for result in self.results for finding in result.findings]
