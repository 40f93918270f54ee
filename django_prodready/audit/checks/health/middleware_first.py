"""Something stands before HealthMiddleware that can refuse or redirect a probe.

What it checks
--------------
Where `django_prodready.middleware.HealthMiddleware` is in `MIDDLEWARE`, nothing above it may answer a
request by itself, ask for the host, or raise. Of Django's own that is said of `SecurityMiddleware`,
`CommonMiddleware`, and the cache's middleware; of others by the source of their class.

Why it matters
--------------
Probes know neither the site's host name nor HTTPS. `SecurityMiddleware` redirects them,
`CommonMiddleware` refuses their Host header with 400, a tenant or maintenance middleware answers
something of its own: the platform takes a sound process for dead. Only the first place is safe.

When it is wrong
----------------
When what stands above only looks on: request ids, metrics, tracing, headers. That is left alone where
its source shows it. `SecurityMiddleware` above is a warning while `SECURE_SSL_REDIRECT` is off.

How to fix
----------
Put `django_prodready.middleware.HealthMiddleware` into the first place of `MIDDLEWARE`.

Source
------
[Middleware ordering](https://docs.djangoproject.com/en/stable/ref/middleware/#middleware-ordering)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.middleware_answers import answers_requests
from django_prodready.audit.facts.own_health import HEALTH_MIDDLEWARE, wrapper
from django_prodready.audit.facts.security import SECURITY_MIDDLEWARE

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_COMMON = "django.middleware.common.CommonMiddleware"
_SESSION = "django.contrib.sessions.middleware.SessionMiddleware"

BAD = (
    Case(settings={"MIDDLEWARE": [SECURITY_MIDDLEWARE, HEALTH_MIDDLEWARE], "SECURE_SSL_REDIRECT": True}),
    Case(settings={"MIDDLEWARE": [_COMMON, HEALTH_MIDDLEWARE]}),
)
GOOD = (
    Case(),
    Case(settings={"MIDDLEWARE": [HEALTH_MIDDLEWARE, SECURITY_MIDDLEWARE, _COMMON]}),
    Case(settings={"MIDDLEWARE": [_SESSION, HEALTH_MIDDLEWARE, _COMMON]}),
)


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when a middleware above ours can answer in its place."""
    entry = facts.middleware.find(HEALTH_MIDDLEWARE)
    if entry is None:
        raise NotApplicable("HealthMiddleware is not in MIDDLEWARE")
    file = wrapper(facts)
    if file is not None:
        raise NotApplicable(f"{file} answers probes before Django does")
    above = [each for each in facts.middleware.entries[: entry.position] if answers_requests(each)]
    if not above:
        return
    redirects = facts.settings.SECURE_SSL_REDIRECT
    is_latent = not redirects and {each.path for each in above} == {SECURITY_MIDDLEWARE}
    named = " and ".join(each.path.rpartition(".")[2] for each in above[:2])
    rest = f" and {len(above) - 2} more" if len(above) > 2 else ""
    verb = "stands" if len(above) == 1 else "stand"
    yield Finding(
        message=f"{named}{rest} {verb} before HealthMiddleware in MIDDLEWARE and can refuse or redirect"
        " what the platform's probes ask.",
        hint=f"Move '{entry.path}' to the first place in MIDDLEWARE.",
        subject=f"MIDDLEWARE[{entry.position}]",
        identity=entry.path,
        at=facts.origin("MIDDLEWARE", entry.position),
        severity=Severity.WARNING if is_latent else Severity.ERROR,
    )
