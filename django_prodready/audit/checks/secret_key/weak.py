"""SECRET_KEY can be guessed.

What it checks
--------------
Django's own three rules: at least 50 characters, at least 5 different ones, and not the prefix
`django-insecure-` of the keys that `startproject` makes. The report says which rule is broken, and
never shows the key or its length.

Why it matters
--------------
Sessions in cookies, password reset links, messages and everything that `django.core.signing` makes
are trusted because of this key. A signature can be tried offline, millions of times a second; who
finds the key logs in as anybody. A key from `startproject` is in the history of the repository.

When it is wrong
----------------
A key of 32 to 49 characters that look random (mixed, without words, repetition or sequence) cannot be
guessed either, so it is no more than a piece of information; Django has its limit all the same, and a
longer one costs nothing.

How to fix
----------
Generate one with `python -c "import secrets; print(secrets.token_urlsafe(50))"`, keep it outside of
the repository, and read it from the environment. To change it without logging everyone out, put
the old one into `SECRET_KEY_FALLBACKS` for a while, unless it may be known to others.

Source
------
[SECRET_KEY](https://docs.djangoproject.com/en/stable/ref/settings/#secret-key)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Severity, check
from django_prodready.audit.facts.secret_keys import NEW_KEY, secret_key

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"SECRET_KEY": "b8K2xQ9mL4"}),
    Case(settings={"SECRET_KEY": "django-insecure-" + "b8K2xQ9mL4" * 5}),
    Case(settings={"SECRET_KEY": "abcd" * 20}),
)
GOOD = (
    Case(settings={"SECRET_KEY": "b8K2xQ9mL4" * 5}),
    Case(settings={"SECRET_KEY": b"b8K2xQ9mL4" * 5}),
    Case(settings={"SECRET_KEY": "not-django-insecure-" + "b8K2xQ9mL4" * 5}),
)


@check(severity=Severity.CRITICAL, django_ids=("security.W009",))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when SECRET_KEY breaks one of Django's rules."""
    key = secret_key(facts)
    if key.weaknesses:
        yield Finding(
            message=(
                f"SECRET_KEY {' and '.join(key.weaknesses)}: "
                "whoever finds it out forges logins and password reset links."
            ),
            hint=f"Set SECRET_KEY, from outside of the repository, to {NEW_KEY}.",
            subject=key.subject,
            at=key.at,
            severity=Severity.INFO if key.is_merely_short else Severity.CRITICAL,
        )
