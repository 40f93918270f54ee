"""Mail is handed to a server on the same machine, which a container does not have.

What it checks
--------------
Whether Django's SMTP backend sends to `localhost` or a loopback address, Django's own default, or to no
host at all, while a chosen mailer, an app or code shows that the project sends mail.

It is silent when a file of the repository installs or names a mail server for that machine: Postfix,
Exim, OpenSMTPD, msmtp, nullmailer and their kind; and where a unit of systemd, and no container, runs the
site.

Why it matters
--------------
In a container nothing listens on port 25 of `localhost`: every `send_mail()` ends in
`ConnectionRefusedError`, and the visitor who asked for a new password sees an error page.

When it is wrong
----------------
A mail server runs beside Django: on a machine of your own, as a side-car in the same pod, or behind a
tunnel. That is a sound way to send mail, so this is information only.

How to fix
----------
Name your server or provider: `EMAIL_HOST = "smtp.example.org"`, or the `host` in the `OPTIONS` of `MAILERS`.

Source
------
[EMAIL_HOST](https://docs.djangoproject.com/en/stable/ref/settings/#email-host)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.containers import container_sign
from django_prodready.audit.facts.mail_use import sending_sign
from django_prodready.audit.facts.mailers import Mailer, Transport, find_mailers, is_loopback
from django_prodready.audit.facts.server import deployment_texts

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

SENDS = {
    "shop/views.py": "from django.core.mail import send_mail\nsend_mail('Hello', 'x', None, ['a@b.c'])\n"
}
BAD = (
    Case(files=SENDS),
    Case(settings={"EMAIL_HOST": "127.0.0.1"}, files=SENDS),
)
GOOD = (
    Case(settings={}),
    Case(settings={"EMAIL_HOST": "smtp.example.org"}, files=SENDS),
    Case(files={**SENDS, "Dockerfile": "RUN apt-get install -y postfix\n"}),
)

_LOCAL_SERVER = re.compile(
    r"\b(?:postfix|exim4?|opensmtpd|sendmail|msmtp(?:-mta)?|nullmailer|ssmtp|dma|mailcow|mailu|stunnel4?)\b"
)


@check(severity=Severity.INFO, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each mailer that hands mail to the machine it runs on."""
    local = [
        mailer
        for mailer in find_mailers(facts)
        if mailer.transport is Transport.SMTP and is_loopback(mailer.host) and not _lacks_server(mailer)
    ]
    if not local:
        return
    sign = sending_sign(facts)
    if sign is None:
        raise NotApplicable("nothing shows that the project sends mail")
    server = next((place for place, text in deployment_texts(facts) if _LOCAL_SERVER.search(text)), None)
    if server is not None:
        raise NotApplicable(f"{server} names a mail server for the machine")
    unit = next(iter(facts.files.matching("*.service")), None)
    if unit is not None and container_sign(facts) is None:
        raise NotApplicable(f"{unit} runs the site on a machine that may well have a mail server")
    for mailer in local:
        yield _finding(facts, mailer, sign)


def _lacks_server(mailer: Mailer) -> bool:
    """Whether it is what email.no-default-mailer reports."""
    return not mailer.host and not mailer.is_legacy and mailer.alias == "default"


def _finding(facts: Facts, mailer: Mailer, sign: str) -> Finding:
    setting = mailer.setting("host")
    local = f"is {mailer.host!r}: in a container no mail server listens there, and sending fails"
    return Finding(
        message=f"{setting} {local if mailer.host else 'is empty: there is no server to send mail by'}.",
        hint=f"Set {setting} to your mail server, unless one runs beside Django.",
        subject=setting,
        evidence=(f"{sign}.",),
        at=facts.origin(*mailer.path("host")),
    )
