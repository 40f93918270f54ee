"""The CSRF cookie is also sent over plain HTTP.

What it checks
--------------
`CSRF_COOKIE_SECURE` is on, in a project that has `CsrfViewMiddleware` or a subclass of it and keeps
its secret in a cookie (`CSRF_USE_SESSIONS` is off). A subclass that decides the attribute itself,
such as by the scheme of the request, is left alone: the setting does nothing there.

Why it matters
--------------
Without `Secure` the browser attaches the cookie to every `http://` request for the host. Whoever sees
one of them on the network knows the token and can post forms in the visitor's name.

When it is wrong
----------------
The site is served over plain HTTP on purpose, on a network where all are trusted. With the setting
on every form would be refused there.

How to fix
----------
Set `CSRF_COOKIE_SECURE = True`. JavaScript can read the cookie as before.

Source
------
[CSRF_COOKIE_SECURE](https://docs.djangoproject.com/en/stable/ref/settings/#csrf-cookie-secure)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.own_middleware import sets_cookie_alone
from django_prodready.audit.facts.security import has_middleware

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"CSRF_COOKIE_SECURE": False}),
    Case(settings={}),
)
GOOD = (
    Case(settings={"CSRF_COOKIE_SECURE": True}),
    Case(settings={"CSRF_COOKIE_SECURE": False, "CSRF_USE_SESSIONS": True}),
    Case(settings={"CSRF_COOKIE_SECURE": False, "MIDDLEWARE": []}),
)

_MIDDLEWARE = "django.middleware.csrf.CsrfViewMiddleware"


@check(severity=Severity.ERROR, django_ids=("security.W016",))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when there is a CSRF cookie and it lacks the Secure attribute."""
    if facts.settings.CSRF_USE_SESSIONS:
        raise NotApplicable("CSRF_USE_SESSIONS keeps the secret in the session")
    if not has_middleware(facts, _MIDDLEWARE):
        raise NotApplicable("CsrfViewMiddleware is not in MIDDLEWARE")
    own = sets_cookie_alone(facts, _MIDDLEWARE, "_set_csrf_cookie", "CSRF_COOKIE_SECURE")
    if own is not None:
        raise NotApplicable(f"{own} decides by itself whether the cookie is Secure")
    if not facts.settings.CSRF_COOKIE_SECURE:
        yield Finding(
            message=(
                f"CSRF_COOKIE_SECURE is {facts.settings.CSRF_COOKIE_SECURE!r}: browsers send the CSRF "
                "cookie over plain HTTP too, where anyone on the way can read the token that protects forms."
            ),
            hint="Set CSRF_COOKIE_SECURE = True.",
            subject="CSRF_COOKIE_SECURE",
            at=facts.origin("CSRF_COOKIE_SECURE"),
        )
