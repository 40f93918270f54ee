"""ALLOWED_HOSTS is empty.

What it checks
--------------
Whether the loaded settings have any entry in `ALLOWED_HOSTS`.

Why it matters
--------------
With `DEBUG` off Django answers 400 to every request, whatever its host. With `DEBUG` on it answers
`localhost` only, so the mistake shows on the day that `DEBUG` is switched off.

When it is wrong
----------------
When the settings that it judged are not those that the server uses, or when the variable that the
list is read from is set on the server only: run it in the environment of the server.

How to fix
----------
Name the hosts that the site answers: `ALLOWED_HOSTS = ["example.org", "www.example.org"]`. Let a
variable that is missing stop the start instead of giving an empty list.

Source
------
[ALLOWED_HOSTS](https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Severity, check

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"ALLOWED_HOSTS": []}),
    Case(settings={"ALLOWED_HOSTS": [], "DEBUG": True}),
)
GOOD = (
    Case(settings={"ALLOWED_HOSTS": ["example.org"]}),
    Case(settings={"ALLOWED_HOSTS": ("10.0.0.7",)}),
    Case(settings={"ALLOWED_HOSTS": ["*"]}),
)


@check(severity=Severity.ERROR, django_ids=("security.W020",))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when no host is allowed."""
    if facts.settings.ALLOWED_HOSTS:
        return
    when = "once DEBUG is off, every request gets 400" if facts.settings.DEBUG else "every request gets 400"
    yield Finding(
        message=f"ALLOWED_HOSTS is empty: {when}.",
        hint="Name the site's hosts in ALLOWED_HOSTS, such as ['example.org', 'www.example.org'].",
        subject="ALLOWED_HOSTS",
        at=facts.origin("ALLOWED_HOSTS"),
    )
