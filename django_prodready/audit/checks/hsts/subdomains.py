"""The HSTS header leaves subdomains out.

What it checks
--------------
`SECURE_HSTS_SECONDS` is more than 0 and `SECURE_HSTS_INCLUDE_SUBDOMAINS` is off.

Why it matters
--------------
Whoever can answer for any name below the domain by plain HTTP, even one that does not exist, can set
cookies for the whole domain: a session or CSRF cookie of the attacker's choice.

When it is wrong
----------------
Leaving subdomains out is often right: some are served by HTTP, or by somebody else, or the domain is that
of a platform. It is information only. Put it aside with an entry in `ignore` that says why.

How to fix
----------
Make sure that every subdomain, internal ones included, works by HTTPS; then set
`SECURE_HSTS_INCLUDE_SUBDOMAINS = True`. It holds for as long as the header lasts, so try it with a short
time first.

Source
------
[SECURE_HSTS_INCLUDE_SUBDOMAINS](https://docs.djangoproject.com/en/stable/ref/settings/#secure-hsts-include-subdomains),
[RFC 6797, section 14.4](https://www.rfc-editor.org/rfc/rfc6797#section-14.4)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.response_headers_hsts import LONG_S, hsts_seconds, is_staged

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (Case(settings={"SECURE_HSTS_SECONDS": 31_536_000}),)
GOOD = (
    Case(settings={"SECURE_HSTS_SECONDS": 31_536_000, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True}),
    Case(settings={"SECURE_HSTS_SECONDS": 0}),
    Case(settings={"SECURE_HSTS_SECONDS": 3600, "HSTS_STAGE": "hour"}),
    Case(settings={"SECURE_HSTS_SECONDS": 3600, "PRODREADY": {"FACTS": {"hsts": "proxy"}}}),
)


@check(
    severity=Severity.INFO,
    needs=(Need.SETTINGS, Need.SOURCE, Need.FILES),
    django_ids=("security.W005",),
)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when Django's header does not name subdomains."""
    seconds = hsts_seconds(facts)
    if facts.settings.SECURE_HSTS_INCLUDE_SUBDOMAINS:
        return
    if seconds < LONG_S and is_staged(facts):
        raise NotApplicable("a stage of the roll-out is declared (HSTS_STAGE)")
    yield Finding(
        message=(
            f"SECURE_HSTS_INCLUDE_SUBDOMAINS is {facts.settings.SECURE_HSTS_INCLUDE_SUBDOMAINS!r}: "
            "subdomains may still be asked by plain HTTP, and answers to that can set the site's cookies."
        ),
        hint="Set SECURE_HSTS_INCLUDE_SUBDOMAINS = True once every subdomain works by HTTPS.",
        subject="SECURE_HSTS_INCLUDE_SUBDOMAINS",
        at=facts.origin("SECURE_HSTS_INCLUDE_SUBDOMAINS"),
    )
