"""WhiteNoise stands before SecurityMiddleware, or after middleware that makes pages.

What it checks
--------------
That `WhiteNoiseMiddleware` comes after `SecurityMiddleware`, and before Django's session,
authentication, message, CSRF, locale, common, flatpage, redirect and fetch-from-cache middleware.
CORS, compression, health checks, real-IP and whatever else it does not know may stand between.

Why it matters
--------------
Above `SecurityMiddleware`, static files are served over plain HTTP and without security headers
such as `X-Content-Type-Options`. Below the others, each of the many requests for a static file
first runs through code that is made for pages, and one of them may answer in its place.

When it is wrong
----------------
Your proxy redirects to HTTPS and sends the security headers, and you let WhiteNoise stand first
to save time.

How to fix
----------
Put `"whitenoise.middleware.WhiteNoiseMiddleware"` directly below
`"django.middleware.security.SecurityMiddleware"`.

Source
------
[WhiteNoise: Enable WhiteNoise](https://whitenoise.readthedocs.io/en/stable/django.html#enable-whitenoise)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.middleware_order import WHITENOISE_MIDDLEWARE, pages_before
from django_prodready.audit.facts.security import SECURITY_MIDDLEWARE

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
GZIP = "django.middleware.gzip.GZipMiddleware"
BAD = (
    Case(settings={"MIDDLEWARE": [WHITENOISE_MIDDLEWARE, SECURITY_MIDDLEWARE, SESSION]}),
    Case(settings={"MIDDLEWARE": [SECURITY_MIDDLEWARE, SESSION, WHITENOISE_MIDDLEWARE]}),
)
GOOD = (
    Case(settings={"MIDDLEWARE": [SECURITY_MIDDLEWARE, WHITENOISE_MIDDLEWARE, SESSION]}),
    Case(settings={"MIDDLEWARE": [SECURITY_MIDDLEWARE, GZIP, WHITENOISE_MIDDLEWARE, SESSION]}),
    Case(settings={"MIDDLEWARE": [SESSION, SECURITY_MIDDLEWARE]}),
)


@check(severity=Severity.WARNING)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for a WhiteNoise above SecurityMiddleware, and for one below what makes pages."""
    whitenoise = facts.middleware.find(WHITENOISE_MIDDLEWARE)
    if whitenoise is None:
        raise NotApplicable("WhiteNoiseMiddleware is not in MIDDLEWARE")
    here = whitenoise.position
    security = facts.middleware.find(SECURITY_MIDDLEWARE)
    if security is not None and here < security.position:
        yield Finding(
            message=(
                "WhiteNoiseMiddleware comes before SecurityMiddleware: "
                "static files are served over plain HTTP too, and without security headers."
            ),
            hint=f"Move {whitenoise.path!r} directly below {security.path!r}.",
            subject=f"MIDDLEWARE[{here}]",
            identity=f"{whitenoise.path} before SecurityMiddleware",
            at=facts.origin("MIDDLEWARE", here),
        )
    above = pages_before(facts, here)
    if above:
        names = ", ".join(entry.path.rpartition(".")[2] for entry in above)
        below = "" if security is None else ", directly below SecurityMiddleware"
        yield Finding(
            message=(
                f"WhiteNoiseMiddleware comes after {names}: "
                "every request for a static file goes through code that is made for pages."
            ),
            hint=f"Move {whitenoise.path!r} above {above[0].path!r}{below}.",
            subject=f"MIDDLEWARE[{here}]",
            identity=f"{whitenoise.path} after pages",
            at=facts.origin("MIDDLEWARE", here),
        )
