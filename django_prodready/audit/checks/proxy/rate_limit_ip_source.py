"""What throttles by address can be evaded by a header, or counts all visitors as one.

What it checks
--------------
Throttles by address of Django REST framework, django-ninja, django-axes, django-allauth, django-ratelimit
and django-defender, by their own settings:

- One that takes `X-Forwarded-For`, or the first address in it, while what a client writes there reaches the
  views (measured in process) and no file of the repository shows a proxy that overwrites it.
- One that takes `REMOTE_ADDR` while that is the proxy's for everybody. That is said only where it is
  certain: TLS ends at a known proxy, gunicorn serves the site, and no middleware sets the address.

Why it matters
--------------
Proxies append to `X-Forwarded-For`, so its beginning is the client's own: with a new one in each request,
every request is the first of its kind, and passwords can be guessed without end. Counted as one, the
visitors lock each other out: five failed logins of one close the site to all.

When it is wrong
----------------
When a proxy that no file of the repository describes overwrites `X-Forwarded-For`. With
`CloudflareRealIPMiddleware` in place the check is silent. So it is of a number of proxies that is set, of a
header that holds one address, and of a function of yours that names the client.

How to fix
----------
Install `django_prodready.middleware.CloudflareRealIPMiddleware` and name your proxies in
`PRODREADY["TRUSTED_PROXIES"]`: `REMOTE_ADDR` and `X-Forwarded-For` are then the client's address, for every
package. Or tell each package how many proxies there are, as the hint says.

Source
------
[how DRF identifies clients](https://www.django-rest-framework.org/api-guide/throttling/#how-clients-are-identified),
[rate limits of allauth](https://docs.allauth.org/en/latest/common/rate_limits.html),
[django-axes behind proxies](https://django-axes.readthedocs.io/en/latest/4_configuration.html),
[security of django-ratelimit](https://django-ratelimit.readthedocs.io/en/stable/security.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, NotRun, Severity, check
from django_prodready.audit.facts.client_headers import (
    overwriting_proxy,
    proxy_of_everybody,
    seen_by_views,
)
from django_prodready.audit.facts.throttles import Source, Throttle, find_throttles
from django_prodready.middleware.installation import find_installation

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.proxy import Evidence

_OURS = "django_prodready.middleware.CloudflareRealIPMiddleware"
_VIEWS = {
    "shop/views.py": 'from django_ratelimit.decorators import ratelimit\n\n@ratelimit(key="ip", rate="5/m")\n'
}
_BY_HEADER = {"RATELIMIT_IP_META_KEY": "HTTP_X_FORWARDED_FOR"}
_BEHIND_PROXY = {"PRODREADY": {"FACTS": {"tls": "proxy"}}}
_GUNICORN = {"Procfile": "web: gunicorn shop.wsgi\n"}

BAD = (
    Case(settings=_BY_HEADER, files=_VIEWS),
    Case(settings=_BEHIND_PROXY, files={**_VIEWS, **_GUNICORN}),
)
GOOD = (
    Case(),
    Case(files={**_VIEWS, **_GUNICORN}),
    Case(settings={**_BY_HEADER, "MIDDLEWARE": [_OURS]}, files=_VIEWS),
    Case(
        settings=_BY_HEADER,
        files={**_VIEWS, "Caddyfile": "www.example.org {\n    reverse_proxy app:8000\n}\n"},
    ),
    Case(settings={"RATELIMIT_IP_META_KEY": "HTTP_X_REAL_IP"}, files=_VIEWS),
    Case(settings=_BEHIND_PROXY, files=_VIEWS),
)


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES, Need.REQUESTS))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each package that counts by what a client writes, or by what all have."""
    throttles = find_throttles(facts)
    if not throttles:
        raise NotApplicable("no package that is known counts requests by the client's address")
    sources = {throttle.source for throttle in throttles}
    is_forgeable = Source.FORWARDED_FOR in sources and _is_forgeable(facts)
    proxy = proxy_of_everybody(facts) if Source.PEER in sources else None
    for throttle in throttles:
        if throttle.source is Source.FORWARDED_FOR and is_forgeable:
            yield _finding(
                facts,
                throttle,
                "nothing is seen to overwrite what a client writes there, so a new value is a new client",
            )
        elif throttle.source is Source.PEER and proxy is not None:
            yield _finding(facts, throttle, _of_everybody(proxy))


def _of_everybody(proxy: Evidence) -> str:
    return f"that is the address of {proxy} for everybody, so all visitors count as one"


def _finding(facts: Facts, throttle: Throttle, why: str) -> Finding:
    return Finding(
        message=f"{throttle.package} counts requests by {throttle.how}: {why}.",
        hint=f"Install {_OURS} and name your proxies in PRODREADY['TRUSTED_PROXIES'], or:"
        f" {throttle.advice[0].lower()}{throttle.advice[1:]}.",
        subject=throttle.subject,
        identity=throttle.package,
        at=facts.origin(*throttle.setting),
    )


def _is_forgeable(facts: Facts) -> bool:
    """Whether the beginning of X-Forwarded-For, which is the client's own, comes as far as the views."""
    if find_installation().is_active or overwriting_proxy(facts, "X-Forwarded-For"):
        return False
    # Longer than the chain of any site: middleware that knows its number of proxies cuts off the rest.
    appended = ", ".join(f"198.51.100.{number}" for number in range(1, 21))
    seen = seen_by_views(facts, {"X-Forwarded-For": f"192.0.2.66, {appended}"})
    if seen is None:
        raise NotRun(
            "no request comes as far as a view: a middleware answers it, sends it elsewhere, or fails without"
            " its database"
        )
    return "192.0.2.66" in seen.forwarded_for
