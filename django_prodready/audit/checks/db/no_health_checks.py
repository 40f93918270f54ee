"""Database connections are kept for the next request, and used again without a look.

What it checks
--------------
Each entry of `DATABASES` on a database server, as Django completes it: `CONN_MAX_AGE` is above 0 or
`None`, and `CONN_HEALTH_CHECKS` is off, which is Django's default.

Why it matters
--------------
A connection dies while it waits: the database restarts or fails over, a proxy or firewall drops what
is idle. The next request gets the dead one and answers 500, and after a restart of the database
every thread of every process does so once.

When it is wrong
----------------
When a database backend of your own looks after its connections.

How to fix
----------
`DATABASES["default"]["CONN_HEALTH_CHECKS"] = True`: one cheap question before the first query of a
request. With dj-database-url: `config(conn_max_age=60, conn_health_checks=True)`.

Source
------
[CONN_HEALTH_CHECKS](https://docs.djangoproject.com/en/stable/ref/settings/#conn-health-checks)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.database import database_name, has_pool, max_age_s

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts


def _postgres(**more: object) -> dict[str, object]:
    return {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "HOST": "db", **more}}


BAD = (
    Case(settings={"DATABASES": _postgres(CONN_MAX_AGE=600)}),
    Case(settings={"DATABASES": _postgres(CONN_MAX_AGE=None)}),
)
GOOD = (
    Case(),
    Case(settings={"DATABASES": _postgres()}),
    Case(settings={"DATABASES": _postgres(CONN_MAX_AGE=600, CONN_HEALTH_CHECKS=True)}),
    Case(settings={"DATABASES": _postgres(OPTIONS={"pool": True})}),
)


@check(severity=Severity.WARNING)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each connection that is kept and not looked at."""
    kept = {
        alias: database
        for alias, database in facts.effective.databases.items()
        if database_name(database) is not None and not has_pool(database) and max_age_s(database)
    }
    if not kept:
        raise NotApplicable("no connection to a database server is kept for the next request")
    for alias, database in kept.items():
        if not database["CONN_HEALTH_CHECKS"]:
            yield Finding(
                message=f"The connection {alias!r} is kept (CONN_MAX_AGE = {database['CONN_MAX_AGE']})"
                " and not tested before it is used again: after the database restarts, requests fail.",
                hint=f"Set DATABASES[{alias!r}]['CONN_HEALTH_CHECKS'] to True.",
                subject=f"DATABASES[{alias!r}]",
                at=facts.origin("DATABASES", alias, "CONN_MAX_AGE"),
            )
