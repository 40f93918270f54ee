"""A probe may take longer than the answer that waits for it.

What it checks
--------------
The `DEADLINE` of each entry of `PRODREADY["PROBES"]` must fit into `READY_BUDGET`, and `READY_BUDGET`
must be below the time-out of every probe that a manifest of the repository sends to `/ready/`: 1 s for
kubelet where `timeoutSeconds` is not set.

Why it matters
--------------
`READY_BUDGET` ends the answer, so a longer deadline never counts: the probe is called down earlier
than its deadline says. A budget that outlasts the platform's patience is worse: the platform hangs up
before the 503 that names the component arrives.

When it is wrong
----------------
When the manifest is not the one that is deployed.

How to fix
----------
Lower the `DEADLINE`, or raise `READY_BUDGET` and `timeoutSeconds` with it. A slow component that need
not be asked for every answer is better left out of readiness.

Source
------
[Configure probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.asked_paths import probes_of
from django_prodready.audit.facts.own_health import HEALTH_MIDDLEWARE, own_paths_by_text
from django_prodready.conf import get_config

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_PROBE = "readinessProbe:\n  httpGet:\n    path: /ready/\n    port: 8000\n"


def _case(files: dict[str, str] | None = None, **prodready: object) -> Case:
    return Case(settings={"MIDDLEWARE": [HEALTH_MIDDLEWARE], "PRODREADY": prodready}, files=files or {})


BAD = (
    _case(PROBES={"database": {"DEADLINE": 2.0}}),
    _case({"deploy/web.yaml": _PROBE}, READY_BUDGET=1.5),
)
GOOD = (
    Case(),
    _case(PROBES={"database": {"DEADLINE": 0.5}}),
    _case({"deploy/web.yaml": _PROBE}),
    _case({"deploy/web.yaml": _PROBE + "  timeoutSeconds: 3\n"}, READY_BUDGET=1.5),
)


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.FILES, Need.SOURCE))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each deadline over the budget, and each time-out under it."""
    own = own_paths_by_text(facts)
    if not own:
        raise NotApplicable("django_prodready answers no health path here")
    budget_s = get_config().ready_budget
    for name, entry in get_config().probes.items():
        deadline_s = (entry or {}).get("DEADLINE", 0)
        if deadline_s > budget_s:
            yield Finding(
                message=f"PROBES[{name!r}] may take {deadline_s:g} s, and the whole answer has {budget_s:g} s"
                " (READY_BUDGET): it is called down before its deadline.",
                hint=f"Set PRODREADY['PROBES'][{name!r}]['DEADLINE'] to at most {budget_s:g}.",
                subject=f"PRODREADY['PROBES'][{name!r}]",
                at=facts.origin("PRODREADY", "PROBES", name, "DEADLINE"),
            )
    for ready in (each.path for each in own if each.endpoint == "ready"):
        yield from _impatient_platform(facts, ready, budget_s)


def _impatient_platform(facts: Facts, path: str, budget_s: float) -> Iterator[Finding]:
    probes = probes_of(facts, path)
    impatient = [probe for probe in probes if probe.timeout_s and probe.timeout_s <= budget_s]
    if impatient:
        first = impatient[0]
        yield Finding(
            message=f"The {first.kind.value} in {first.at.file} waits {first.timeout_s:g} s for"
            f" {path}, which may take {budget_s:g} s (READY_BUDGET):"
            " it may hang up before the answer.",
            hint="Set PRODREADY['READY_BUDGET'] below the probe's time-out, or raise the time-out.",
            subject=path,
            at=first.at,
        )
