"""Nothing is known to redirect HTTP to HTTPS.

What it checks
--------------
`SECURE_SSL_REDIRECT` is off, no other middleware looks like a redirect to HTTPS, and nothing says
that the proxy redirects.

Why it matters
--------------
Who types the host name, or follows an old link, stays on plain HTTP. What they read and send, the
password of a login form included, passes in clear text.

When it is wrong
----------------
Your proxy, load balancer or platform redirects, which Django cannot see. Say so with
`PRODREADY = {"FACTS": {"tls": "proxy"}}` (or `"redirect": "proxy"`). A redirect in an nginx, Traefik,
Caddy, Fly, App Engine or Ingress file of the repository is found without that.

How to fix
----------
Let the proxy redirect and declare it, or set `SECURE_SSL_REDIRECT = True`. Behind a proxy that ends TLS
set `SECURE_PROXY_SSL_HEADER` first, or every request is redirected for ever.

Source
------
[SECURE_SSL_REDIRECT](https://docs.djangoproject.com/en/stable/ref/settings/#secure-ssl-redirect)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.proxy import redirecting_proxy, tls_proxy
from django_prodready.audit.facts.proxy_declared import declared_proxy
from django_prodready.audit.facts.scheme import scheme_setter
from django_prodready.audit.facts.security import require_middleware

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

# sslify.middleware.SSLifyMiddleware, shop.middleware.ForceHttps
_BY_NAME = re.compile(r"ssl|https", re.IGNORECASE)

BAD = (
    Case(settings={"SECURE_SSL_REDIRECT": False}),
    Case(settings={"PRODREADY": {"FACTS": {"tls": "proxy", "redirect": "app"}}}),
)
GOOD = (
    Case(settings={"SECURE_SSL_REDIRECT": True}),
    Case(settings={"PRODREADY": {"FACTS": {"redirect": "proxy"}}}),
    Case(settings={"PRODREADY": {"FACTS": {"tls": "proxy"}}}),
    Case(settings={"MIDDLEWARE": []}),
    Case(files={"fly.toml": "[http_service]\n  force_https = true\n"}),
)


@check(
    severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES), django_ids=("security.W008",)
)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when neither Django nor anything in front of it is known to redirect."""
    require_middleware(facts)
    if facts.settings.SECURE_SSL_REDIRECT:
        return
    if any(_is_named_for_it(facts, path) for path in facts.middleware.paths):
        return
    if redirecting_proxy(facts) is not None:
        return
    yield Finding(
        message="SECURE_SSL_REDIRECT is off and no proxy is known to redirect: plain HTTP may be answered.",
        hint=(
            "Let the proxy redirect and declare PRODREADY = {'FACTS': {'redirect': 'proxy'}}, "
            f"or set {_before(facts)}SECURE_SSL_REDIRECT = True."
        ),
        subject="SECURE_SSL_REDIRECT",
        at=facts.origin("SECURE_SSL_REDIRECT"),
    )


def _is_named_for_it(facts: Facts, path: str) -> bool:
    """Whether the middleware's name speaks of HTTPS; the project's own may do so whatever it is in."""
    project = str(facts.settings.ROOT_URLCONF).partition(".")[0]
    return _BY_NAME.search(path.removeprefix(f"{project}.")) is not None


def _before(facts: Facts) -> str:
    """What must be set first, lest every request be redirected for ever."""
    proxy = tls_proxy(facts) or declared_proxy(facts)
    hides_https = proxy is not None and scheme_setter(facts) is None
    return (
        "SECURE_PROXY_SSL_HEADER and " if hides_https and not facts.settings.SECURE_PROXY_SSL_HEADER else ""
    )
