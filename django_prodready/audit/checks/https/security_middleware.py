"""SecurityMiddleware is not installed.

What it checks
--------------
`MIDDLEWARE` holds `django.middleware.security.SecurityMiddleware` or a subclass of it.

Why it matters
--------------
It is the only thing in Django that redirects to HTTPS and sends Strict-Transport-Security,
`X-Content-Type-Options: nosniff`, Referrer-Policy and Cross-Origin-Opener-Policy. Without it the settings
that ask for them do nothing.

When it is wrong
----------------
Your proxy sends all of these headers and redirects. Where `PRODREADY["FACTS"]` declares both
`redirect: proxy` and `hsts: proxy`, this is a warning only, because the other headers remain open.

How to fix
----------
Put `"django.middleware.security.SecurityMiddleware"` at the top of `MIDDLEWARE`.

Source
------
[SecurityMiddleware](https://docs.djangoproject.com/en/stable/ref/middleware/#module-django.middleware.security)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Severity, check
from django_prodready.audit.facts.security import has_middleware, where_to_put

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"MIDDLEWARE": []}),
    Case(settings={"MIDDLEWARE": ["django.middleware.common.CommonMiddleware"]}),
)
GOOD = (
    Case(settings={"MIDDLEWARE": ["django.middleware.security.SecurityMiddleware"]}),
    Case(
        settings={"MIDDLEWARE": ["hardening.Security"]},
        files={
            "hardening.py": (
                "from django.middleware.security import SecurityMiddleware\n"
                "class Security(SecurityMiddleware): pass\n"
            )
        },
    ),
)


@check(severity=Severity.ERROR, django_ids=("security.W001",))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when no entry of MIDDLEWARE is SecurityMiddleware."""
    if has_middleware(facts):
        return
    by_proxy = facts.declared.get("redirect") == facts.declared.get("hsts") == "proxy"
    yield Finding(
        message=(
            "SecurityMiddleware is not in MIDDLEWARE, so Django redirects nothing to HTTPS and sends "
            "none of its headers, such as Strict-Transport-Security and nosniff."
        ),
        hint=f"{where_to_put(facts)}.",
        subject="MIDDLEWARE",
        at=facts.origin("MIDDLEWARE"),
        severity=Severity.WARNING if by_proxy else Severity.ERROR,
    )
