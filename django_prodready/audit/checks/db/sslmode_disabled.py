"""TLS is switched off for a connection to a database on another machine.

What it checks
--------------
Each PostgreSQL connection to a host with a public name: `sslmode` is `disable`, in `OPTIONS` or in
`PGSSLMODE`; each MySQL one: `ssl_mode` is `DISABLED` or `ssl_disabled` is set.

Why it matters
--------------
`?sslmode=disable` is tried when a connection fails, and stays. From then on the password's exchange,
every query and every row cross the network as they are.

When it is wrong
----------------
When the host's public name leads into a private network, or through a tunnel that encrypts. Hosts that look
private (`db`, `10.0.0.7`, `shop.flycast`), this machine and sockets are left alone.

How to fix
----------
`DATABASES["default"]["OPTIONS"]["sslmode"] = "require"`, better `"verify-full"` with `sslrootcert`. If
that fails, the message says what is wrong with the certificate or the server; it is that which is to be
repaired.

Source
------
[Protection in the modes](https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.database import find_servers
from django_prodready.audit.facts.database_address import is_damaged
from django_prodready.audit.facts.database_host import Distance, distance_to
from django_prodready.audit.facts.database_tls import optional_tls

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts


def _database(engine: str, host: str, **options: object) -> dict[str, object]:
    engine = f"django.db.backends.{engine}"
    return {"default": {"ENGINE": engine, "NAME": "shop", "HOST": host, "OPTIONS": options}}


BAD = (
    Case(settings={"DATABASES": _database("postgresql", "db.example.org", sslmode="disable")}),
    Case(settings={"DATABASES": _database("mysql", "db.example.org", ssl_mode="DISABLED")}),
    Case(settings={"DATABASES": _database("postgresql", "db.example.org")}, environ={"PGSSLMODE": "disable"}),
)
GOOD = (
    Case(),
    Case(settings={"DATABASES": _database("postgresql", "db.example.org")}),
    Case(settings={"DATABASES": _database("postgresql", "db.example.org", sslmode="require")}),
    Case(settings={"DATABASES": _database("postgresql", "shop.flycast", sslmode="disable")}),
    Case(settings={"DATABASES": _database("postgresql", "127.0.0.1", sslmode="disable")}),
    Case(settings={"DATABASES": _database("postgresql", "db", sslmode="disable")}),
)


@check(severity=Severity.ERROR)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each connection to another machine without TLS."""
    servers = [
        server
        for server in find_servers(facts)
        if not is_damaged(server) and distance_to(server) is Distance.REMOTE
    ]
    if not servers:
        raise NotApplicable("no database is known to be on another machine")
    for server in servers:
        tls = optional_tls(server)
        if tls is not None and tls.is_off:
            option = f"{server.setting}['OPTIONS'][{tls.option!r}]"
            better = "sslmode to 'require'" if server.is_postgres else "ssl_mode to 'REQUIRED'"
            yield Finding(
                message=f"The connection {server.alias!r} to a {server.name} database on another machine is"
                f" not encrypted: {tls.says}.",
                hint=f"Replace {tls.variable or option}: set {better}, or better.",
                subject=tls.variable or option,
                at=None if tls.variable else server.origin("OPTIONS", tls.option),
                identity=f"{server.alias} TLS",
            )
