"""SECRET_KEY_FALLBACKS has keys of more than three changes.

What it checks
--------------
How many keys `SECRET_KEY_FALLBACKS` has. Three are allowed for.

Why it matters
--------------
A fallback is there for as long as what it signed is of use: sessions for two weeks, password reset
links for three days. Every older key is one more that forges logins when it is found, in an old backup
or in the hands of a former colleague, and each costs time at every signature that does not fit.

When it is wrong
----------------
When you change the key every week or oftener, and something that lasts for long is signed with it.

How to fix
----------
Remove the oldest keys: those that stand at the end, if you have put each new one in front.

Source
------
[SECRET_KEY_FALLBACKS](https://docs.djangoproject.com/en/stable/ref/settings/#secret-key-fallbacks)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.secret_keys import fallbacks

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_KEYS = [letter + "b8K2xQ9mL4" * 5 for letter in "abcdef"]
BAD = (Case(settings={"SECRET_KEY_FALLBACKS": _KEYS[:4]}),)
GOOD = (
    Case(settings={"SECRET_KEY_FALLBACKS": []}),
    Case(settings={"SECRET_KEY_FALLBACKS": _KEYS[:3]}),
    Case(settings={"SECRET_KEY_FALLBACKS": [*_KEYS[:2], *_KEYS[:2]]}),
)

_ALLOWED = 3


@check(severity=Severity.INFO)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when there are more fallbacks than changes need."""
    count = len({key.text for key in fallbacks(facts)})
    if not count:
        raise NotApplicable("SECRET_KEY_FALLBACKS is empty")
    if count > _ALLOWED:
        yield Finding(
            message=f"SECRET_KEY_FALLBACKS has {count} keys: each of them forges logins once it is found.",
            hint="Remove from SECRET_KEY_FALLBACKS the keys whose signatures have run out.",
            subject="SECRET_KEY_FALLBACKS",
            at=facts.origin("SECRET_KEY_FALLBACKS"),
        )
