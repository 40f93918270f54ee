"""SECURE_REDIRECT_EXEMPT has a pattern that exempts nearly every page.

What it checks
--------------
Every pattern of `SECURE_REDIRECT_EXEMPT` is searched for in the empty path, which is the front page, and in
paths that have nothing in common but the slash at their end.

Why it matters
--------------
An empty string matches everything, so it turns `SECURE_SSL_REDIRECT` off without a word:
`"".split(",")` is a list with one empty string. Django searches anywhere in the path, so `health/?` is
narrow while `/?` is not.

When it is wrong
----------------
A pattern that matches the front page alone, `^$`, is shown as information only: some load balancers
probe `/`. Nothing else matches paths that have nothing in common by accident.

How to fix
----------
Write the whole path between anchors: `SECURE_REDIRECT_EXEMPT = [r"^health/$"]`. Drop empty parts of what
you split: `[part for part in value.split(",") if part]`.

Source
------
[SECURE_REDIRECT_EXEMPT](https://docs.djangoproject.com/en/stable/ref/settings/#secure-redirect-exempt)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.security import exemptions, redirects

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_UNRELATED = ("qxz/", "wjk/9/", "UYB/")

BAD = (
    Case(settings={"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": [""]}),
    Case(settings={"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": [".*", "^", "/$"]}, expect=3),
    Case(settings={"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": ["^$"]}),
)
GOOD = (
    Case(settings={"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": [r"^health/$", r"^api/.*"]}),
    Case(settings={"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": []}),
    Case(settings={"SECURE_SSL_REDIRECT": False, "SECURE_REDIRECT_EXEMPT": [""]}),
)


@check(severity=Severity.WARNING)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each pattern that matches what nobody had in mind."""
    if not redirects(facts):
        raise NotApplicable("Django does not redirect to HTTPS")
    for exemption in exemptions(facts):
        if exemption.pattern is None:
            continue
        judged = _breadth(exemption.pattern)
        if judged is None:
            continue
        breadth, severity = judged
        yield Finding(
            message=f"SECURE_REDIRECT_EXEMPT entry {exemption.text!r} {breadth} from the redirect to HTTPS.",
            hint="Remove it, or write the whole path that is meant between ^ and $.",
            subject=f"SECURE_REDIRECT_EXEMPT[{exemption.position}]",
            identity=exemption.text,
            at=facts.origin("SECURE_REDIRECT_EXEMPT", exemption.position),
            severity=severity,
        )


def _breadth(pattern: re.Pattern[str]) -> tuple[str, Severity] | None:
    if all(pattern.search(path) for path in _UNRELATED):
        return "matches unrelated paths, so it exempts nearly every page", Severity.WARNING
    if pattern.search(""):
        return "exempts the front page", Severity.INFO
    return None
