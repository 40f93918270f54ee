"""No Strict-Transport-Security header is sent.

What it checks
--------------
`SECURE_HSTS_SECONDS` is 0, no middleware's name speaks of HSTS, and nothing says that the proxy sends
the header.

Why it matters
--------------
A redirect to HTTPS protects only who already came by HTTP unharmed. Without the header, each first request to
`http://` can be caught and answered by whoever controls the network.

When it is wrong
----------------
Your proxy or CDN sends the header, which Django cannot see. Say so with
`PRODREADY = {"FACTS": {"hsts": "proxy"}}`. A header in an nginx, Traefik or Caddy file of the repository
is found without that.

How to fix
----------
Set `SECURE_HSTS_SECONDS = 3600`, and raise it in steps to 31536000 (one year) once every page and subdomain
that it covers works by HTTPS: browsers keep to it for that long.

Source
------
[HTTP Strict Transport Security](https://docs.djangoproject.com/en/stable/ref/middleware/#http-strict-transport-security)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.proxy import hsts_proxy
from django_prodready.audit.facts.security import require_middleware

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_BY_NAME = re.compile(r"hsts|strict_?transport", re.IGNORECASE)

BAD = (Case(settings={"SECURE_HSTS_SECONDS": 0}),)
GOOD = (
    Case(settings={"SECURE_HSTS_SECONDS": 3600}),
    Case(settings={"PRODREADY": {"FACTS": {"hsts": "proxy"}}}),
    Case(settings={"MIDDLEWARE": []}),
    Case(files={"nginx.conf": 'add_header Strict-Transport-Security "max-age=31536000" always;\n'}),
)


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.FILES), django_ids=("security.W004",))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when neither Django nor anything in front of it is known to send the header."""
    require_middleware(facts)
    value = facts.settings.SECURE_HSTS_SECONDS
    if _is_positive(value) or any(_BY_NAME.search(path) for path in facts.middleware.paths):
        return
    if hsts_proxy(facts) is not None:
        return
    consequence = (
        "Strict-Transport-Security is sent with max-age=0, which switches it off"
        if value  # "0" is a string that is not empty
        else "no Strict-Transport-Security header is sent"
    )
    yield Finding(
        message=f"SECURE_HSTS_SECONDS is {value!r}, so {consequence}.",
        hint=(
            "Set SECURE_HSTS_SECONDS = 3600 and raise it in steps, "
            "or declare PRODREADY = {'FACTS': {'hsts': 'proxy'}} if the proxy sends the header."
        ),
        subject="SECURE_HSTS_SECONDS",
        at=facts.origin("SECURE_HSTS_SECONDS"),
    )


def _is_positive(value: object) -> bool:
    """Whether the header asks for anything; SecurityMiddleware writes any value that is true into it."""
    return bool(value) and str(value).strip() != "0"
