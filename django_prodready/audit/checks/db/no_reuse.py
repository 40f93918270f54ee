"""Every request opens a connection to the database, and closes it.

What it checks
--------------
Each entry of `DATABASES` on a database server, as Django completes it: `CONN_MAX_AGE` is 0, Django's
default, and `OPTIONS["pool"]` is not set.

Why it matters
--------------
Opening a PostgreSQL connection takes several round trips and a new server process, with TLS more:
often longer than the queries of the page. Under load the server is busy with logins, and reaches
`max_connections` sooner.

When it is wrong
----------------
Under ASGI, with gevent, and in serverless functions, where a thread has no next request; behind
PgBouncer, which keeps the connections. The check does not apply where it sees one of these: in the
apps and deployment files, by port 6432 or 6543, a host named for a pooler, `DISABLE_SERVER_SIDE_CURSORS`, or
psycopg's `prepare_threshold`, which is set for poolers.

How to fix
----------
`DATABASES["default"]["CONN_MAX_AGE"] = 60` with `CONN_HEALTH_CHECKS = True` beside it. Or, for psycopg 3
and Oracle, a pool: `DATABASES["default"]["OPTIONS"]["pool"] = True`. Either way let `max_connections`
be above the number of threads of all processes.

Source
------
[Persistent connections](https://docs.djangoproject.com/en/stable/ref/databases/#persistent-database-connections),
[connection pool](https://docs.djangoproject.com/en/stable/ref/databases/#connection-pool)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.database import database_name, has_pool, max_age_s
from django_prodready.audit.facts.database_pooler import pooler_in_files
from django_prodready.audit.facts.server import why_not_persistent

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts


def _postgres(**more: object) -> dict[str, object]:
    return {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "HOST": "db", **more}


BAD = (
    Case(settings={"DATABASES": {"default": _postgres()}}),
    Case(settings={"DATABASES": {"default": _postgres(), "replica": _postgres(HOST="db2")}}, expect=2),
)
GOOD = (
    Case(),
    Case(settings={"DATABASES": {"default": _postgres(CONN_MAX_AGE=60)}}),
    Case(settings={"DATABASES": {"default": _postgres(CONN_MAX_AGE=None)}}),
    Case(settings={"DATABASES": {"default": _postgres(OPTIONS={"pool": True})}}),
    Case(settings={"DATABASES": {"default": _postgres(HOST="pgbouncer", DISABLE_SERVER_SIDE_CURSORS=True)}}),
    Case(
        settings={"DATABASES": {"default": _postgres()}},
        files={"Procfile": "web: uvicorn shop.asgi:application\n"},
    ),
)

_POOLS = {
    "PostgreSQL": ", or with psycopg 3 OPTIONS['pool'] to True",
    "Oracle": ", or OPTIONS['pool'] to True",
}
_POOLER_PORTS = {"6432", "6543"}  # PgBouncer, Supabase's pooler
_POOLER_HOST = re.compile(r"bouncer|pooler|pgpool|pgcat|odyssey|proxysql|maxscale|\.proxy-", re.IGNORECASE)


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each connection that no request reuses."""
    servers = {
        alias: (name, database)
        for alias, database in facts.effective.databases.items()
        if (name := database_name(database)) is not None and not _is_pooled(database)
    }
    if not servers:
        raise NotApplicable("no database is on a server, or a pooler keeps its connections")
    reason = why_not_persistent(facts)
    if reason is not None:
        raise NotApplicable(reason)
    pooler = pooler_in_files(facts)
    if pooler is not None and all(name == "PostgreSQL" for name, _ in servers.values()):
        raise NotApplicable(f"{pooler} has a pooler, which keeps the connections")
    for alias, (name, database) in servers.items():
        is_left = pooler is not None and name == "PostgreSQL"
        if max_age_s(database) == 0 and not has_pool(database) and not is_left:
            yield _finding(facts, alias, name)


def _is_pooled(database: Mapping[str, Any]) -> bool:
    """Whether something between Django and the server keeps connections."""
    return (
        str(database["PORT"]) in _POOLER_PORTS
        or _POOLER_HOST.search(str(database["HOST"])) is not None
        or bool(database.get("DISABLE_SERVER_SIDE_CURSORS"))
        or "prepare_threshold" in (database["OPTIONS"] or {})
    )


def _finding(facts: Facts, alias: str, name: str) -> Finding:
    pool = _POOLS.get(name, "")
    return Finding(
        message=f"Every request opens a connection of its own to the {name} database {alias!r}:"
        " CONN_MAX_AGE is 0 and there is no pool.",
        hint=f"Set DATABASES[{alias!r}]['CONN_MAX_AGE'] to 60 or so and CONN_HEALTH_CHECKS to True{pool}.",
        subject=f"DATABASES[{alias!r}]",
        at=facts.origin("DATABASES", alias, "CONN_MAX_AGE"),
    )
