"""ALLOWED_HOSTS names this machine only.

What it checks
--------------
Whether every entry of `ALLOWED_HOSTS` stands for the machine that Django runs on: `localhost` and
what ends in it, addresses of the loopback interface, `0.0.0.0` and `[::]`, or the `testserver` of
Django's test client.

Why it matters
--------------
These are the hosts of a developer's browser. A request for the site's own domain gets 400, while
the check that the container makes of itself, on `localhost`, passes.

When it is wrong
----------------
When a proxy replaces the Host header by such a name on purpose: declare
`PRODREADY = {"FACTS": {"host_pinned": True}}`. (Django then builds its absolute URLs with that
name, unless `USE_X_FORWARDED_HOST` is on.) A site that is for this machine only is not deployed.

How to fix
----------
Add the hosts that visitors type: `ALLOWED_HOSTS = ["example.org", "localhost"]`.

Source
------
[ALLOWED_HOSTS](https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts)
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.allow_cidr import allowed_networks

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"]}),
    Case(settings={"ALLOWED_HOSTS": [".localhost", "app.localhost", "[::]"]}),
)
GOOD = (
    Case(settings={"ALLOWED_HOSTS": ["localhost", "127.0.0.1", "example.org"]}),
    Case(settings={"ALLOWED_HOSTS": ["web"]}),
    Case(settings={"ALLOWED_HOSTS": ["192.168.1.10"]}),
    Case(settings={"ALLOWED_HOSTS": ["localhost"], "PRODREADY": {"FACTS": {"host_pinned": True}}}),
)


@check(severity=Severity.WARNING)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when no host is one that a visitor can reach."""
    written: Sequence[object] = facts.settings.ALLOWED_HOSTS or ()
    hosts = [host for host in written if isinstance(host, str) and host.strip()]
    if not hosts:
        raise NotApplicable("ALLOWED_HOSTS is empty")
    if facts.declared.get("host_pinned"):
        raise NotApplicable("the proxy decides which host arrives (declared)")
    if allowed_networks(facts):
        raise NotApplicable("django-allow-cidr accepts addresses besides ALLOWED_HOSTS")
    if all(_is_local(host) for host in hosts):
        yield Finding(
            message=f"ALLOWED_HOSTS names this machine only ({', '.join(hosts)}): "
            "a request for the site's own domain gets 400.",
            hint="Add the hosts that visitors use to ALLOWED_HOSTS.",
            subject="ALLOWED_HOSTS",
            at=facts.origin("ALLOWED_HOSTS"),
        )


def _is_local(host: str) -> bool:
    name = host.strip().lower().removeprefix(".")
    if name in {"localhost", "testserver"} or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
