"""Django and django-csp both have a policy to send, and one of the two is lost.

What it checks
--------------
`ContentSecurityPolicyMiddleware` with `SECURE_CSP` and the `CSPMiddleware` of django-csp with
`CONTENT_SECURITY_POLICY` are both installed, or both have a policy that is only reported.

Why it matters
--------------
Neither replaces a header that is there. A response passes `MIDDLEWARE` from the last entry to the first, so
the policy of the last is sent, and changes to the other have no effect that anybody sees.

When it is wrong
----------------
When you are moving from one to the other and both say the same. One that enforces and one that only reports
are two headers, and are not reported here.

How to fix
----------
Keep one: remove the middleware and the setting of the other. Decorators (`csp_override`, `csp_update`) go
with their middleware.

Source
------
[Content Security Policy in Django](https://docs.djangoproject.com/en/stable/ref/csp/),
[django-csp](https://django-csp.readthedocs.io/en/latest/configuration.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.csp import DJANGO, DJANGO_CSP, Policy, sent_policies

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_SELF = {"default-src": ["'self'"]}
_BOTH = {"MIDDLEWARE": [DJANGO, DJANGO_CSP], "SECURE_CSP": _SELF}

BAD = (Case(settings={**_BOTH, "CONTENT_SECURITY_POLICY": {"DIRECTIVES": _SELF}}),)
GOOD = (
    Case(settings=_BOTH),
    Case(settings={**_BOTH, "CONTENT_SECURITY_POLICY_REPORT_ONLY": {"DIRECTIVES": _SELF}}),
    Case(settings={**_BOTH, "MIDDLEWARE": [DJANGO], "CONTENT_SECURITY_POLICY": {"DIRECTIVES": _SELF}}),
)


@check(severity=Severity.WARNING)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each of the two headers that two middlewares want to set."""
    sent = sent_policies(facts)
    if len({policy.middleware for policy in sent}) < 2:
        raise NotApplicable("at most one middleware has a policy to send")
    for is_enforced in (True, False):
        rivals = [policy for policy in sent if policy.is_enforced is is_enforced]
        if len(rivals) > 1:
            yield _finding(facts, rivals)


def _finding(facts: Facts, rivals: list[Policy]) -> Finding:
    lost, kept = sorted(rivals, key=lambda policy: _position(facts, policy))
    header = f"Content-Security-Policy{'' if kept.is_enforced else '-Report-Only'}"
    return Finding(
        message=f"{lost.setting} has no effect: {kept.setting} sets {header} before it can be.",
        hint=f"Keep one of the two: remove '{_path(facts, lost)}' from MIDDLEWARE, or "
        f"'{_path(facts, kept)}' if {lost.setting} is the policy you want.",
        subject=lost.setting,
        at=facts.origin(lost.setting),
    )


def _position(facts: Facts, policy: Policy) -> int:
    entry = facts.middleware.find(policy.middleware)
    return entry.position if entry else -1


def _path(facts: Facts, policy: Policy) -> str:
    entry = facts.middleware.find(policy.middleware)
    return entry.path if entry else policy.middleware
