"""LOGGING mails errors to ADMINS, and there are none.

What it checks
--------------
Whether a logger of `LOGGING` has a handler of Django's class `AdminEmailHandler`, or of one that builds on
it without a `send_mail()` of its own, while `ADMINS` is empty. The handler that Django's own configuration
brings does not count: nobody chose it.

It is information only where the project's code imports a service that collects errors, such as Sentry.

Why it matters
--------------
Somebody meant to be told of every error 500. With `ADMINS` empty the handler sends nothing and says nothing,
which looks exactly like a site without errors.

When it is wrong
----------------
The handler is left over, and errors reach you in another way.

How to fix
----------
`ADMINS = ["ops@example.org"]` (before Django 6.0 pairs, `[("Ops", "ops@example.org")]`), or take the handler
out of `LOGGING`.

Source
------
[ADMINS](https://docs.djangoproject.com/en/stable/ref/settings/#admins),
[AdminEmailHandler](https://docs.djangoproject.com/en/stable/ref/logging/#django.utils.log.AdminEmailHandler)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.log import AdminEmailHandler

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.log_handlers import InUse, handlers_in_use
from django_prodready.audit.facts.log_setup import applied_logging

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {
        "mail_admins": {"class": "django.utils.log.AdminEmailHandler", "level": "ERROR"},
        "console": {"class": "logging.StreamHandler"},
    },
    "loggers": {"django.request": {"handlers": ["mail_admins"]}},
}
BAD = (Case(settings={"LOGGING": LOGGING}),)
GOOD = (
    Case(settings={"LOGGING": LOGGING, "ADMINS": ["ops@example.org"]}),
    Case(settings={"LOGGING": {**LOGGING, "loggers": {"django.request": {"handlers": ["console"]}}}}),
    Case(settings={}),
)

# They are told of errors by themselves.
_COLLECTORS = ("appsignal", "bugsnag", "elasticapm", "honeybadger", "newrelic", "rollbar", "sentry_sdk")


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each handler that mails to nobody."""
    logging = applied_logging(facts)
    if facts.settings.ADMINS:
        raise NotApplicable("ADMINS is not empty")
    is_told = any(facts.source.imports(name) for name in _COLLECTORS)
    for handler in handlers_in_use(logging):
        if _mails_admins(handler):
            yield Finding(
                message=f"The handler {handler.name!r} of LOGGING mails errors to ADMINS, which is empty.",
                hint=f"Set ADMINS to those who are to know, or remove {handler.name!r} from LOGGING.",
                subject=f"LOGGING['handlers'][{handler.name!r}]",
                at=facts.origin("LOGGING", "handlers", handler.name),
                severity=Severity.INFO if is_told else Severity.WARNING,
            )


def _mails_admins(handler: InUse) -> bool:
    """Whether it sends to ADMINS: a subclass with a ``send_mail`` of its own may send elsewhere."""
    target = handler.target
    if target is None or not issubclass(target, AdminEmailHandler):
        return False
    return target.send_mail is AdminEmailHandler.send_mail
