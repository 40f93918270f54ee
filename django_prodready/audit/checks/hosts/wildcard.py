"""ALLOWED_HOSTS accepts every host.

What it checks
--------------
Whether `*` is among the entries of `ALLOWED_HOSTS`. One `*` is enough: `["*", "example.org"]`
accepts as much as `["*"]`.

Why it matters
--------------
Whoever sends a request chooses its Host header. Django builds absolute URLs from it: the link in a
password reset mail, redirects, canonical URLs, entries of a shared cache. With `*` an attacker has
the reset link of somebody else's account point to a server of their own.

When it is wrong
----------------
When something in front of Django answers for unknown hosts itself and hands on only those of this
site: declare `PRODREADY = {"FACTS": {"host_pinned": True}}`, and it becomes a piece of information.
So it does when django-allow-cidr has put the `*` there and validates by the list that it replaced.
That package steps aside when the project's own list is `["*"]`. The same goes for middleware of the
project that looks the host up and raises `DisallowedHost`, and for django-tenants, unless it shows
the public schema for unknown hosts.

How to fix
----------
Name the hosts. If the `*` is there for the probes of a platform, which send an address as Host, put
`django_prodready.middleware.HealthMiddleware` first in `MIDDLEWARE`: it answers them before the
host is validated.

Source
------
[Host header validation](https://docs.djangoproject.com/en/stable/topics/security/#host-header-validation),
[django-allow-cidr](https://github.com/mozmeao/django-allow-cidr)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Severity, check
from django_prodready.audit.facts.allow_cidr import has_replaced_hosts
from django_prodready.audit.facts.own_middleware import host_validator

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_HEALTH = "django_prodready.middleware.HealthMiddleware"

BAD = (
    Case(settings={"ALLOWED_HOSTS": ["*"]}),
    Case(settings={"ALLOWED_HOSTS": ["example.org", "*"]}),
    Case(settings={"ALLOWED_HOSTS": ["*"], "PRODREADY": {"FACTS": {"host_pinned": True}}}),
)
GOOD = (
    Case(settings={"ALLOWED_HOSTS": ["example.org"]}),
    Case(settings={"ALLOWED_HOSTS": [".example.org", "*.example.org"]}),
    Case(settings={"ALLOWED_HOSTS": []}),
)


@check(severity=Severity.ERROR)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when ``*`` is an entry."""
    hosts = list(facts.settings.ALLOWED_HOSTS or ())
    if "*" not in hosts:
        return
    validator = _validator(facts)
    yield Finding(
        message="ALLOWED_HOSTS holds '*': "
        + (
            f"Django accepts every Host header, and leaves it to {validator} to validate it."
            if validator
            else "whoever sends a request chooses the host in password reset links and redirects."
        ),
        hint=_hint(facts),
        subject="ALLOWED_HOSTS",
        at=facts.origin("ALLOWED_HOSTS", hosts.index("*")),
        severity=Severity.INFO if validator else Severity.ERROR,
    )


def _hint(facts: Facts) -> str:
    hint = "Name the site's hosts in ALLOWED_HOSTS"
    if facts.middleware.find(_HEALTH) is not None:
        return f"{hint}."
    return f"{hint}; if '*' is there for probes, put '{_HEALTH}' first in MIDDLEWARE."


def _validator(facts: Facts) -> str | None:
    """Who validates the host in the place of Django, if somebody does."""
    if facts.declared.get("host_pinned"):
        return "the proxy (declared)"
    return "django-allow-cidr" if has_replaced_hosts(facts) else host_validator(facts)
