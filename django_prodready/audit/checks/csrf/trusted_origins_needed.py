"""Behind the proxy every form is refused, for want of CSRF_TRUSTED_ORIGINS or the proxy's header.

What it checks
--------------
Whether Django sees the scheme that the browser sees. It does not when TLS ends at a proxy (declared
as `PRODREADY = {"FACTS": {"tls": "proxy"}}`, or seen in the files of the repository),
`SECURE_PROXY_SSL_HEADER` is unset and the server does not set the scheme either. Then it asks
whether `CSRF_TRUSTED_ORIGINS` covers the hosts in `ALLOWED_HOSTS`.

Why it matters
--------------
The browser sends `Origin: https://example.org`, Django compares it with `http://example.org` and
answers 403, "Origin checking failed": nobody can log in or send a form.

When it is wrong
----------------
When the proxy's scheme reaches Django on a way that is not seen here, or when the host is not
visited with a browser. Where Django knows the scheme the setting is not needed for the site's own
hosts, whatever guides say.

How to fix
----------
When the proxy sets or removes `X-Forwarded-Proto` on every request, set
`SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")`: it mends redirects and Secure
cookies too. Otherwise list the origins: `CSRF_TRUSTED_ORIGINS = ["https://example.org"]`.

Source
------
[CSRF_TRUSTED_ORIGINS](https://docs.djangoproject.com/en/stable/ref/settings/#csrf-trusted-origins),
[SECURE_PROXY_SSL_HEADER](https://docs.djangoproject.com/en/stable/ref/settings/#secure-proxy-ssl-header)
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.http.request import split_domain_port
from django.utils.http import is_same_domain

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.proxy import tls_proxy
from django_prodready.audit.facts.scheme import scheme_setter

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_PROXY = {"FACTS": {"tls": "proxy"}}
_HOSTS = ["example.org", "www.example.org"]

BAD = (
    Case(settings={"PRODREADY": _PROXY, "ALLOWED_HOSTS": _HOSTS}),
    Case(
        settings={
            "PRODREADY": _PROXY,
            "ALLOWED_HOSTS": _HOSTS,
            "CSRF_TRUSTED_ORIGINS": ["http://example.org", "https://other.example.net"],
        }
    ),
)
GOOD = (
    Case(settings={"ALLOWED_HOSTS": _HOSTS}),
    Case(
        settings={
            "PRODREADY": _PROXY,
            "ALLOWED_HOSTS": _HOSTS,
            "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
        }
    ),
    Case(
        settings={
            "PRODREADY": _PROXY,
            "ALLOWED_HOSTS": [*_HOSTS, "localhost"],
            "CSRF_TRUSTED_ORIGINS": ["https://*.example.org"],
        }
    ),
    Case(
        settings={"PRODREADY": _PROXY, "ALLOWED_HOSTS": _HOSTS},
        environ={"FORWARDED_ALLOW_IPS": "*"},
    ),
)


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when the origins of the site's hosts are not trusted and do not match either."""
    proxy = _proxy_that_hides_https(facts)
    hosts = [host.lower() for host in facts.settings.ALLOWED_HOSTS or () if _is_public(host)]
    if not hosts:
        raise NotApplicable("ALLOWED_HOSTS names no host that a browser visits through the proxy")
    origins = facts.settings.CSRF_TRUSTED_ORIGINS or ()
    missing = [host for host in hosts if not _covers(origins, host)]
    if missing:
        origin = "https://" + (missing[0].removeprefix(".").removeprefix("*") or "<the site's host>")
        yield Finding(
            message=f"A form that a browser sends from {origin} gets 403: TLS ends at {proxy}, so Django "
            "expects the origin with http://, and CSRF_TRUSTED_ORIGINS does not hold it.",
            hint="Set SECURE_PROXY_SSL_HEADER to the header by which the proxy tells the scheme, "
            f"or add '{origin}' to CSRF_TRUSTED_ORIGINS.",
            subject="CSRF_TRUSTED_ORIGINS",
            evidence=tuple(f"not covered: {host}" for host in missing),
            at=facts.origin("CSRF_TRUSTED_ORIGINS"),
            # Hosts that only redirect, or serve other programs, are left out of such a list on purpose.
            severity=Severity.WARNING if missing == hosts else Severity.INFO,
        )


def _proxy_that_hides_https(facts: Facts) -> str:
    """Name the proxy behind which Django takes every request for plain HTTP."""
    if facts.middleware.find("django.middleware.csrf.CsrfViewMiddleware") is None:
        raise NotApplicable("CsrfViewMiddleware is not in MIDDLEWARE")
    if facts.settings.SECURE_PROXY_SSL_HEADER:
        raise NotApplicable("Django learns the browser's scheme from SECURE_PROXY_SSL_HEADER")
    proxy = tls_proxy(facts)
    if proxy is None:
        raise NotApplicable("no proxy is known to end TLS in front of Django")
    setter = scheme_setter(facts)
    if setter is not None:
        raise NotApplicable(f"Django may learn the browser's scheme from {setter}")
    return str(proxy)


def _is_public(host: object) -> bool:
    """Whether a browser may come with this host through the proxy; an address it can hardly be."""
    if not isinstance(host, str) or host == "*":
        return host == "*"
    domain = host.lower().removeprefix(".")
    if "." not in domain or domain.endswith((".localhost", ".local", ".internal")):
        return False
    if split_domain_port(domain) != (domain, ""):
        return False
    try:
        ipaddress.ip_address(domain)
    except ValueError:
        return True
    return False


def _covers(origins: Sequence[object], host: str) -> bool:
    """Whether Django trusts an https origin of ``host``; for ``*`` and a leading dot, of any host there."""
    names = [_https_host(origin) for origin in origins if isinstance(origin, str)]
    return any(
        name and (host == "*" or is_same_domain(host.removeprefix("."), name) or is_same_domain(name, host))
        for name in names
    )


def _https_host(origin: str) -> str:
    """The host of an https origin without its port, with a leading dot for ``https://*.``; else empty."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return ""
    if parts.scheme != "https" or origin != f"https://{parts.netloc}":
        return ""
    return parts.netloc.lstrip("*").partition(":")[0].lower()
