"""Mail goes out through a personal mailbox, which its provider limits to some hundred messages a day.

What it checks
--------------
Whether Django's SMTP backend sends through the server for the mailboxes of Gmail, Outlook and Microsoft 365,
Yahoo, iCloud or GMX: `EMAIL_HOST`, or the `host` in the `OPTIONS` of `MAILERS`.

Why it matters
--------------
Such a server is made for what a person writes. Gmail takes 500 recipients a day, or 2,000 from a Workspace
account, and then refuses everything until the next day: one newsletter, or one bot that asks for new
passwords, and nobody can sign up. The account may be locked besides, and bounces come to a mailbox that
no program reads.

When it is wrong
----------------
The site sends a few messages a day and will never send more.

How to fix
----------
Use a service for programs (Amazon SES, Mailgun, Postmark, Brevo and others) by SMTP or through
django-anymail, and send from a task queue that can try again later.

Source
------
[Gmail's limits](https://support.google.com/a/answer/166852),
[Exchange Online's limits](https://learn.microsoft.com/en-us/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits#sending-limits)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.mailers import Transport, find_mailers

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (Case(settings={"EMAIL_HOST": "smtp.gmail.com"}),)
GOOD = (
    Case(settings={}),
    Case(settings={"EMAIL_HOST": "smtp.mailgun.org"}),
    Case(settings={"EMAIL_HOST": "smtp-relay.gmail.com"}),
)

# Not the relays that Google and Microsoft offer to organisations, which have limits of another kind.
_MAILBOXES = {
    "mail.gmx.com": "GMX",
    "mail.gmx.net": "GMX",
    "smtp-mail.outlook.com": "Outlook",
    "smtp.gmail.com": "Gmail",
    "smtp.googlemail.com": "Gmail",
    "smtp.mail.me.com": "iCloud",
    "smtp.mail.yahoo.com": "Yahoo",
    "smtp.office365.com": "Microsoft 365",
}


@check(severity=Severity.INFO)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each mailer that is a person's mailbox."""
    mailers = [mailer for mailer in find_mailers(facts) if mailer.transport is Transport.SMTP]
    if not mailers:
        raise NotApplicable("no mailer speaks SMTP by Django's rules")
    for mailer in mailers:
        provider = _MAILBOXES.get(mailer.host.lower().rstrip("."))
        if provider is not None:
            yield Finding(
                message=(
                    f"{mailer.setting('host')} is {mailer.host}, the server of {provider} for mailboxes: "
                    "it limits how much is sent in a day."
                ),
                hint="Send through a service for programs before the site sends more than a few mails a day.",
                subject=mailer.setting("host"),
                at=facts.origin(*mailer.path("host")),
            )
