"""Refused requests, forged cookies and failed CSRF checks leave no line in the log.

What it checks
--------------
Two records are followed through `LOGGING` as they work once `DEBUG` is off: a suspicious operation (an
error of `django.security`), and a failed CSRF check (a warning of `django.security.csrf`). A finding means
that one of them reaches no handler that writes, while errors of views do. The logger
`django.security.DisallowedHost`, which many sites silence on purpose, plays no part.

It is not applicable where structlog or other code configures logging. Files and syslog count when
`PRODREADY["FACTS"]` has `logging`.

Why it matters
--------------
These lines are the first trace of an attack, and the only sign of a form that is refused for everybody
because `CSRF_TRUSTED_ORIGINS` lacks a host.

When it is wrong
----------------
A web application firewall in front of Django, or a handler that code adds, records the same.

How to fix
----------
```python
"loggers": {"django.security": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
```

Source
------
[django.security](https://docs.djangoproject.com/en/stable/ref/logging/#django-security)
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.log_setup import applied_logging, configuring_file
from django_prodready.audit.facts.logging_tree import LoggingTree, Reach

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}, "null": {"class": "logging.NullHandler"}},
    "root": {"handlers": ["console"]},
}
SILENT = {"handlers": ["null"], "propagate": False}
BAD = (
    Case(settings={"LOGGING": {**LOGGING, "loggers": {"django.security": SILENT}}}),
    Case(settings={"LOGGING": {**LOGGING, "loggers": {"django": {"level": "ERROR"}}}}),
)
GOOD = (
    Case(settings={}),
    Case(settings={"LOGGING": LOGGING}),
    Case(settings={"LOGGING": {**LOGGING, "loggers": {"django.security.DisallowedHost": SILENT}}}),
)

_RECORDS = (
    ("django.security.SuspiciousOperation", logging.ERROR, "Suspicious operations"),
    ("django.security.csrf", logging.WARNING, "Failed CSRF checks"),
)


@check(severity=Severity.INFO, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for the first kind of refusal that no handler writes down."""
    tree = LoggingTree(applied_logging(facts))
    enough = Reach.ELSEWHERE if facts.declared.get("logging") else Reach.UNKNOWN
    if tree.route("django.request").reach < enough:
        raise NotApplicable("errors of views reach no console either")
    lost = [(name, level, what) for name, level, what in _RECORDS if tree.route(name, level).reach < enough]
    if not lost:
        return
    file = "structlog" if facts.source.imports("structlog") else configuring_file(facts)
    if file is not None:
        raise NotApplicable(f"{file} configures logging itself")
    name, level, what = lost[0]
    yield Finding(
        message=f"{what} (logged by {name} at {logging.getLevelName(level)}) are written down nowhere.",
        hint="Let LOGGING['loggers']['django.security'] pass WARNING to a handler on the console.",
        subject="LOGGING",
        identity="django.security",
        evidence=tree.route(name, level).stops,
        at=facts.origin("LOGGING", "loggers"),
    )
