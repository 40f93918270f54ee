"""ALLOWED_HOSTS accepts the hosts of strangers, below a domain that is shared.

What it checks
--------------
Entries of `ALLOWED_HOSTS` with a leading dot whose domain a provider shares among its customers
(`.herokuapp.com`, `.sevalla.app`, `.onrender.com`, `.run.app`), or that is a public suffix
(`.com`, `.co.uk`). An entry such as `.myapp.fly.dev` is the application's own and passes.

Why it matters
--------------
The entry accepts every host that ends like this, and anybody can get one. A request with
`Host: attacker.herokuapp.com` passes Django's validation, and the password reset link that Django
then mails points to a site of the attacker.

When it is wrong
----------------
When something in front of Django hands on only the hosts of this site, as the router of some
platforms does: declare `PRODREADY = {"FACTS": {"host_pinned": True}}`, and it becomes a piece of
information.

How to fix
----------
Name the host that the platform gave the application: `"myapp.herokuapp.com"`. Platforms tell it in
a variable, such as `RENDER_EXTERNAL_HOSTNAME` or `RAILWAY_PUBLIC_DOMAIN`.

Source
------
[Host header validation](https://docs.djangoproject.com/en/stable/topics/security/#host-header-validation),
[Public Suffix List](https://publicsuffix.org/list/)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Severity, check
from django_prodready.audit.facts.shared_suffixes import shared_suffix

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"ALLOWED_HOSTS": ["example.org", ".sevalla.app", ".HerokuApp.com"]}, expect=2),
    Case(settings={"ALLOWED_HOSTS": [".co.uk", ".europe-west1.run.app"]}, expect=2),
    Case(settings={"ALLOWED_HOSTS": [".onrender.com"], "PRODREADY": {"FACTS": {"host_pinned": True}}}),
)
GOOD = (
    Case(settings={"ALLOWED_HOSTS": [".myapp.fly.dev", "myapp.herokuapp.com"]}),
    Case(settings={"ALLOWED_HOSTS": [".example.org", ".example.co.uk"]}),
    Case(settings={"ALLOWED_HOSTS": ["herokuapp.com", "*.sevalla.app"]}),
    Case(settings={"ALLOWED_HOSTS": [".localhost", ".internal", ".svc.cluster.local"]}),
)


@check(severity=Severity.WARNING)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each entry that strangers' hosts match."""
    is_pinned = bool(facts.declared.get("host_pinned"))
    hosts: Sequence[object] = facts.settings.ALLOWED_HOSTS or ()
    for position, host in enumerate(hosts):
        if not isinstance(host, str) or not host.startswith("."):
            continue
        shared = shared_suffix(host[1:])
        if shared is not None:
            yield Finding(
                message=f"ALLOWED_HOSTS entry {host!r} accepts the hosts of {shared.others}.",
                hint=f"Write the site's own host, as in 'myapp.{shared.domain}', instead of {host!r}.",
                subject=f"ALLOWED_HOSTS[{position}]",
                identity=host,
                at=facts.origin("ALLOWED_HOSTS", position),
                severity=Severity.INFO if is_pinned else Severity.WARNING,
            )
