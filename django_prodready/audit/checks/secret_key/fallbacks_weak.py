"""A key in SECRET_KEY_FALLBACKS can be guessed.

What it checks
--------------
Each entry of `SECRET_KEY_FALLBACKS` by the rules for `SECRET_KEY`: at least 50 characters, at least 5
different ones, not the prefix `django-insecure-`. The report says which rule is broken, and never
shows the key or its length.

Why it matters
--------------
Django accepts what a fallback signed as if `SECRET_KEY` had: while a weak one stands there, the
strong one protects nothing.

When it is wrong
----------------
You have just replaced a weak key and let the sessions that it signed run out. Each day until then is
a day on which they can be forged.

How to fix
----------
Remove the entry. Everyone who is still logged in by the old key logs in once more.

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

BAD = (
    Case(settings={"SECRET_KEY_FALLBACKS": ["b8K2xQ9mL4" * 5, "b8K2xQ9mL4"]}),
    Case(settings={"SECRET_KEY_FALLBACKS": ["", "django-insecure-" + "b8K2xQ9mL4" * 5]}, expect=2),
)
GOOD = (
    Case(settings={"SECRET_KEY_FALLBACKS": []}),
    Case(settings={"SECRET_KEY_FALLBACKS": ["b8K2xQ9mL4" * 5, b"c8K2xQ9mL4" * 5]}),
)


@check(severity=Severity.WARNING, django_ids=("security.W025",))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each fallback that breaks one of Django's rules for keys."""
    keys = list(fallbacks(facts))
    if not keys:
        raise NotApplicable("SECRET_KEY_FALLBACKS is empty")
    for key in keys:
        if key.weaknesses:
            yield Finding(
                message=(
                    f"{key.subject} {' and '.join(key.weaknesses)}: "
                    "whoever finds it out forges logins, however strong SECRET_KEY is."
                ),
                hint=f"Remove {key.subject}.",
                subject=key.subject,
                at=key.at,
                severity=Severity.INFO if key.is_merely_short else Severity.WARNING,
            )
