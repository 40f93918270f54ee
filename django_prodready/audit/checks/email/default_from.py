"""DEFAULT_FROM_EMAIL is an address of localhost, which mail servers refuse or treat as spam.

What it checks
--------------
The domain of `DEFAULT_FROM_EMAIL`. Django's own default is `webmaster@localhost`; an empty value, such
as an environment variable that is not set gives, is no better.

It is a warning when the settings choose a mail server or a provider, and information when only code or
an app shows that the project sends mail. Without any sign of mail it is not applicable.

Why it matters
--------------
Every message without a sender of its own, the reset of passwords among them, comes from that address.
Servers that check the sender's domain refuse it, providers answer that the sender is not verified, and
what gets through lands among spam, because no SPF or DKIM record vouches for `localhost`.

When it is wrong
----------------
All of your code passes `from_email`, and no package sends mail; or your own mail server rewrites the sender.

How to fix
----------
`DEFAULT_FROM_EMAIL = "Example <noreply@example.org>"`, with a domain of yours that your mail provider has
verified.

Source
------
[DEFAULT_FROM_EMAIL](https://docs.djangoproject.com/en/stable/ref/settings/#default-from-email)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.mail_use import (
    has_no_real_domain,
    is_only_development,
    sending_sign,
    server_chosen,
)
from django_prodready.audit.facts.mailers import find_mailers

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"EMAIL_HOST": "smtp.example.org"}),
    Case(settings={"EMAIL_HOST": "smtp.example.org", "DEFAULT_FROM_EMAIL": "Shop <shop@localhost>"}),
)
GOOD = (
    Case(settings={}),
    Case(settings={"EMAIL_HOST": "smtp.example.org", "DEFAULT_FROM_EMAIL": "Shop <noreply@example.org>"}),
    Case(settings={"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
)


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when mail comes from an address that belongs to no domain."""
    address = facts.settings.DEFAULT_FROM_EMAIL
    if not has_no_real_domain(address):
        return
    mailers = find_mailers(facts)
    if is_only_development(mailers):
        raise NotApplicable("no mailer sends mail")
    sign = sending_sign(facts)
    if sign is None:
        raise NotApplicable("nothing shows that the project sends mail")
    yield Finding(
        message=f"DEFAULT_FROM_EMAIL is {str(address)!r}: mail servers refuse such a sender or call it spam.",
        hint="Set DEFAULT_FROM_EMAIL to an address of a domain that your mail provider has verified.",
        subject="DEFAULT_FROM_EMAIL",
        evidence=(f"{sign}.",),
        at=facts.origin("DEFAULT_FROM_EMAIL"),
        severity=Severity.WARNING if server_chosen(mailers) else Severity.INFO,
    )
