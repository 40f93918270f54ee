"""A logger writes DEBUG records in production: a flood, with tokens and queries in it.

What it checks
--------------
The loggers that `LOGGING` sets to `DEBUG` or lower, `root` among them, followed through their handlers as
they work once `DEBUG` is off. When the handlers drop the records by their own level, it is information
only; when nothing reaches any handler at all, it is silent. `django.db.backends` is left to
`logging.sql-echo`.

Why it matters
--------------
With `root` at `DEBUG` every library talks: botocore and urllib3 tell of requests with their headers, Django's
templates of every variable that is missing. The logs cost money and hide the one line that matters, and
passwords and personal data come to stand in them.

When it is wrong
----------------
You look for a fault right now, and will set the level back.

How to fix
----------
Take the level from the environment with `INFO` for production:
`"root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")}`.

Source
------
[Django's logging levels](https://docs.djangoproject.com/en/stable/topics/logging/#topic-logging-parts-loggers)
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django_prodready.audit import Case, Finding, Severity, check
from django_prodready.audit.facts.log_handlers import loggers_of
from django_prodready.audit.facts.log_setup import applied_logging
from django_prodready.audit.facts.logging_handlers import level_of
from django_prodready.audit.facts.logging_tree import LoggingTree, Reach

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

CONSOLE = {"class": "logging.StreamHandler"}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": CONSOLE, "info": {**CONSOLE, "level": "INFO"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
BAD = (
    Case(settings={"LOGGING": {**LOGGING, "root": {"handlers": ["console"], "level": "DEBUG"}}}),
    Case(settings={"LOGGING": {**LOGGING, "loggers": {"shop": {"handlers": ["info"], "level": "DEBUG"}}}}),
)
GOOD = (
    Case(settings={}),
    Case(settings={"LOGGING": LOGGING}),
    Case(settings={"LOGGING": {**LOGGING, "loggers": {"shop": {"level": "INFO"}}}}),
)

_SQL = "django.db"


@check(severity=Severity.WARNING)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each logger at DEBUG whose handlers could write."""
    config = applied_logging(facts)
    tree = LoggingTree(config)
    for name, path, section in loggers_of(config):
        severity = _severity(tree, name) if _is_debug(name, section) else None
        if severity is not None:
            yield _finding(facts, name, path, severity)


def _is_debug(name: str, section: Mapping[str, Any]) -> bool:
    level = section.get("level")
    if level is None or name.startswith(_SQL):
        return False
    number = level_of(level)
    # NOTSET lets a logger ask its parent; the root has none, and passes everything.
    return number <= logging.DEBUG and (number > logging.NOTSET or (name == "" and level in ("NOTSET", 0)))


def _severity(tree: LoggingTree, name: str) -> Severity | None:
    """How much comes of it; None when the logger's handlers write nothing whatever the level."""
    if tree.route(name, logging.DEBUG).reach > Reach.NOWHERE:
        return Severity.WARNING
    return Severity.INFO if tree.route(name, logging.CRITICAL).reach > Reach.NOWHERE else None


def _finding(facts: Facts, name: str, path: tuple[str, ...], severity: Severity) -> Finding:
    subject = "LOGGING" + "".join(f"[{key!r}]" for key in (*path, "level"))
    who = f"The logger {name!r}" if name else "The root logger, and every library with it,"
    drops = "; its handlers drop them for now" if severity is Severity.INFO else ""
    return Finding(
        message=f"{who} makes DEBUG records in production{drops}.",
        hint=f"Set {subject}, or the default of the variable that it comes from, to 'INFO'.",
        subject=subject,
        identity=name or "root",
        at=facts.origin("LOGGING", *path, "level"),
        severity=severity,
    )
