"""TLS ends at a proxy, and nothing tells Django which requests came by HTTPS.

What it checks
--------------
`SECURE_PROXY_SSL_HEADER` is not set while TLS ends at a proxy: declared in `PRODREADY["FACTS"]` (`tls`
or `platform`), named by a file of the repository, or declared by whom `PRODREADY` believes: `CLOUDFLARE`,
`CLOUDFLARED`, and as a warning `TRUSTED_PROXIES` and `TRUST_UNIX_SOCKET`, whose proxies might do without TLS.
A server that a file has speak TLS itself keeps the check silent there. When Django redirects to HTTPS as
well, the site is down, and `https.redirect-loop` says so instead.

Why it matters
--------------
`request.is_secure()` is false on every request. Links in mails and APIs begin with `http://`, no
Strict-Transport-Security header is sent, logins by OAuth fail for their redirect URI, and POST
requests are refused because their `Origin` is not the one that Django expects.

When it is wrong
----------------
The application server sets the scheme from the proxy's headers itself: gunicorn's `forwarded_allow_ips`
or `FORWARDED_ALLOW_IPS`, uvicorn's `--proxy-headers`, uWSGI, a proxy on the same machine, code of yours
that handles `X-Forwarded-Proto`. Where the repository or the environment shows one of these, the check
is silent. So it is where `PRODREADY` believes a unix socket or a loopback address, which gunicorn believes
by its default, and uvicorn the latter.

How to fix
----------
Set `SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")`, after you made sure that the proxy
overwrites this header: a client could forge it otherwise. Where Django ends TLS itself, declare
`PRODREADY = {"FACTS": {"tls": "app"}}`.

Source
------
[SECURE_PROXY_SSL_HEADER](https://docs.djangoproject.com/en/stable/ref/settings/#secure-proxy-ssl-header)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.scheme import unheard_proxy
from django_prodready.audit.facts.security import redirects

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_BEHIND_PROXY = {"PRODREADY": {"FACTS": {"tls": "proxy"}}}

BAD = (
    Case(settings=_BEHIND_PROXY),
    Case(settings={"PRODREADY": {"FACTS": {"platform": "coolify"}}}),
    Case(settings={"PRODREADY": {"CLOUDFLARE": True}}),
    Case(settings={"PRODREADY": {"TRUSTED_PROXIES": ["10.0.1.0/24"]}}),
    Case(files={"fly.toml": 'app = "library"\n\n[http_service]\n  internal_port = 8000\n'}),
)
GOOD = (
    Case(settings={**_BEHIND_PROXY, "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}),
    Case(settings={**_BEHIND_PROXY, "SECURE_SSL_REDIRECT": True}),
    Case(settings=_BEHIND_PROXY, environ={"FORWARDED_ALLOW_IPS": "*"}),
    Case(settings={"PRODREADY": {"FACTS": {"tls": "app"}}}),
    Case(settings={"PRODREADY": {"CLOUDFLARE": True, "FACTS": {"tls": "app"}}}),
    Case(settings={"PRODREADY": {"TRUST_UNIX_SOCKET": True}}),
    Case(files={"Procfile": "web: gunicorn library.wsgi\n"}),
)


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when Django takes every HTTPS request for HTTP."""
    if redirects(facts):
        raise NotApplicable("Django redirects to HTTPS, so this would be https.redirect-loop")
    proxy = unheard_proxy(facts)
    if proxy is None:
        return
    ends = "TLS ends at" if proxy.is_certain else "TLS most likely ends at"
    otherwise = " If the application itself speaks TLS, declare PRODREADY['FACTS'] = {'tls': 'app'}."
    yield Finding(
        message=(
            f"SECURE_PROXY_SSL_HEADER is not set, but {ends} {proxy}: "
            "request.is_secure() is false on every request."
        ),
        hint=(
            'Set SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") '
            f"once the proxy overwrites that header.{otherwise if proxy.key else ''}"
        ),
        subject="SECURE_PROXY_SSL_HEADER",
        at=facts.origin("SECURE_PROXY_SSL_HEADER"),
        severity=Severity.ERROR if proxy.is_certain else Severity.WARNING,
    )
