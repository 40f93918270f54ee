"""Migrations of this code are not applied to the database.

What it checks
--------------
Under `--live`, every database that migrations are applied to is asked which ones are recorded, in a
read-only transaction with a statement time-out on PostgreSQL. What this code has beyond that is pending.
Squashed migrations, history that was applied under other names, and a database that is ahead of the code
are judged as `migrate` does.

Why it matters
--------------
Code that is ahead of its database fails where it meets the difference: "column … does not exist", "relation
… does not exist", with every request to that page, while the process itself looks healthy.

When it is wrong
----------------
Run it after `migrate`: before, pending migrations are what a deploy is about. A database beside `default`
counts when migrations were applied there already, or a router says that they are; one that a router keeps
all models from, a test mirror, and a SQLite database in memory do not.

How to fix
----------
Run `manage.py migrate` (with `--database ALIAS` for another one than `default`) once for each deployment,
before the new code serves.

Source
------
[migrate](https://docs.djangoproject.com/en/stable/ref/django-admin/#migrate),
[showmigrations](https://docs.djangoproject.com/en/stable/ref/django-admin/#showmigrations)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import DEFAULT_DB_ALIAS

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.migration_graph import names
from django_prodready.audit.facts.migration_pending import (
    Pending,
    find_pending,
    migrated_aliases,
    require_known,
)

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_FILE = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "a-file-that-is-not-there.sqlite3"}}
BAD = (Case(settings={"DATABASES": _FILE}),)
GOOD = (
    Case(settings={"DATABASES": _FILE, "INSTALLED_APPS": ["django.contrib.staticfiles"]}),
    Case(settings={"DATABASES": {}}),
    Case(),
)


# A server that does not answer is waited for as long as a connection may take: longer than a live check has.
@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.LIVE, Need.PROCESS))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each database that lacks migrations."""
    if not migrated_aliases(facts):
        raise NotApplicable("no database that lasts takes migrations")
    found = find_pending(facts)
    for pending in found:
        if pending.keys:
            yield _finding(pending)
    require_known(found)


def _finding(pending: Pending) -> Finding:
    count = len(pending.keys)
    many = f"{count} migrations are" if count > 1 else "1 migration is"
    where = f"the database {pending.alias!r}"
    if pending.is_missing:
        where += ", whose file is not there"
    option = "" if pending.alias == DEFAULT_DB_ALIAS else f" --database {pending.alias}"
    return Finding(
        message=f"{many} not applied to {where}: {names(['.'.join(key) for key in pending.keys])}.",
        hint=f"Run manage.py migrate{option} before this code serves.",
        subject=f"DATABASES[{pending.alias!r}]",
    )
