"""A connection waits for minutes for a database that does not answer.

What it checks
--------------
Each connection to PostgreSQL or MySQL has a limit for connecting (`connect_timeout` in `OPTIONS`, or
`PGCONNECT_TIMEOUT`), and one for statements (`statement_timeout` in `OPTIONS["options"]` or `PGOPTIONS`;
`read_timeout` or `init_command` for MySQL). It is an info where only the limit for statements is not
seen, because the role or the server may have one, and on this machine. Silent about statements behind
PgBouncer, which accepts no such option, and where any file of the repository names `statement_timeout`.

Why it matters
--------------
A failover or a firewall leaves connections that nobody answers. Without `connect_timeout` psycopg 3
waits for 130 seconds, and psycopg2 for as long as TCP does, or for ever once the port is open; so does each
request. All workers wait, also those that were to answer `/ready/`, and the platform takes the site down
instead of saying what is wrong. A statement that hangs does the same, and holds its locks.

When it is wrong
----------------
When the driver's default, a `my.cnf` or a service file limits it; those that are known of are left alone.

How to fix
----------
`DATABASES["default"]["OPTIONS"] = {"connect_timeout": 5, "options": "-c statement_timeout=30000"}`:
seconds and milliseconds. Behind PgBouncer, and for a limit that migrations do not have, set it for the
role: `ALTER ROLE shop SET statement_timeout = '30s'`. For MySQL: `{"connect_timeout": 5, "read_timeout":
30}`.

Source
------
[connect_timeout](https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-CONNECT-TIMEOUT),
[psycopg's default](https://www.psycopg.org/psycopg3/docs/api/connections.html#psycopg.Connection.connect),
[statement_timeout](https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-STATEMENT-TIMEOUT)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.database import find_servers
from django_prodready.audit.facts.database_address import is_damaged
from django_prodready.audit.facts.database_host import Distance, distance_to
from django_prodready.audit.facts.database_timeouts import is_connect_limited, is_query_limited

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.database import DatabaseServer


def _postgres(**more: object) -> dict[str, object]:
    return {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "HOST": "db", **more}}


_BOTH = {"connect_timeout": 5, "options": "-c statement_timeout=30000"}

BAD = (
    Case(settings={"DATABASES": _postgres()}),
    Case(settings={"DATABASES": _postgres(OPTIONS={"connect_timeout": 5})}),
)
GOOD = (
    Case(),
    Case(settings={"DATABASES": _postgres(OPTIONS=_BOTH)}),
    Case(settings={"DATABASES": _postgres(HOST="pgbouncer", OPTIONS={"connect_timeout": 5})}),
    Case(
        settings={"DATABASES": _postgres()},
        environ={"PGCONNECT_TIMEOUT": "5", "PGOPTIONS": "-c statement_timeout=30s"},
    ),
)


@check(severity=Severity.WARNING, needs=(Need.SETTINGS, Need.SOURCE, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each connection that nothing is seen to limit."""
    servers = [server for server in find_servers(facts) if server.name != "Oracle" and not is_damaged(server)]
    if not servers:
        raise NotApplicable("no database is on a server whose driver waits for long")
    for server in servers:
        is_near = distance_to(server) in (Distance.SOCKET, Distance.LOOPBACK)
        if not is_connect_limited(server) and distance_to(server) is not Distance.SOCKET:
            yield _without_connect(server, is_near=is_near)
        elif not is_query_limited(server):
            yield _without_query(server)


def _without_connect(server: DatabaseServer, *, is_near: bool) -> Finding:
    both = "" if is_query_limited(server) else "; no limit for statements is seen either"
    return Finding(
        message=f"The connection {server.alias!r} has no connect_timeout: while its {server.name} server does"
        f" not answer, requests and readiness probes wait for minutes{both}.",
        hint=f"Set {server.setting}['OPTIONS']['connect_timeout'] to 5 or so{_and(server) if both else ''}.",
        subject=f"{server.setting}['OPTIONS']['connect_timeout']",
        at=server.origin("OPTIONS"),
        severity=Severity.INFO if is_near else Severity.WARNING,
    )


def _without_query(server: DatabaseServer) -> Finding:
    return Finding(
        message=f"No limit for statements is seen for the connection {server.alias!r}; unless its role or its"
        " server has one, a statement that hangs holds its worker for ever.",
        hint=f"See that the server has a limit for the role of {server.setting}{_and(server)}.",
        subject=f"{server.setting}['OPTIONS']",
        at=server.origin("OPTIONS"),
        severity=Severity.INFO,
    )


def _and(server: DatabaseServer) -> str:
    option = "['options'] to '-c statement_timeout=30000'" if server.is_postgres else "['read_timeout'] to 30"
    return f", and set {server.setting}['OPTIONS']{option} or so where it has none"
