"""A session lives for more than 30 days.

What it checks
--------------
`SESSION_COOKIE_AGE` above 2,592,000 seconds, in a project whose `MIDDLEWARE` has sessions. Not where the
class behind `SESSION_ENGINE` decides the age by itself.

Why it matters
--------------
So long is somebody logged in who has a copy of the cookie: from a stolen laptop, a shared computer, or a
backup of a browser's profile. The age counts from the last change of the session, and from the last
request with `SESSION_SAVE_EVERY_REQUEST`. It is also how long rows of sessions stay in the database.

When it is wrong
----------------
Logins open nothing worth protecting, such as a shop's basket without an account, or changing the password
and what else matters asks for the password again.

How to fix
----------
Set `SESSION_COOKIE_AGE` to 2,592,000 (30 days) or less; the default is two weeks. For "remember me" call
`request.session.set_expiry(…)` where somebody asks for it.

Source
------
[SESSION_COOKIE_AGE](https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-age),
[Session
expiration](https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html#session-expiration)"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.contrib.sessions.backends.base import SessionBase

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.effective import value_of
from django_prodready.audit.facts.session_store import session_store
from django_prodready.audit.facts.sessions import require_sessions

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_DAY_S = 86_400
_LONGEST_S = 30 * _DAY_S

BAD = (Case(settings={"SESSION_COOKIE_AGE": 365 * _DAY_S}),)
GOOD = (
    Case(),
    Case(settings={"SESSION_COOKIE_AGE": _LONGEST_S}),
    Case(settings={"SESSION_COOKIE_AGE": 365 * _DAY_S, "MIDDLEWARE": []}),
)


@check(severity=Severity.INFO)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when sessions live for more than 30 days."""
    require_sessions(facts)
    age_s = value_of(facts.settings, "SESSION_COOKIE_AGE")
    if not isinstance(age_s, int | float) or age_s <= _LONGEST_S:
        return
    store = session_store(facts)
    if store.get_session_cookie_age is not SessionBase.get_session_cookie_age:
        raise NotApplicable(f"{store.__module__} decides by itself how long sessions live")
    yield Finding(
        message=f"SESSION_COOKIE_AGE = {age_s} keeps a session valid for {age_s / _DAY_S:.0f} days:"
        " so long is somebody logged in who has a copy of the cookie.",
        hint=f"Set SESSION_COOKIE_AGE to at most {_LONGEST_S} (30 days).",
        subject="SESSION_COOKIE_AGE",
        at=facts.origin("SESSION_COOKIE_AGE"),
    )
