"""SECRET_KEY is used for something else as well.

What it checks
--------------
The project's own settings for another secret with the value of `SECRET_KEY`: the key that signs JSON
Web Tokens, a key of encryption, the password of a database or of mail. The default of a library that
takes `SECRET_KEY` by itself is not told.

Why it matters
--------------
Whoever finds one has the other: a database's password that a dump of the configuration shows forges
logins, and a signing key that another service must know is then Django's own. Neither can be changed
without the other, so none is.

When it is wrong
----------------
When nothing but this site ever signs and reads those tokens. They still all become invalid when the key
changes.

How to fix
----------
Give each use a secret of its own, from a variable of its own. For tokens: `SIMPLE_JWT["SIGNING_KEY"]`.

Source
------
[Simple JWT: SIGNING_KEY](https://django-rest-framework-simplejwt.readthedocs.io/en/stable/settings.html#signing-key),
[NIST SP 800-57, 5.2: one key, one use](https://doi.org/10.6028/NIST.SP.800-57pt1r5)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.secret_keys import secret_key
from django_prodready.audit.facts.secret_values import Held, held_texts

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_KEY = "b8K2xQ9mL4" * 5
BAD = (
    Case(settings={"SECRET_KEY": _KEY, "SIMPLE_JWT": {"ALGORITHM": "HS256", "SIGNING_KEY": _KEY}}),
    Case(settings={"SECRET_KEY": _KEY, "FERNET_KEYS": [_KEY], "EMAIL_HOST_PASSWORD": _KEY}, expect=2),
)
GOOD = (
    Case(settings={"SECRET_KEY": _KEY}),
    Case(settings={"SECRET_KEY": _KEY, "SECRET_KEY_FALLBACKS": [_KEY], "DJANGO_SECRET_KEY": _KEY}),
    Case(settings={"SECRET_KEY": _KEY, "SIMPLE_JWT": {"SIGNING_KEY": f"c{_KEY}"}}),
    Case(settings={"SECRET_KEY": _KEY, "COPY": _KEY}),
)

# Django's own, and what a project calls it before it hands it on.
_SAME_USE = re.compile(r"(?:(?:APP|BASE|DEFAULT|DJANGO|ENV)_)?_?SECRET(?:_KEY)?(?:_FALLBACKS)?")
# What the name says of its use.
_OTHER_USE = re.compile(
    r"CIPHER|CRYPT|ENCRYPTION|FERNET|HASHID|HMAC|JWT|OIDC|PASSWORD|PRIVATE_KEY|SALT|SIGNING|TOKEN|VERIFYING|WEBHOOK"
    r"|API_?KEY|\bSECRET_?KEY|_SECRET",
    re.IGNORECASE,
)


@check(severity=Severity.WARNING)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each other secret that is the same."""
    key = secret_key(facts)
    if not key.text:
        raise NotApplicable("SECRET_KEY is empty")
    for held in held_texts(facts):
        if held.text == key.text and _is_another_use(held):
            yield Finding(
                message=f"{held.subject} is the same as SECRET_KEY: whoever finds out one of them has both.",
                hint=f"Give {held.subject} a secret of its own, from a variable of its own.",
                subject=held.subject,
                at=facts.origin(held.name, *held.path),
            )


def _is_another_use(held: Held) -> bool:
    if _SAME_USE.fullmatch(held.name):
        return False
    return any(_OTHER_USE.search(str(key)) for key in (held.name, *held.path))
