"""MAILERS has no usable default mailer, so mail that names no mailer is never sent.

What it checks
--------------
`MAILERS`, when the project sets it: it must have the key `"default"`, and a default mailer that speaks SMTP
must have a `host` in its `OPTIONS`. On Django before 6.1, which knows no `MAILERS`, it must not be the only
place that names a mail server.

It is an error when something shows that the project sends mail: another mailer, an app such as
django-allauth, code that calls `send_mail()`. Where code chooses mailers by `using`, it is a warning;
without any sign of mail it is information only.

Why it matters
--------------
`send_mail()`, the reset of passwords and most packages use the default mailer, and raise
`MailerDoesNotExist` (`InvalidMailer` without a host) while a user waits. The handler that mails errors to
`ADMINS` hides the failure: the report is lost without a word.

When it is wrong
----------------
Every call, those of packages included, passes `using` with another key of `MAILERS`; or the project
sends no mail, and `MAILERS = {}` says so.

How to fix
----------
```python
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "smtp.example.org", "use_tls": True, "timeout": 10},
    },
}
```

Source
------
[MAILERS](https://docs.djangoproject.com/en/6.1/ref/settings/#mailers)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import django

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.effective import value_of
from django_prodready.audit.facts.mail_use import sending_sign, server_chosen
from django_prodready.audit.facts.mailers import Mailer, Transport, find_mailers, read_mailers

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

SMTP = "django.core.mail.backends.smtp.EmailBackend"
OPTIONS = {"host": "smtp.example.org", "use_tls": True}
BAD = (
    Case(settings={"MAILERS": {"bulk": {"BACKEND": SMTP, "OPTIONS": OPTIONS}}}),
    Case(settings={"MAILERS": {"bulk": {"BACKEND": SMTP, "OPTIONS": OPTIONS}, "default": {"BACKEND": SMTP}}}),
)
GOOD = (
    Case(settings={}),
    Case(settings={"EMAIL_HOST": "smtp.example.org"}),
    Case(settings={"MAILERS": {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}}),
)

_CHOOSES = re.compile(r"\busing\s*=|\bmailers\[")


@check(
    severity=Severity.ERROR,
    needs=(Need.SETTINGS, Need.SOURCE, Need.FILES),
    django_ids=("mail.W001",),
)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when there is no default mailer, or when it has no server."""
    if "MAILERS" not in facts.explicit:
        raise NotApplicable("the project does not use MAILERS")
    if django.VERSION < (6, 1):
        yield from _unknown_setting(facts)
        return
    declared, mailers = value_of(facts.settings, "MAILERS"), find_mailers(facts)
    default = next((mailer for mailer in mailers if mailer.alias == "default"), None)
    if isinstance(declared, Mapping) and "default" not in declared:
        yield Finding(
            message="MAILERS has no 'default', so send_mail() and every package raise MailerDoesNotExist.",
            hint="Add 'default' to MAILERS, with the backend and the server that most mail is sent by.",
            subject="MAILERS",
            at=facts.origin("MAILERS"),
            severity=_severity(facts),
        )
    elif default is not None and _lacks_host(default):
        yield Finding(
            message=(
                "MAILERS['default'] speaks SMTP and has no host, so sending raises InvalidMailer "
                "or connects to nothing."
            ),
            hint="Set MAILERS['default']['OPTIONS']['host'] to your mail server.",
            subject="MAILERS['default']['OPTIONS']['host']",
            at=facts.origin("MAILERS", "default", "OPTIONS", "host"),
            severity=_severity(facts),
        )


def _unknown_setting(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when MAILERS, which this Django does not read, alone says where mail goes."""
    meant = read_mailers(value_of(facts.settings, "MAILERS"))
    if (
        server_chosen(find_mailers(facts)) is None
        and server_chosen(meant)
        and not facts.source.reads("MAILERS")
    ):
        yield Finding(
            message=(
                f"Django {django.get_version()} knows no MAILERS, so there is no default mailer but "
                "EMAIL_HOST, which names no mail server."
            ),
            hint="Set EMAIL_BACKEND, EMAIL_HOST and their neighbours, or update to Django 6.1.",
            subject="MAILERS",
            at=facts.origin("MAILERS"),
        )


def _lacks_host(mailer: Mailer) -> bool:
    return mailer.transport is Transport.SMTP and not mailer.host


def _severity(facts: Facts) -> Severity:
    """How sure it is that somebody misses the default mailer."""
    if sending_sign(facts) is None:
        return Severity.INFO
    return Severity.WARNING if _chooses_mailers(facts) else Severity.ERROR


def _chooses_mailers(facts: Facts) -> bool:
    texts = (facts.files.read(path) or "" for path in facts.files.served)
    return any("django.core.mail" in text and _CHOOSES.search(text) for text in texts)
