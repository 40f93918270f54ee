"""Every SQL statement is logged, with the values in it.

What it checks
--------------
- The logger `django.db.backends` (or `django.db`) at `DEBUG` in `LOGGING`, with a handler that writes. Django
  logs statements there only while `DEBUG` is on or code sets `force_debug_cursor`; without either it is
  information.
- `OPTIONS` of a PostgreSQL database that make the server log them: `-c log_statement=all` or `mod`,
  `-c log_min_duration_statement=0`.

Why it matters
--------------
Statements carry e-mail addresses, tokens and hashes of passwords to the log, where more people can read
them than the database. Each costs a line and its writing; a page with two hundred queries writes two hundred.

When it is wrong
----------------
You measure for an hour, on a site without anybody's data.

How to fix
----------
Remove the logger from `LOGGING`, or give it `"level": "INFO"`. For slow statements set
`log_min_duration_statement` to some hundred milliseconds, or read `pg_stat_statements`.

Source
------
[django.db.backends](https://docs.djangoproject.com/en/stable/ref/logging/#django-db-backends),
[log_statement](https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-STATEMENT)
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, Severity, check
from django_prodready.audit.facts.log_handlers import section_of
from django_prodready.audit.facts.log_setup import DICT_CONFIG
from django_prodready.audit.facts.logging_handlers import level_of
from django_prodready.audit.facts.logging_tree import LoggingTree, Reach
from django_prodready.audit.facts.proxy import without_comments

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
ECHO = {**LOGGING, "loggers": {"django.db.backends": {"level": "DEBUG"}}}
POSTGRES = {"ENGINE": "django.db.backends.postgresql", "NAME": "shop"}
BAD = (
    Case(settings={"LOGGING": ECHO}),
    Case(
        settings={"DATABASES": {"default": {**POSTGRES, "OPTIONS": {"options": "-c log_statement=all"}}}},
    ),
)
GOOD = (
    Case(settings={}),
    Case(settings={"LOGGING": {**LOGGING, "loggers": {"django.db.backends": {"level": "INFO"}}}}),
    Case(
        settings={
            "DATABASES": {"default": {**POSTGRES, "OPTIONS": {"options": "-c statement_timeout=30000"}}}
        },
    ),
)

_LOGGER = "django.db.backends"
_FORCED = re.compile(r"\bforce_debug_cursor\s*=\s*True\b")
_SERVER_LOGS = re.compile(r"(log_statement\s*=\s*(?:all|mod)|log_min_duration_statement\s*=\s*0)\b")


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for the logger, and one for each database whose server is told to log."""
    yield from _of_logger(facts)
    for alias, database in facts.effective.databases.items():
        options = database.get("OPTIONS")
        text = str(options.get("options", "")) if isinstance(options, Mapping) else ""
        match = _SERVER_LOGS.search(text)
        if match:
            yield Finding(
                message=f"DATABASES[{alias!r}] makes PostgreSQL log statements, by {match[1]}.",
                hint=f"Remove {match[1]} from the OPTIONS of DATABASES[{alias!r}].",
                subject=f"DATABASES[{alias!r}]['OPTIONS']['options']",
                at=facts.origin("DATABASES", alias, "OPTIONS", "options"),
            )


def _of_logger(facts: Facts) -> Iterator[Finding]:
    config = facts.settings.LOGGING
    if facts.settings.LOGGING_CONFIG != DICT_CONFIG or not isinstance(config, Mapping):
        return
    loggers = section_of(config, "loggers")
    setter = next((name for name in (_LOGGER, "django.db") if section_of(loggers, name).get("level")), None)
    if setter is None or not 0 < level_of(section_of(loggers, setter)["level"]) <= logging.DEBUG:
        return
    if LoggingTree(config).route(_LOGGER, logging.DEBUG).reach is Reach.NOWHERE:
        return
    why = _why_now(facts)
    when = why or "once DEBUG is on,"
    yield Finding(
        message=f"The logger {setter!r} is at DEBUG: {when} every SQL statement is logged.",
        hint=f"Set LOGGING['loggers'][{setter!r}]['level'] to 'INFO', or remove it.",
        subject=f"LOGGING['loggers'][{setter!r}]['level']",
        at=facts.origin("LOGGING", "loggers", setter, "level"),
        severity=Severity.WARNING if why else Severity.INFO,
    )


def _why_now(facts: Facts) -> str | None:
    """What makes Django log statements today."""
    if facts.settings.DEBUG:
        return "DEBUG is on, so"
    paths = facts.files.served
    forced = (path for path in paths if _FORCED.search(without_comments(facts.files.read(path) or "")))
    path = next(forced, None)
    return f"{path} sets force_debug_cursor, so" if path else None
