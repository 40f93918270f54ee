"""SERVER_EMAIL is an address of localhost, so reports of errors to ADMINS are refused or lost.

What it checks
--------------
The domain of `SERVER_EMAIL`, the sender of mail to `ADMINS` and `MANAGERS`; Django's own default is
`root@localhost`. It matters only where such mail is sent: `ADMINS` is not empty and a logger has an
`AdminEmailHandler` (Django's own configuration has one), or code calls `mail_admins()`; `MANAGERS` is
not empty and `BrokenLinkEmailsMiddleware` or code mails them.

Why it matters
--------------
Nobody misses the report of a crash until there was one. With the `EMAIL_*` settings `AdminEmailHandler`
sends it with errors ignored, so a server that refuses the sender leaves no trace.

When it is wrong
----------------
Your own mail server accepts, or rewrites, addresses of `localhost`.

How to fix
----------
`SERVER_EMAIL = "errors@example.org"`, or `SERVER_EMAIL = DEFAULT_FROM_EMAIL`, with a domain that your mail
provider has verified.

Source
------
[SERVER_EMAIL](https://docs.djangoproject.com/en/stable/ref/settings/#server-email)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.log import AdminEmailHandler

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.log_handlers import handlers_in_use, section_of
from django_prodready.audit.facts.mail_use import has_no_real_domain, is_only_development
from django_prodready.audit.facts.mailers import find_mailers

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

ADMINS = ["ops@example.org"]
BAD = (
    Case(settings={"ADMINS": ADMINS}),
    Case(settings={"ADMINS": ADMINS, "SERVER_EMAIL": "errors@localhost", "EMAIL_HOST": "smtp.example.org"}),
)
GOOD = (
    Case(settings={}),
    Case(settings={"ADMINS": ADMINS, "SERVER_EMAIL": "errors@example.org"}),
    Case(settings={"ADMINS": ADMINS, "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
)

_BROKEN_LINKS = "django.middleware.common.BrokenLinkEmailsMiddleware"


@check(severity=Severity.INFO, needs=(Need.SETTINGS, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when ADMINS or MANAGERS get mail from an address that belongs to no domain."""
    address = facts.settings.SERVER_EMAIL
    if not has_no_real_domain(address):
        return
    if is_only_development(find_mailers(facts)):
        raise NotApplicable("no mailer sends mail")
    whom = _mailed(facts)
    if whom is None:
        raise NotApplicable("nothing mails ADMINS or MANAGERS")
    yield Finding(
        message=f"SERVER_EMAIL is {str(address)!r}: mail servers may refuse what is sent to {whom} from it.",
        hint="Set SERVER_EMAIL to an address of a domain that your mail provider has verified.",
        subject="SERVER_EMAIL",
        at=facts.origin("SERVER_EMAIL"),
    )


def _mailed(facts: Facts) -> str | None:
    settings = facts.settings
    if settings.ADMINS and (_has_mail_handler(facts) or _calls(facts, "mail_admins")):
        return "ADMINS"
    if settings.MANAGERS and (facts.middleware.find(_BROKEN_LINKS) or _calls(facts, "mail_managers")):
        return "MANAGERS"
    return None


def _has_mail_handler(facts: Facts) -> bool:
    """Whether a logger mails errors: one of LOGGING, or Django's own where LOGGING leaves it alone."""
    configured: Any = facts.settings.LOGGING
    logging: Mapping[str, Any] = configured if isinstance(configured, Mapping) else {}
    if any(each.target and issubclass(each.target, AdminEmailHandler) for each in handlers_in_use(logging)):
        return True
    is_left = not logging.get("disable_existing_loggers", bool(logging))
    return bool(facts.settings.LOGGING_CONFIG) and is_left and "django" not in section_of(logging, "loggers")


def _calls(facts: Facts, function: str) -> bool:
    call = re.compile(rf"\b{function}\(")
    return any(call.search(facts.files.read(path) or "") for path in facts.files.served)
