"""A cookie with `SameSite=None` is not `Secure`, so browsers refuse it.

What it checks
--------------
Where `SESSION_COOKIE_SAMESITE`, `CSRF_COOKIE_SAMESITE` or `LANGUAGE_COOKIE_SAMESITE` is `"None"`, the
text, the `…_COOKIE_SECURE` beside it is on. Only cookies that the project's `MIDDLEWARE` has to do with
are judged; one whose Secure attribute a middleware of your own decides is left alone.

Why it matters
--------------
Browsers drop such a cookie without a word: nobody stays logged in, or every form is refused for want of
its CSRF cookie. It shows only in the browser's console.

When it is wrong
----------------
A proxy of yours adds `Secure` to all cookies (`proxy_cookie_flags` of nginx).

How to fix
----------
Set `SESSION_COOKIE_SECURE = True`, and the same for the other cookie. If no other site embeds yours or
calls it with a login, remove the `…_SAMESITE` setting instead: the default `"Lax"` is safer.

Source
------
[SameSite=None](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#none),
[SESSION_COOKIE_SAMESITE](https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-samesite)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Severity, check
from django_prodready.audit.facts.session_cookies import cookies_in_use

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"SESSION_COOKIE_SAMESITE": "None"}),
    Case(settings={"SESSION_COOKIE_SAMESITE": "none", "CSRF_COOKIE_SAMESITE": "None"}, expect=2),
)
GOOD = (
    Case(),
    Case(settings={"SESSION_COOKIE_SAMESITE": "None", "SESSION_COOKIE_SECURE": True}),
    Case(settings={"SESSION_COOKIE_SAMESITE": None, "CSRF_COOKIE_SAMESITE": False}),
    Case(settings={"CSRF_COOKIE_SAMESITE": "None", "CSRF_USE_SESSIONS": True}),
)


@check(severity=Severity.ERROR)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each cookie with SameSite=None and without Secure."""
    for cookie in cookies_in_use(facts):
        value = cookie.values["SAMESITE"]
        # Python's None and False leave the attribute out; Django writes the text as it is.
        if isinstance(value, str) and value.lower() == "none" and not cookie.values["SECURE"]:
            setting, secure = cookie.setting("SAMESITE"), cookie.setting("SECURE")
            yield Finding(
                message=f"{setting} is {value!r} while {secure} is off: browsers refuse the {cookie.title},"
                f" so {cookie.loss}.",
                hint=f"Set {secure} = True.",
                subject=setting,
                at=facts.origin(setting),
                severity=Severity.WARNING if cookie.prefix == "LANGUAGE_COOKIE_" else Severity.ERROR,
            )
