"""SecurityMiddleware comes after middleware that answers requests or uses the session.

What it checks
--------------
That none of these stands above `SecurityMiddleware`: Django's session, authentication, message,
CSRF, locale, common, flatpage, redirect and fetch-from-cache middleware, or a subclass of them.
CORS, compression, update-cache, health checks, real-IP, metrics, tracing, tenant routing and
whatever else it does not know may stand there. WhiteNoise is `middleware.whitenoise-order`'s.

Why it matters
--------------
What stands above sees every request first. Over plain HTTP it reads the session cookie, and what
it answers itself (the slash appended to a URL, a redirect to a language) goes out without the
redirect to HTTPS and without the security headers.

When it is wrong
----------------
Your proxy redirects to HTTPS and sends all security headers itself; the order is then a matter of
taste.

How to fix
----------
Move `"django.middleware.security.SecurityMiddleware"` up, above all of them.

Source
------
[Middleware ordering](https://docs.djangoproject.com/en/stable/ref/middleware/#middleware-ordering)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.middleware_order import pages_before
from django_prodready.audit.facts.security import SECURITY_MIDDLEWARE

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
GZIP = "django.middleware.gzip.GZipMiddleware"
UPDATE_CACHE = "django.middleware.cache.UpdateCacheMiddleware"
HEALTH = "django_prodready.middleware.HealthMiddleware"
BAD = (
    Case(settings={"MIDDLEWARE": [SESSION, COMMON, SECURITY_MIDDLEWARE]}),
    Case(settings={"MIDDLEWARE": [GZIP, COMMON, SECURITY_MIDDLEWARE, SESSION]}),
)
GOOD = (
    Case(settings={"MIDDLEWARE": [SECURITY_MIDDLEWARE, SESSION, COMMON]}),
    Case(settings={"MIDDLEWARE": [UPDATE_CACHE, SECURITY_MIDDLEWARE, COMMON]}),
    Case(settings={"MIDDLEWARE": [HEALTH, SECURITY_MIDDLEWARE, SESSION]}),
    Case(settings={"MIDDLEWARE": [SESSION, COMMON]}),
)


@check(severity=Severity.WARNING)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when something that makes pages comes before SecurityMiddleware."""
    security = facts.middleware.find(SECURITY_MIDDLEWARE)
    if security is None:
        raise NotApplicable("SecurityMiddleware is not in MIDDLEWARE")
    above = pages_before(facts, security.position)
    if above:
        names = ", ".join(entry.path.rpartition(".")[2] for entry in above)
        yield Finding(
            message=(
                f"SecurityMiddleware comes after {names}: requests over plain HTTP get that far "
                "without being redirected to HTTPS, and answers from there lack the security headers."
            ),
            hint=f"Move {security.path!r} above {above[0].path!r}.",
            subject=f"MIDDLEWARE[{security.position}]",
            identity=security.path,
            at=facts.origin("MIDDLEWARE", security.position),
        )
