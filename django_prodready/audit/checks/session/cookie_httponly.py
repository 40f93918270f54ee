"""JavaScript can read the session cookie.

What it checks
--------------
`SESSION_COOKIE_HTTPONLY` is on, as it is by default, in a project whose `MIDDLEWARE` has sessions:
Django's, a subclass, or a middleware of its own that sets the cookie.

Why it matters
--------------
Whoever has the session cookie is logged in. A single hole that lets foreign JavaScript run on a
page (a comment that is not escaped, a script from elsewhere that was tampered with) is then enough
to send the logins of all its readers away.

When it is wrong
----------------
Code of yours reads the session cookie in the browser. It need not: a request to the own site
carries the cookie by itself, and a page can be told what else it must know.

How to fix
----------
Remove `SESSION_COOKIE_HTTPONLY` from the settings; the default is `True`.

Source
------
[SESSION_COOKIE_HTTPONLY](https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-httponly)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Severity, check
from django_prodready.audit.facts.sessions import require_sessions

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (Case(settings={"SESSION_COOKIE_HTTPONLY": False}),)
GOOD = (
    Case(settings={}),
    Case(settings={"SESSION_COOKIE_HTTPONLY": True}),
    Case(settings={"SESSION_COOKIE_HTTPONLY": False, "MIDDLEWARE": []}),
)


@check(severity=Severity.ERROR, django_ids=("security.W013", "security.W014", "security.W015"))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when there are sessions and their cookie lacks the HttpOnly attribute."""
    require_sessions(facts)
    if not facts.settings.SESSION_COOKIE_HTTPONLY:
        yield Finding(
            message=(
                f"SESSION_COOKIE_HTTPONLY is {facts.settings.SESSION_COOKIE_HTTPONLY!r}: any JavaScript "
                "that gets onto a page can read the session cookie and send the login away."
            ),
            hint="Remove SESSION_COOKIE_HTTPONLY, which is True by default.",
            subject="SESSION_COOKIE_HTTPONLY",
            at=facts.origin("SESSION_COOKIE_HTTPONLY"),
        )
