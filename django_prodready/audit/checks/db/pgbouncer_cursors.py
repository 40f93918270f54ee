"""Server-side cursors are on behind a pooler that hands out transactions.

What it checks
--------------
Each PostgreSQL connection whose address says that PgBouncer or a pooler like it answers: port 6432, a
host or service named for one, Neon's and Supabase's poolers. `DISABLE_SERVER_SIDE_CURSORS` is off,
Django's default. An error where the pooler is known to pool transactions (the providers', or `pool_mode`
in the repository's files); a warning where the mode is unknown, because PgBouncer's default, `session`,
keeps cursors whole.

Why it matters
--------------
`QuerySet.iterator()` leaves a cursor open between two fetches. Outside of a transaction the pooler gives
the next fetch another server connection, and it fails with "cursor does not exist": in exports, in
`dumpdata`, and only with the pooler in between, so not on a laptop.

When it is wrong
----------------
When the pooler pools sessions, or every `.iterator()` stands in `transaction.atomic()`.

How to fix
----------
`DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True`, beside `ENGINE`, not in `OPTIONS`. With
dj-database-url: `config(disable_server_side_cursors=True)`. `.iterator()` then fetches all rows at once:
give jobs that read much a connection of their own past the pooler.

Source
------
[Transaction pooling and server-side cursors](https://docs.djangoproject.com/en/stable/ref/databases/#transaction-pooling-server-side-cursors),
[PgBouncer's modes](https://www.pgbouncer.org/features.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, Need, NotApplicable, Severity, check
from django_prodready.audit.facts.database import find_servers
from django_prodready.audit.facts.database_address import is_damaged
from django_prodready.audit.facts.database_pooler import find_pooler

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.database import DatabaseServer
    from django_prodready.audit.facts.database_pooler import Pooler


def _postgres(**more: object) -> dict[str, object]:
    return {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "HOST": "db", **more}}


BAD = (
    Case(settings={"DATABASES": _postgres(PORT=6432)}),
    Case(
        settings={"DATABASES": _postgres(HOST="pgbouncer")},
        files={"compose.yml": "services:\n  pgbouncer:\n    environment:\n      POOL_MODE: transaction\n"},
    ),
)
GOOD = (
    Case(),
    Case(settings={"DATABASES": _postgres()}),
    Case(settings={"DATABASES": _postgres(PORT="6432", DISABLE_SERVER_SIDE_CURSORS=True)}),
    Case(
        settings={"DATABASES": _postgres(HOST="pgbouncer")},
        files={"pgbouncer/pgbouncer.ini": "[pgbouncer]\npool_mode = session\n"},
    ),
)


@check(severity=Severity.ERROR, needs=(Need.SETTINGS, Need.FILES))
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each connection whose cursors a pooler may tear apart."""
    poolers = [
        (server, pooler)
        for server in find_servers(facts)
        if server.is_postgres and not is_damaged(server)
        if (pooler := find_pooler(server)) is not None and pooler.hands_out_transactions is not False
    ]
    if not poolers:
        raise NotApplicable("no connection is known to go through a pooler of transactions")
    for server, pooler in poolers:
        if not server.entry.get("DISABLE_SERVER_SIDE_CURSORS"):
            yield _finding(server, pooler)


def _finding(server: DatabaseServer, pooler: Pooler) -> Finding:
    is_known = pooler.hands_out_transactions is True
    unless = "" if is_known else ", if it pools transactions"
    return Finding(
        message=f"The connection {server.alias!r} goes through a pooler ({pooler.sign}) with server-side"
        f' cursors: QuerySet.iterator() fails there with "cursor does not exist"{unless}.',
        hint=f"Set {server.setting}['DISABLE_SERVER_SIDE_CURSORS'] to True.",
        subject=f"{server.setting}['DISABLE_SERVER_SIDE_CURSORS']",
        at=server.origin("DISABLE_SERVER_SIDE_CURSORS"),
        severity=Severity.ERROR if is_known else Severity.WARNING,
    )
