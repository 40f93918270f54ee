"""The session cookie is sent to more hosts than need it.

What it checks
--------------
`SESSION_COOKIE_DOMAIN`, which gives the cookie to every host below that domain, where others than you
may have some, or you have but one: the domain is one that strangers have hosts below, such as
`herokuapp.com`; the project serves tenants (django-tenants, or a middleware of your own that looks
hosts up); `ALLOWED_HOSTS` accepts any host below it; or only a single one, and no trusted origin names
another. It also says when no host in `ALLOWED_HOSTS` is below the domain, since browsers then refuse
the cookie.

Why it matters
--------------
Whoever has the session cookie is logged in. A forgotten subdomain, a blog or a status page at another
company, or the site of another tenant reads the login of each visitor, or sets one of its own.

When it is wrong
----------------
All hosts below the domain are yours, are as well kept as this one, and share their logins on purpose.

How to fix
----------
Remove `SESSION_COOKIE_DOMAIN`: the cookie then stays on the host that set it. Everybody has to log in once
more. A frontend on another subdomain does not need it to call this host with `credentials: "include"`.

Source
------
[Define where cookies are
sent](https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/Cookies#define_where_cookies_are_sent),
[SESSION_COOKIE_DOMAIN](https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-domain)"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.effective import value_of
from django_prodready.audit.facts.own_middleware import host_validator, sets_cookie_alone
from django_prodready.audit.facts.sessions import SESSION_MIDDLEWARE, require_sessions
from django_prodready.audit.facts.shared_suffixes import shared_suffix

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"SESSION_COOKIE_DOMAIN": ".example.org", "ALLOWED_HOSTS": [".example.org"]}),
    Case(settings={"SESSION_COOKIE_DOMAIN": ".example.org", "ALLOWED_HOSTS": ["app.example.org"]}),
    Case(settings={"SESSION_COOKIE_DOMAIN": ".herokuapp.com", "ALLOWED_HOSTS": ["shop.herokuapp.com"]}),
    Case(settings={"SESSION_COOKIE_DOMAIN": "example.com", "ALLOWED_HOSTS": ["www.example.org"]}),
)
GOOD = (
    Case(),
    Case(settings={"SESSION_COOKIE_DOMAIN": None, "ALLOWED_HOSTS": [".example.org"]}),
    Case(
        settings={
            "SESSION_COOKIE_DOMAIN": ".example.org",
            "ALLOWED_HOSTS": ["example.org", "www.example.org"],
        }
    ),
    Case(settings={"SESSION_COOKIE_DOMAIN": ".example.org", "MIDDLEWARE": []}),
)

_SETTING = "SESSION_COOKIE_DOMAIN"


@check(severity=Severity.INFO)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when hosts that are not ours, or not needed, get the session cookie."""
    require_sessions(facts)
    value = facts.settings.SESSION_COOKIE_DOMAIN
    domain = value.strip().lower().lstrip(".") if isinstance(value, str) else ""
    if not domain:
        raise NotApplicable(f"{_SETTING} is not set, so the cookie stays on its host")
    own = sets_cookie_alone(facts, SESSION_MIDDLEWARE, "process_response", _SETTING)
    if own is not None:
        raise NotApplicable(f"{own} decides by itself where the cookie is sent")
    problem = _problem(facts, domain)
    if problem is not None:
        yield Finding(
            message=f"{_SETTING} is {value!r}: {problem}.",
            hint=f"Remove {_SETTING}, so that the cookie stays on the host that set it.",
            subject=_SETTING,
            at=facts.origin(_SETTING),
        )


def _problem(facts: Facts, domain: str) -> str | None:
    shared = shared_suffix(domain)
    if shared is not None:
        return f"{shared.others} has hosts below it, and browsers refuse such a cookie if they know that"
    hosts = _hosts(facts)
    inside = [host for host in hosts if _may_be_below(host, domain)]
    if hosts and not inside:
        return "no host in ALLOWED_HOSTS is below it, so browsers refuse the cookie and no login lasts"
    tenants = host_validator(facts)
    if tenants is not None:
        return f"the sites of all tenants below it, which {tenants} looks up, get each other's logins"
    wildcard = next((host for host in inside if host == "*" or host.startswith(".")), None)
    if wildcard is not None:
        return f"every host below {domain} gets the login, and ALLOWED_HOSTS accepts {wildcard!r}"
    if len(inside) == 1 and not _has_frontend(facts, domain, inside[0]):
        return f"every host below {domain} gets the login, while ALLOWED_HOSTS has only {inside[0]!r} there"
    return None


def _hosts(facts: Facts) -> list[str]:
    """ALLOWED_HOSTS, without entries that match nothing, such as ``*.example.org``."""
    entries = [entry.lower() for entry in value_of(facts.settings, "ALLOWED_HOSTS") if isinstance(entry, str)]
    return [entry for entry in entries if entry == "*" or (entry and "*" not in entry)]


def _has_frontend(facts: Facts, domain: str, host: str) -> bool:
    """Whether the settings know another host below ``domain``, whose server may read the cookie."""
    origins = [
        origin
        for name in ("CSRF_TRUSTED_ORIGINS", "CORS_ALLOWED_ORIGINS")
        for origin in value_of(facts.settings, name) or ()
    ]
    others = {str(origin).partition("://")[2].partition(":")[0].lower() for origin in origins} - {host}
    return any(_may_be_below(other, domain) for other in others)


def _may_be_below(host: str, domain: str) -> bool:
    """Whether an entry of ALLOWED_HOSTS is, or lets in, ``domain`` or a host below it."""
    return host == "*" or f".{host.lstrip('.')}".endswith(f".{domain}") or _accepts(host, domain)


def _accepts(host: str, domain: str) -> bool:
    return host.startswith(".") and f".{domain}".endswith(host)
