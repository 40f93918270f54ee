"""Browsers may guess a response's type from its content.

What it checks
--------------
`SECURE_CONTENT_TYPE_NOSNIFF` is on, as it is by default, or something else sends
`X-Content-Type-Options: nosniff`: a middleware whose source names the header, or an nginx, Caddy, Traefik
or platform file of the repository.

Why it matters
--------------
An uploaded text or image whose content looks like a script is run as one, with the rights of your site.

When it is wrong
----------------
The proxy sends the header, and its configuration is not in the repository. `SecurityMiddleware` leaves a
header alone that is there, so the setting does no harm.

How to fix
----------
Remove `SECURE_CONTENT_TYPE_NOSNIFF` from the settings; the default is `True`.

Source
------
[SECURE_CONTENT_TYPE_NOSNIFF](https://docs.djangoproject.com/en/stable/ref/settings/#secure-content-type-nosniff),
[X-Content-Type-Options](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Content-Type-Options)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.response_headers import NOSNIFF, sent_by, set_in_code
from django_prodready.audit.facts.security import require_middleware

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_NAME = "SECURE_CONTENT_TYPE_NOSNIFF"

BAD = (Case(settings={_NAME: False}), Case(settings={_NAME: None}))
GOOD = (
    Case(settings={}),
    Case(settings={_NAME: True}),
    Case(settings={_NAME: False, "MIDDLEWARE": []}),
    Case(
        settings={_NAME: False}, files={"nginx.conf": "add_header X-Content-Type-Options nosniff always;\n"}
    ),
)


@check(
    severity=Severity.WARNING,
    needs=(Need.SETTINGS, Need.SOURCE, Need.FILES),
    django_ids=("security.W006",),
)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when the setting is off and nothing else is known to send the header."""
    require_middleware(facts)
    value = facts.settings.SECURE_CONTENT_TYPE_NOSNIFF
    if value or sent_by(facts, NOSNIFF):
        return
    yield Finding(
        message=(
            f"{_NAME} is {value!r}: without X-Content-Type-Options: nosniff a browser may run an uploaded "
            "file as a script of your site."
        ),
        hint=f"Remove {_NAME}, which is True by default.",
        subject=_NAME,
        at=facts.origin(_NAME),
        severity=Severity.INFO if set_in_code(facts, NOSNIFF) else Severity.WARNING,
    )
