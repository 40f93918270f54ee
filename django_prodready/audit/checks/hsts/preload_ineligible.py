"""SECURE_HSTS_PRELOAD is on, and the header does not qualify for the preload list.

What it checks
--------------
With `SECURE_HSTS_PRELOAD` on, `SECURE_HSTS_SECONDS` is at least 31536000 (one year) and
`SECURE_HSTS_INCLUDE_SUBDOMAINS` is on, as the browsers' preload list demands.

Why it matters
--------------
The list refuses the domain, and removes one that is on it and no longer qualifies. The settings promise a
protection that the site does not have.

When it is wrong
----------------
While you raise the seconds in steps, the finding is true and expected: set `SECURE_HSTS_PRELOAD` at the last
step. Below a year it is a warning only, for that reason; where nothing is sent at all (0 seconds), too.

How to fix
----------
Set `SECURE_HSTS_SECONDS = 31536000` and `SECURE_HSTS_INCLUDE_SUBDOMAINS = True` once every subdomain works
by HTTPS, or `SECURE_HSTS_PRELOAD = False` until then.

Source
------
[Submission requirements of the preload list](https://hstspreload.org/#submission-requirements)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.security import require_middleware

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

YEAR_S = 31_536_000  # https://hstspreload.org/#submission-requirements

BAD = (
    Case(
        settings={
            "SECURE_HSTS_PRELOAD": True,
            "SECURE_HSTS_SECONDS": 3600,
            "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        }
    ),
    Case(settings={"SECURE_HSTS_PRELOAD": True, "SECURE_HSTS_SECONDS": YEAR_S}),
    Case(settings={"SECURE_HSTS_PRELOAD": True, "SECURE_HSTS_SECONDS": 0}),
)
GOOD = (
    Case(
        settings={
            "SECURE_HSTS_PRELOAD": True,
            "SECURE_HSTS_SECONDS": YEAR_S,
            "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        }
    ),
    Case(settings={"SECURE_HSTS_SECONDS": 3600}),
    Case(settings={"SECURE_HSTS_PRELOAD": True, "PRODREADY": {"FACTS": {"hsts": "proxy"}}}),
)


@check(severity=Severity.ERROR)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when the header cannot be accepted by the preload list."""
    require_middleware(facts)
    settings = facts.settings
    if not settings.SECURE_HSTS_PRELOAD:
        raise NotApplicable("SECURE_HSTS_PRELOAD is off")
    if facts.declared.get("hsts") == "proxy":
        raise NotApplicable("the proxy sends the header (declared)")
    try:
        seconds = int(settings.SECURE_HSTS_SECONDS or 0)
    except (TypeError, ValueError):
        raise NotApplicable("SECURE_HSTS_SECONDS is not a number") from None
    wrong = list(_wrong(seconds, subdomains=bool(settings.SECURE_HSTS_INCLUDE_SUBDOMAINS)))
    if wrong:
        consequence = "the preload list refuses the domain" if seconds else "no header is sent"
        yield Finding(
            message=f"SECURE_HSTS_PRELOAD is on, but {' and '.join(wrong)}: {consequence}.",
            hint=(
                f"Set SECURE_HSTS_SECONDS = {YEAR_S} and SECURE_HSTS_INCLUDE_SUBDOMAINS = True, "
                "or SECURE_HSTS_PRELOAD = False until then."
            ),
            subject="SECURE_HSTS_PRELOAD",
            at=facts.origin("SECURE_HSTS_PRELOAD"),
            severity=Severity.WARNING if seconds < YEAR_S else Severity.ERROR,
        )


def _wrong(seconds: int, *, subdomains: bool) -> Iterator[str]:
    if seconds < YEAR_S:
        yield f"SECURE_HSTS_SECONDS is {seconds}"
    if seconds and not subdomains:
        yield "SECURE_HSTS_INCLUDE_SUBDOMAINS is off"
