"""No time-out for the mail server, so one that hangs holds a worker for ever.

What it checks
--------------
`EMAIL_TIMEOUT`, or the option `timeout` of each mailer in `MAILERS`, where Django's SMTP backend connects
to a server on another machine. Backends that build on it with a way of their own to connect, and providers'
APIs, have time-outs of their own.

It is silent where code calls `socket.setdefaulttimeout()`.

Why it matters
--------------
Without it a connection waits as long as the operating system does, and for an answer without end. One
mail server that accepts and stays silent, or a firewall that drops packets to port 587, takes one worker
per sent mail, until the site answers nobody. In a task queue it stops the queue.

When it is wrong
----------------
A backend or a relay between Django and the server guards the time already.

How to fix
----------
`EMAIL_TIMEOUT = 10`, in seconds; in `MAILERS`, `"OPTIONS": {"timeout": 10, …}`.

Source
------
[EMAIL_TIMEOUT](https://docs.djangoproject.com/en/stable/ref/settings/#email-timeout)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.mailers import Transport, find_mailers, is_loopback

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

BAD = (
    Case(settings={"EMAIL_HOST": "smtp.example.org", "EMAIL_USE_TLS": True}),
    Case(settings={"EMAIL_HOST": "postfix"}),
)
GOOD = (
    Case(settings={}),
    Case(settings={"EMAIL_HOST": "smtp.example.org", "EMAIL_TIMEOUT": 10}),
    Case(
        settings={
            "EMAIL_HOST": "smtp.example.org",
            "EMAIL_BACKEND": "anymail.backends.mailgun.EmailBackend",
        }
    ),
)

_DEFAULT_FOR_ALL = "setdefaulttimeout("


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each mailer that may wait for ever."""
    mailers = [
        mailer
        for mailer in find_mailers(facts)
        if mailer.transport is Transport.SMTP and not is_loopback(mailer.host)
    ]
    if not mailers:
        raise NotApplicable("no mailer speaks SMTP to another machine")
    endless = [mailer for mailer in mailers if mailer.timeout_s is None]
    if endless and _has_default(facts):
        raise NotApplicable("code sets a time-out for all sockets")
    for mailer in endless:
        setting = mailer.setting("timeout")
        yield Finding(
            message=f"{setting} is not set: when {mailer.host} hangs, each mail holds its worker for ever.",
            hint=f"Set {setting} to 10 seconds or so.",
            subject=setting,
            at=facts.origin(*mailer.path("timeout")) or facts.origin(*mailer.path("host")),
        )


def _has_default(facts: Facts) -> bool:
    paths = {*facts.files.served, *facts.chain.files}
    return any(_DEFAULT_FOR_ALL in (facts.files.read(path) or "") for path in paths)
