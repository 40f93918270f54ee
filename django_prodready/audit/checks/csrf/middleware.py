"""CsrfViewMiddleware is missing though the site has sessions.

What it checks
--------------
Whether `django.middleware.csrf.CsrfViewMiddleware`, or a subclass of it, is in `MIDDLEWARE` of a
project that recognises users by a cookie: one with SessionMiddleware or AuthenticationMiddleware.

Why it matters
--------------
Browsers send the session cookie with requests that other sites make. Without the middleware a page
anywhere can post a form to this site in the name of whoever is logged in: change an address, send
money, create an administrator.

When it is wrong
----------------
When every view that changes something is protected by itself, by the `csrf_protect` decorator or by
the session authentication of Django REST framework, or when another middleware refuses requests of
other sites.

How to fix
----------
Add `"django.middleware.csrf.CsrfViewMiddleware"` to `MIDDLEWARE`, before any middleware that expects
the protection to be done. Mark views for other machines, such as webhooks, as `csrf_exempt`.

Source
------
[CSRF protection](https://docs.djangoproject.com/en/stable/ref/csrf/)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.security import has_middleware

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_CSRF = "django.middleware.csrf.CsrfViewMiddleware"
# Replacements that are no subclasses of it, such as that of django-session-csrf.
_EQUIVALENT = ("session_csrf.CsrfMiddleware",)
_SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
_AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"
_COMMON = "django.middleware.common.CommonMiddleware"

BAD = (
    Case(settings={"MIDDLEWARE": [_SESSION, _AUTHENTICATION]}),
    Case(settings={"MIDDLEWARE": [_SESSION, _COMMON]}),
)
GOOD = (
    Case(settings={"MIDDLEWARE": [_SESSION, _CSRF, _AUTHENTICATION]}),
    Case(settings={"MIDDLEWARE": [_COMMON]}),
    Case(settings={"MIDDLEWARE": []}),
)


@check(severity=Severity.ERROR, django_ids=("security.W003",))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when forms of logged-in users are unprotected."""
    cookie = next((path for path in (_SESSION, _AUTHENTICATION) if facts.middleware.find(path)), None)
    if cookie is None:
        raise NotApplicable("no middleware recognises users by a cookie")
    if any(facts.middleware.find(path) for path in _EQUIVALENT) or has_middleware(facts, _CSRF):
        return
    name = cookie.rpartition(".")[2]
    yield Finding(
        message=f"CsrfViewMiddleware is not in MIDDLEWARE though {name} is: "
        "other sites can post forms in the name of a logged-in user.",
        hint=f"Add '{_CSRF}' to MIDDLEWARE.",
        subject="MIDDLEWARE",
        at=facts.origin("MIDDLEWARE"),
    )
