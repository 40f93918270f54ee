"""A setting that nothing reads is spelled almost like one of Django's.

What it checks
--------------
Every name that the project's settings set and Django does not know. It fires when the name is
nearly that of a Django setting and neither the project nor a package in use reads it.

Why it matters
--------------
Django takes any upper-case name and complains about none. `SECURE_HSTS_SECOND = 31536000` sends no
header, `ALLOWED_HOST` lets no host in, `SESION_COOKIE_SECURE` leaves the session cookie open, and
`check --deploy` cannot tell you why.

When it is wrong
----------------
A name that code reads in a way that does not show in its source, such as a computed attribute of a
package that neither the settings nor the project's code names.

How to fix
----------
Correct the spelling, or delete the setting.

Source
------
[Settings](https://docs.djangoproject.com/en/stable/ref/settings/)
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.django_settings import KNOWN, REMOVED

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"SECURE_HSTS_SECOND": 31536000}),
    Case(settings={"ALLOWED_HOST": ["example.org"], "SESION_COOKIE_SECURE": True}, expect=2),
    Case(settings={"CSRF_TRUSTED_ORIGIN": ["https://example.org"]}),
)
GOOD = (
    Case(settings={"SECURE_HSTS_SECONDS": 31536000, "SITE_ID": 1, "SERIALIZATION_MODULES": {}}),
    Case(settings={"STATICFILES_STORAGE": "removed.from.Django", "USE_L10N": True}),
    Case(settings={"CORS_ALLOWED_ORIGINS": ["https://example.org"], "JWT_COOKIE_SECURE": True}),
    Case(settings={"ASGI_APPLICATION": "shop.asgi.application"}),
    Case(
        settings={"DATABASE": {}},
        files={"conf.py": 'DATABASE = {}\nDATABASES = {"default": DATABASE}\n'},
        settings_module="conf",
    ),
    Case(
        settings={"LANGUAGE": "de"},
        files={"shop/views.py": "from django.conf import settings\n\nLANGUAGE_OF_SHOP = settings.LANGUAGE\n"},
    ),
)

_LIKENESS = 0.9  # one letter in about ten: SESION for SESSION, a missing S; not SECURE_SSL for SECURE_CSP
# Names that other software has, unused here as they may be: they are spelled right.
_OF_OTHERS = frozenset({"ASGI_APPLICATION"})  # channels, daphne
_CURRENT = sorted(KNOWN - REMOVED.keys())


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each unknown and unread name that looks like a known one."""
    for name in sorted(facts.explicit - KNOWN - _OF_OTHERS):
        nearest = difflib.get_close_matches(name, _CURRENT, n=1, cutoff=_LIKENESS)
        if nearest and not facts.source.reads(name):
            yield Finding(
                message=f"{name} does nothing: nothing reads it, and Django's setting is {nearest[0]}.",
                hint=f"Rename {name} to {nearest[0]}, or delete it.",
                subject=name,
                at=facts.origin(name),
            )
