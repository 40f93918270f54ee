"""Runs checks: each under a deadline, after what it requires; none is left out of the report."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connections

from django_prodready.audit.facts import Facts
from django_prodready.audit.model import Check, Need, NotApplicable, NotRun, Outcome
from django_prodready.reporting.finding import Finding, Severity

# A static check reads what is already in memory: 2 s is forever. Live ones wait on the network.
STATIC_DEADLINE_S = 2.0
LIVE_DEADLINE_S = 5.0
# A second load of the project is as slow as the project: netbox takes about 4 s on a small machine.
PROCESS_DEADLINE_S = 30.0
# What several checks share (importing the URLconf, reading source) is made ready before they are timed.
PREPARE_DEADLINE_S = 60.0
WIDTH = 4  # checks at a time; static ones gain nothing from more

_DEADLINES_S = {
    Need.PROCESS: PROCESS_DEADLINE_S,
    Need.LIVE: LIVE_DEADLINE_S,
    Need.URL: LIVE_DEADLINE_S,
    Need.REQUESTS: LIVE_DEADLINE_S,
}

_PREPARATIONS: Mapping[Need, Callable[[Facts], object]] = {
    Need.SETTINGS: lambda facts: (facts.explicit, facts.effective.databases, facts.middleware.entries),
    Need.SOURCE: lambda facts: (facts.chain, facts.files.paths),
    Need.REQUESTS: lambda facts: facts.health_paths,
}


@dataclass(slots=True)
class Judgement:
    """What one check said, before severities, fingerprints and suppressions are worked out."""

    check: Check
    outcome: Outcome
    reason: str | None = None
    findings: list[Finding] = field(default_factory=list)
    error: BaseException | None = None
    stuck_at: str | None = None  # where its thread was when the deadline passed
    duration_s: float = 0.0


def run(
    checks: Iterable[Check],
    facts: Facts,
    *,
    allowed: frozenset[Need],
    deadline_s: Callable[[Check], float] | None = None,
) -> dict[str, Judgement]:
    """Judge ``checks``, which come in an order where each stands after what it requires.

    ``allowed`` are the needs that this run may meet; a check that needs another one is not run.
    Checks without ``REQUESTS`` run several at a time. Those with it run alone and last, because
    sockets are blocked for the whole process meanwhile.
    """
    return _Run(facts, allowed, deadline_s or deadline_of).all(list(checks))


def deadline_of(check: Check) -> float:
    """Return how long a check may take, in seconds, by the dearest of its needs."""
    return max((_DEADLINES_S.get(need, STATIC_DEADLINE_S) for need in check.needs), default=STATIC_DEADLINE_S)


class _Run:
    def __init__(self, facts: Facts, allowed: frozenset[Need], deadline_s: Callable[[Check], float]) -> None:
        self.facts = facts
        self.allowed = allowed
        self.deadline_s = deadline_s
        self.judged: dict[str, Judgement] = {}
        self.prepared: dict[Need, Judgement | None] = {}

    def all(self, checks: list[Check]) -> dict[str, Judgement]:
        """Judge every check of the list."""
        # A subprocess runs on another core: the sooner it starts, the less it is waited for.
        waiting = sorted(checks, key=lambda check: Need.PROCESS not in check.needs)
        while waiting:
            ready = [check for check in waiting if self._decided(check)]
            batch = [check for check in ready if Need.REQUESTS not in check.needs]
            if batch:
                self._together(batch, WIDTH)
            else:
                self._together(ready, 1)
            waiting = [check for check in waiting if check.name not in self.judged]
        return self.judged

    def _decided(self, check: Check) -> bool:
        return all(name in self.judged for name in check.requires)

    def _together(self, checks: list[Check], width: int) -> None:
        slow: list[_Attempt] = []
        quick: list[_Attempt] = []
        for check in checks:
            refused = self._refusal(check)
            if refused is not None:
                self.judged[check.name] = refused
                continue
            if len(quick) >= width:
                self._finish(quick.pop(0))
            attempt = _Attempt(check, self.facts, self.deadline_s(check))
            (slow if Need.PROCESS in check.needs else quick).append(attempt)
        for attempt in quick + slow:
            self._finish(attempt)

    def _finish(self, attempt: _Attempt) -> None:
        self.judged[attempt.check.name] = attempt.result()

    def _refusal(self, check: Check) -> Judgement | None:
        reason = self._missing(check) or self._failed_requirement(check)
        if reason is not None:
            return Judgement(check, Outcome.NOT_RUN, reason)
        for need in sorted(check.needs, key=lambda need: need.value):
            broken = self._prepare(need)
            if broken is not None:
                return Judgement(
                    check, Outcome.CRASHED, broken.reason, error=broken.error, stuck_at=broken.stuck_at
                )
        return None

    def _missing(self, check: Check) -> str | None:
        missing = sorted(need.value for need in check.needs - self.allowed)
        if missing:
            how = ": --live opens the connections" if missing == [Need.LIVE.value] else ""
            return f"needs {' and '.join(missing)}, which this run does not have{how}"
        if Need.SETTINGS in check.needs and not self.facts.has_settings:
            return "the settings could not be loaded"
        if Need.REQUESTS in check.needs and self.facts.load_failure is not None:
            return "the project could not be set up"
        return None

    def _failed_requirement(self, check: Check) -> str | None:
        good = (Outcome.PASS, Outcome.NOT_APPLICABLE)
        failed = [name for name in check.requires if self.judged[name].outcome not in good]
        return f"{failed[0]} did not pass" if failed else None

    def _prepare(self, need: Need) -> Judgement | None:
        if need not in self.prepared:
            self.prepared[need] = _prepared(need, self.facts)
        return self.prepared[need]


def _prepared(need: Need, facts: Facts) -> Judgement | None:
    """Compute what checks with ``need`` share; the judgement to give them all when that fails."""
    prepare = _PREPARATIONS.get(need)
    if prepare is None:
        return None

    def judge(facts: Facts) -> Iterable[Finding]:
        prepare(facts)
        return ()

    shared = Check(name=f"facts.{need.value}", severity=Severity.INFO, judge=judge, needs=frozenset())
    result = _Attempt(shared, facts, PREPARE_DEADLINE_S).result()
    # Who asks again is told again why it cannot be had; others need not care.
    return None if result.outcome in (Outcome.PASS, Outcome.NOT_RUN) else result


class _Attempt:
    """One check in a thread of its own, which is abandoned when the deadline passes.

    A daemon thread, because a stuck check must not keep the process from ending.
    """

    def __init__(self, check: Check, facts: Facts, deadline_s: float) -> None:
        self.check = check
        self._facts = facts
        self._deadline_s = deadline_s
        self._judgement: Judgement | None = None
        self._started_s = time.perf_counter()
        self._thread = threading.Thread(target=self._judge, name=f"prodcheck {check.name}", daemon=True)
        self._thread.start()

    def _judge(self) -> None:
        self._judgement = _judge(self.check, self._facts)

    def result(self) -> Judgement:
        """Wait for the judgement, until the deadline at most."""
        self._thread.join(max(0.0, self._started_s + self._deadline_s - time.perf_counter()))
        judgement = self._judgement
        if judgement is None:
            judgement = Judgement(
                self.check,
                Outcome.CRASHED,
                f"passed its deadline of {self._deadline_s:g} s",
                stuck_at=_where(self._thread),
                duration_s=time.perf_counter() - self._started_s,
            )
        return judgement


def _judge(check: Check, facts: Facts) -> Judgement:
    started_s = time.perf_counter()
    judgement = Judgement(check, Outcome.PASS)
    try:
        judgement.findings.extend(check.judge(facts))
    except NotApplicable as reason:
        judgement.outcome, judgement.reason = Outcome.NOT_APPLICABLE, str(reason)
    except NotRun as reason:
        judgement.outcome, judgement.reason = Outcome.NOT_RUN, str(reason)
    except BaseException as error:  # noqa: BLE001 - whatever a check raises, sys.exit() included, is its crash
        judgement.outcome, judgement.error = Outcome.CRASHED, error
    if Need.LIVE in check.needs:
        _close_connections()
    if judgement.findings and judgement.outcome is not Outcome.CRASHED:
        judgement.outcome = Outcome.FAIL  # what was seen before it had to stop still counts
    judgement.duration_s = time.perf_counter() - started_s
    return judgement


def _close_connections() -> None:
    """Close those of this thread, which nobody else can."""
    with contextlib.suppress(Exception):  # of a driver that is not there, or a server that is gone
        connections.close_all()


def _where(thread: threading.Thread) -> str:
    frame = sys._current_frames().get(thread.ident or 0)
    lines = [f"{entry.filename}:{entry.lineno} in {entry.name}" for entry in traceback.extract_stack(frame)]
    return "\n".join(lines)
