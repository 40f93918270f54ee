"""Mail goes out, or the password for it does, without the encryption that its server's port asks for.

What it checks
--------------
Every mailer whose backend is Django's SMTP backend, or builds on it without a way of its own to connect:
`EMAIL_HOST` and its neighbours, or the `OPTIONS` of `MAILERS` on Django 6.1. Found are

- `EMAIL_USE_TLS` and `EMAIL_USE_SSL` together;
- port 465 without `EMAIL_USE_SSL`, port 587 with it;
- port 587 without `EMAIL_USE_TLS`;
- a user name and a password on a connection without either.

A server on the same machine may do without, and so may one in a private network (`postfix:587`), where
only a password in clear is told, as information.

Why it matters
--------------
The two together raise an error for every message. On port 465 the server waits for TLS while
Django waits for a greeting, until the time-out ends both. Servers on port 587 refuse to log in without
STARTTLS, or take the password in clear, where everybody on the way can read it and send mail in your name.

When it is wrong
----------------
A tunnel or a private line, with an address that looks public, encrypts the connection already.

How to fix
----------
`EMAIL_PORT = 587` with `EMAIL_USE_TLS = True`, or `EMAIL_PORT = 465` with `EMAIL_USE_SSL = True`; in
`MAILERS` the options `port`, `use_tls` and `use_ssl`.

Source
------
[EMAIL_USE_TLS](https://docs.djangoproject.com/en/stable/ref/settings/#email-use-tls),
[RFC 8314, Use of TLS for Email Submission](https://www.rfc-editor.org/rfc/rfc8314#section-3)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.mailers import Mailer, Transport, find_mailers, is_loopback, is_private

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

SERVER = {"EMAIL_HOST": "smtp.example.org", "EMAIL_PORT": 587}
BAD = (
    Case(settings=SERVER),
    Case(settings={**SERVER, "EMAIL_USE_TLS": True, "EMAIL_USE_SSL": True}),
    Case(settings={**SERVER, "EMAIL_PORT": 465, "EMAIL_USE_TLS": True}),
    Case(settings={**SERVER, "EMAIL_PORT": 25, "EMAIL_HOST_USER": "u", "EMAIL_HOST_PASSWORD": "a password"}),
)
GOOD = (
    Case(settings={}),
    Case(settings={**SERVER, "EMAIL_USE_TLS": True}),
    Case(settings={**SERVER, "EMAIL_PORT": 465, "EMAIL_USE_SSL": True}),
    Case(settings={"EMAIL_HOST": "postfix", "EMAIL_PORT": 587}),
    Case(settings={**SERVER, "EMAIL_BACKEND": "anymail.backends.mailgun.EmailBackend"}),
)


@dataclass(frozen=True, slots=True)
class _Fault:
    option: str  # the one to change, as MAILERS calls it
    what: str  # completes "smtp.example.org:587 …"
    do: str
    severity: Severity = Severity.ERROR


@check(severity=Severity.ERROR)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each mailer whose encryption does not fit its server."""
    mailers = [mailer for mailer in find_mailers(facts) if mailer.transport is Transport.SMTP]
    if not mailers:
        raise NotApplicable("no mailer speaks SMTP by Django's rules")
    for mailer in mailers:
        fault = _fault(mailer)
        if fault is not None:
            yield Finding(
                message=f"Mail to {mailer.host or 'its server'}:{mailer.port} {fault.what}.",
                hint=f"{fault.do}.",
                subject=mailer.setting(fault.option),
                identity=mailer.alias,
                at=facts.origin(*mailer.path(fault.option)),
                severity=fault.severity,
            )


def _fault(mailer: Mailer) -> _Fault | None:
    """What is wrong with one mailer; its gravest fault comes first."""
    tls, ssl = mailer.setting("use_tls"), mailer.setting("use_ssl")
    if mailer.use_tls and mailer.use_ssl:
        what = f"is never sent: {tls} and {ssl} exclude each other, and every message raises an error"
        return _Fault("use_ssl", what, f"Set {ssl} to False for port 587, {tls} to False for port 465")
    if is_loopback(mailer.host):
        return None
    if mailer.port == 465 and not mailer.use_ssl:
        what = f"waits for a greeting that never comes: port 465 speaks TLS at once, and {ssl} is off"
        return _Fault("use_ssl", what, f"Set {ssl} to True and {tls} to False")
    if mailer.port == 587 and mailer.use_ssl:
        what = f"fails: port 587 begins in clear and asks for STARTTLS, and {ssl} is on"
        return _Fault("use_ssl", what, f"Set {tls} to True and {ssl} to False")
    return None if mailer.use_tls or mailer.use_ssl else _in_clear(mailer)


def _in_clear(mailer: Mailer) -> _Fault | None:
    """The fault of a connection without encryption to another machine."""
    tls = mailer.setting("use_tls")
    do = f"Set {tls} to True"
    if mailer.has_credentials:
        what = f"sends its user name and password in clear: {tls} is off"
        return _Fault("use_tls", what, do, Severity.INFO if is_private(mailer.host) else Severity.ERROR)
    if mailer.port == 587 and not is_private(mailer.host):
        return _Fault(
            "use_tls", f"goes out in clear, or is refused: port 587 asks for STARTTLS, {tls} is off", do
        )
    return None
