"""Nothing in the repository deletes expired sessions from the database.

What it checks
--------------
Where sessions are in the database (`backends.db`, `backends.cached_db`, or a class that builds on
them), some file of the repository names `clearsessions`, `clear_expired`, `runjobs` of
django-extensions, or deletes by `expire_date`: code, a crontab, a CI or Compose file, a script, a
platform's file, the documentation.

Why it matters
--------------
Django deletes a session when its owner logs out, and no other. Every robot that gets a session leaves a row
behind; the table, its index and every backup grow for ever. Sites find it with tens of millions of rows.

When it is wrong
----------------
The job is set up outside of the repository: in the panel of the platform, the server's own crontab, or the
database. Name it in the README (`clearsessions runs daily in …`), and the check is content.

How to fix
----------
Run `python manage.py clearsessions` once a day, by cron, a scheduled job of the platform, or Celery beat.

Source
------
[Clearing the session
store](https://docs.djangoproject.com/en/stable/topics/http/sessions/#clearing-the-session-store)"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.session_store import session_store
from django_prodready.audit.facts.sessions import require_sessions

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_CACHED_DB = "django.contrib.sessions.backends.cached_db"

BAD = (
    Case(files={"shop/tasks.py": "def send_invoices(): ...\n"}),
    Case(settings={"SESSION_ENGINE": _CACHED_DB}, files={"crontab": "@daily manage.py send_invoices\n"}),
)
GOOD = (
    Case(files={"shop/tasks.py": 'call_command("clearsessions")\n'}),
    Case(files={"deploy/crontab": "@daily manage.py clearsessions\n"}),
    Case(settings={"SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies"}),
    Case(settings={"MIDDLEWARE": []}),
)

_DELETES = re.compile(
    r"clear_?-?sessions|clear_expired|clear(?:s|ed|ing)?[ _-]expired[ _-]sessions"
    r"|\brunjobs\b|\bexpire_date__lt|\bexpire_date\s*<"
)
# Where people write down what runs when.
_FILES = (
    "*.py", "*.sh", "*.yml", "*.yaml", "*.toml", "app.json", "*.cfg", "*.ini", "zappa_settings.json",
    "*.conf", "*.tf", "*.hcl", "*.sql", "*.service", "*.timer", "*.j2", "*.tpl", "*.md", "*.rst", "*.txt",
    "*cron*", "**/*cron*/**", "**/bin/*", "**/scripts/*", "Makefile", "Procfile*", "Dockerfile*",
    "*.Dockerfile", "[Jj]ustfile",
)  # fmt: skip


@check(severity=Severity.INFO, needs=(Need.SETTINGS, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when sessions are in the database and nothing is seen to delete the expired ones."""
    require_sessions(facts)
    store = session_store(facts)
    if not issubclass(store, DatabaseStore):
        raise NotApplicable("SESSION_ENGINE keeps no sessions in Django's table")
    if not any(_DELETES.search(facts.files.read(path) or "") for path in facts.files.matching(*_FILES)):
        yield Finding(
            message="Sessions are in the database, and nothing in the repository deletes the expired ones:"
            " the table grows for ever.",
            hint="Run manage.py clearsessions once a day, by cron or the platform's scheduled jobs.",
            subject="SESSION_ENGINE",
            at=facts.origin("SESSION_ENGINE"),
        )
