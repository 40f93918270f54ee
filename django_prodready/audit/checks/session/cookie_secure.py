"""The session cookie is also sent over plain HTTP.

What it checks
--------------
`SESSION_COOKIE_SECURE` is on, in a project whose `MIDDLEWARE` has sessions: Django's, a subclass, or
a middleware of its own that sets the cookie. A subclass that decides the attribute itself, such as by
the scheme of the request, is left alone: the setting does nothing there.

Why it matters
--------------
Whoever has the session cookie is logged in. Without `Secure` the browser attaches it to every
`http://` request for the host, so that one such link or picture is enough to show it to everybody on
the same network, even when the site itself redirects to HTTPS.

When it is wrong
----------------
The site is served over plain HTTP on purpose, on a network where all are trusted. With the setting
on nobody could log in there.

How to fix
----------
Set `SESSION_COOKIE_SECURE = True`. Everybody who is logged in stays so.

Source
------
[SESSION_COOKIE_SECURE](https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-secure)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.own_middleware import sets_cookie_alone
from django_prodready.audit.facts.sessions import SESSION_MIDDLEWARE, require_sessions

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"SESSION_COOKIE_SECURE": False}),
    Case(settings={}),
)
GOOD = (
    Case(settings={"SESSION_COOKIE_SECURE": True}),
    Case(settings={"SESSION_COOKIE_SECURE": False, "MIDDLEWARE": []}),
)


@check(severity=Severity.ERROR, django_ids=("security.W010", "security.W011", "security.W012"))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when there are sessions and their cookie lacks the Secure attribute."""
    require_sessions(facts)
    own = sets_cookie_alone(facts, SESSION_MIDDLEWARE, "process_response", "SESSION_COOKIE_SECURE")
    if own is not None:
        raise NotApplicable(f"{own} decides by itself whether the cookie is Secure")
    if not facts.settings.SESSION_COOKIE_SECURE:
        yield Finding(
            message=(
                f"SESSION_COOKIE_SECURE is {facts.settings.SESSION_COOKIE_SECURE!r}: browsers send the "
                "session cookie over plain HTTP too, where anyone on the way can take over the login."
            ),
            hint="Set SESSION_COOKIE_SECURE = True.",
            subject="SESSION_COOKIE_SECURE",
            at=facts.origin("SESSION_COOKIE_SECURE"),
        )
