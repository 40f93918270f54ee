"""SECRET_KEY is published: a project's default, or a placeholder from documentation.

What it checks
--------------
`SECRET_KEY` and `SECRET_KEY_FALLBACKS` against the digests of keys that well-known projects ship in
their repositories, and against the shape of placeholders: nothing but words such as those of "your
secret key here", a request to change it, or a variable that nobody filled in.

Why it matters
--------------
Such a key is as good as none. Lists of them are part of the usual attack tools: with the key, a
session cookie or a password reset link for any user is made in a moment. A published key among
the fallbacks is just as bad, since Django accepts what it signed.

When it is wrong
----------------
It knows keys by their digest and placeholders by their words, so what it names is one. In an
environment that nobody else reaches, such as a test run, it does not matter.

How to fix
----------
Generate a key with `python -c "import secrets; print(secrets.token_urlsafe(50))"` and give it to the
server by an environment variable, without a default in the settings: `os.environ["SECRET_KEY"]`.

Source
------
[SECRET_KEY](https://docs.djangoproject.com/en/stable/ref/settings/#secret-key),
[CWE-798](https://cwe.mitre.org/data/definitions/798.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Severity, check
from django_prodready.audit.facts.secret_keys import NEW_KEY, SigningKey, fallbacks, secret_key

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"SECRET_KEY": "!!!SET DJANGO_SECRET_KEY!!!"}),
    Case(settings={"SECRET_KEY": "your-new-secure-django-secret-key"}),
    Case(settings={"SECRET_KEY_FALLBACKS": ["<generate-50-char-random-string>", "b8K2xQ9mL4" * 5]}),
)
GOOD = (
    Case(settings={"SECRET_KEY": "b8K2xQ9mL4" * 5}),
    Case(settings={"SECRET_KEY": "library-production-b8K2xQ9mL4b8K2xQ9mL4"}),
    Case(settings={"SECRET_KEY": "<b8K2#xQ9mL4b8K2xQ9mL4>"}),
    Case(settings={"SECRET_KEY_FALLBACKS": []}),
)


@check(severity=Severity.CRITICAL)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each key that everybody can know."""
    for key in (secret_key(facts), *fallbacks(facts)):
        what = _what(key)
        if what is not None:
            yield Finding(
                message=f"{key.subject} is {what}: anyone can forge logins and password reset links with it.",
                hint=(
                    f"Set SECRET_KEY, from outside of the repository, to {NEW_KEY}."
                    if key.subject == "SECRET_KEY"
                    else f"Remove {key.subject}."
                ),
                subject=key.subject,
                at=key.at,
            )


def _what(key: SigningKey) -> str | None:
    if key.publisher is not None:
        return f"the key that {key.publisher} publishes in its repository"
    return "a placeholder and no key" if key.is_placeholder else None
