"""Django redirects to HTTPS behind a proxy that ends TLS, and cannot see that it was HTTPS already.

What it checks
--------------
`SECURE_SSL_REDIRECT` is on, `SECURE_PROXY_SSL_HEADER` is not set, and TLS ends at a proxy: declared in
`PRODREADY["FACTS"]` (`tls` or `platform`), named by a file of the repository (Traefik labels,
an Ingress with `tls`, nginx with a certificate, a Caddyfile, `fly.toml`), or declared by whom `PRODREADY`
believes (`CLOUDFLARE`, `CLOUDFLARED`, `TRUSTED_PROXIES`, `TRUST_UNIX_SOCKET`), unless a file has the
application server speak TLS itself.

Why it matters
--------------
The proxy speaks plain HTTP to Django. Without the header every request looks insecure, is redirected to
HTTPS, arrives by HTTP again, and so on: browsers show "too many redirects" on every page.

When it is wrong
----------------
The application server sets the scheme from the proxy's headers itself: gunicorn's `forwarded_allow_ips`
or `FORWARDED_ALLOW_IPS`, uvicorn's `--proxy-headers`, uWSGI, a proxy on the same machine, code of yours
that handles `X-Forwarded-Proto`. Where the repository or the environment shows one of these, the check
is silent. So it is where `PRODREADY` believes a unix socket or a loopback address, which gunicorn believes
by its default, and uvicorn the latter. Where Cloudflare or the proxy reaches the application by HTTPS,
declare `PRODREADY["FACTS"] = {"tls": "app"}`.

How to fix
----------
Set `SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")` if your proxy overwrites that header,
or turn `SECURE_SSL_REDIRECT` off and let the proxy redirect.

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
    from django_prodready.audit.facts.proxy import Evidence

_BEHIND_PROXY = {"SECURE_SSL_REDIRECT": True, "PRODREADY": {"FACTS": {"tls": "proxy"}}}
_BEHIND_CLOUDFLARE = {"SECURE_SSL_REDIRECT": True, "PRODREADY": {"CLOUDFLARE": True}}

BAD = (
    Case(settings=_BEHIND_PROXY),
    Case(settings=_BEHIND_CLOUDFLARE),
    Case(
        settings={"SECURE_SSL_REDIRECT": True},
        files={"compose.yml": "    labels:\n      - traefik.http.routers.web.tls.certresolver=letsencrypt\n"},
    ),
)
GOOD = (
    Case(settings={**_BEHIND_PROXY, "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}),
    Case(settings={**_BEHIND_PROXY, "SECURE_SSL_REDIRECT": False}),
    Case(settings=_BEHIND_PROXY, files={"gunicorn.conf.py": 'forwarded_allow_ips = "*"\n'}),
    Case(settings={"SECURE_SSL_REDIRECT": True, "PRODREADY": {"FACTS": {"tls": "app"}}}),
    Case(settings=_BEHIND_CLOUDFLARE, files={"gunicorn.conf.py": 'certfile = "/etc/ssl/origin.pem"\n'}),
    Case(settings={"SECURE_SSL_REDIRECT": True, "PRODREADY": {"TRUSTED_PROXIES": ["127.0.0.1"]}}),
    Case(settings={"SECURE_SSL_REDIRECT": True}),
)


@check(severity=Severity.CRITICAL, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when every request would be redirected to itself."""
    if not redirects(facts):
        raise NotApplicable("Django does not redirect to HTTPS")
    proxy = unheard_proxy(facts)
    if proxy is None:
        return
    yield Finding(
        message=(
            f"SECURE_SSL_REDIRECT is on and SECURE_PROXY_SSL_HEADER is not set, but TLS ends at {proxy}: "
            "Django takes every request for HTTP and redirects it to itself."
        ),
        hint=(
            'Set SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if the proxy overwrites '
            "that header, or let the proxy redirect and set SECURE_SSL_REDIRECT = False."
            f"{_if_not(proxy)}"
        ),
        subject="SECURE_PROXY_SSL_HEADER",
        at=facts.origin("SECURE_SSL_REDIRECT"),
    )


def _if_not(proxy: Evidence) -> str:
    """What to do where the proxy speaks TLS with the application, too: only FACTS tells that."""
    if not proxy.key:
        return ""
    return " If the application itself speaks TLS, declare PRODREADY['FACTS'] = {'tls': 'app'}."
