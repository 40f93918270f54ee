"""CSRF_TRUSTED_ORIGINS has an entry without a scheme.

What it checks
--------------
Whether every entry of `CSRF_TRUSTED_ORIGINS` has a scheme: `https://example.org`, not
`example.org`.

Why it matters
--------------
Browsers send the Origin header with the scheme, and since Django 4.0 an entry without one matches
nothing. Django's own check reports it as an error, so no management command starts, `migrate`
included; a server that runs no checks starts, and answers 403 to the forms of that origin.

When it is wrong
----------------
Never: such an entry has no effect on any Django that is supported.

How to fix
----------
Write the scheme before the host, and `https://*.example.org` for what was `.example.org`. When the
list comes from an environment variable, write the schemes there.

Source
------
[CSRF_TRUSTED_ORIGINS](https://docs.djangoproject.com/en/stable/ref/settings/#csrf-trusted-origins),
[release notes of Django 4.0](https://docs.djangoproject.com/en/stable/releases/4.0/#csrf-trusted-origins-changes)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"CSRF_TRUSTED_ORIGINS": ["example.org", "https://www.example.org"]}),
    Case(settings={"CSRF_TRUSTED_ORIGINS": [".example.org", "*.example.net", ""]}, expect=3),
)
GOOD = (
    Case(settings={"CSRF_TRUSTED_ORIGINS": ["https://example.org", "https://*.example.org"]}),
    Case(settings={"CSRF_TRUSTED_ORIGINS": ["http://localhost:3000", "chrome-extension://abcdef"]}),
    Case(settings={"CSRF_TRUSTED_ORIGINS": []}),
)


_BROKEN_SCHEME = re.compile(r"^https?(?::/*|/+)(?=\D)", re.IGNORECASE)  # https//a.example, http:/a.example


@check(severity=Severity.ERROR, django_ids=("4_0.E001",))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each entry without a scheme."""
    origins: Sequence[object] = facts.settings.CSRF_TRUSTED_ORIGINS
    if not origins:
        raise NotApplicable("CSRF_TRUSTED_ORIGINS is empty")
    for position, origin in enumerate(origins):
        if isinstance(origin, str) and "://" not in origin:
            yield Finding(
                message=f"CSRF_TRUSTED_ORIGINS entry {origin!r} has no scheme: it matches no Origin header.",
                hint=_hint(origin.strip()),
                subject=f"CSRF_TRUSTED_ORIGINS[{position}]",
                identity=origin,
                at=facts.origin("CSRF_TRUSTED_ORIGINS", position),
            )


def _hint(origin: str) -> str:
    host = _BROKEN_SCHEME.sub("", origin)
    bare = host.strip("*./")
    if not origin:
        return "Remove it; a trailing comma in an environment variable leaves one."
    if not bare:
        return "Name the origins one by one, such as 'https://example.org'."
    if "," in origin:
        return "Split the string at its commas, and write 'https://' before each host."
    every = "*." if host.startswith((".", "*")) else ""
    return f"Write 'https://{every}{bare}'."
