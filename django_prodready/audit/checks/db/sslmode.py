"""A connection to a database on another machine can do without TLS.

What it checks
--------------
`sslmode` of each PostgreSQL connection (in `OPTIONS` or `PGSSLMODE`), and the options of TLS of each
MySQL connection: it is not set, `prefer` or `allow`. A warning for a host with a public name; an info for
containers and services beside the site (`db`, `postgres.railway.internal`, `10.0.0.7`), where it is the
network that is trusted. Unix sockets and this machine are left alone, and so is what a service or option
file says.

Why it matters
--------------
With `prefer`, libpq's default, whoever stands in between answers that the server has no TLS, and gets the
queries, the rows, and with older ways of authentication the password. Nothing is logged.

When it is wrong
----------------
When the host's public name leads into a private network, or through a tunnel that encrypts.

How to fix
----------
`DATABASES["default"]["OPTIONS"]["sslmode"] = "verify-full"` with `sslrootcert` (`"system"` for a
certificate that browsers accept), or at least `"require"`, which checks no certificate. In a URL:
`?sslmode=require`; with dj-database-url `config(ssl_require=True)`. For mysqlclient `"ssl_mode":
"VERIFY_IDENTITY"` or `"REQUIRED"`.

Source
------
[Protection in the modes](https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION),
[mysqlclient](https://mysqlclient.readthedocs.io/user_guide.html#functions-and-attributes)
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
    from django_prodready.audit.facts.database import DatabaseServer
    from django_prodready.audit.facts.database_tls import OptionalTls


def _postgres(host: str, **options: object) -> dict[str, object]:
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "shop",
            "HOST": host,
            "OPTIONS": options,
        }
    }


BAD = (
    Case(settings={"DATABASES": _postgres("db.example.org")}),
    Case(settings={"DATABASES": _postgres("db.example.org", sslmode="prefer")}),
    Case(settings={"DATABASES": _postgres("db")}),
)
GOOD = (
    Case(),
    Case(settings={"DATABASES": _postgres("db.example.org", sslmode="require")}),
    Case(settings={"DATABASES": _postgres("db.example.org", sslrootcert="system")}),
    Case(settings={"DATABASES": _postgres("db.example.org")}, environ={"PGSSLMODE": "verify-full"}),
    Case(settings={"DATABASES": _postgres("")}),
    Case(settings={"DATABASES": _postgres("localhost", sslmode="disable")}),
    Case(settings={"DATABASES": _postgres("db.example.org", sslmode="disable")}),
)


@check(severity=Severity.WARNING)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each connection that leaves the machine and does not insist on TLS."""
    servers = [server for server in find_servers(facts) if not is_damaged(server) and _is_away(server)]
    if not servers:
        raise NotApplicable("no database is known to be on another machine")
    for server in servers:
        tls = optional_tls(server)
        is_remote = distance_to(server) is Distance.REMOTE
        if tls is not None and not (is_remote and tls.is_off):  # that is db.sslmode-disabled
            yield _finding(server, tls, is_remote=is_remote)


def _is_away(server: DatabaseServer) -> bool:
    distance = distance_to(server)
    return server.name != "Oracle" and distance is not None and distance >= Distance.PRIVATE


def _finding(server: DatabaseServer, tls: OptionalTls, *, is_remote: bool) -> Finding:
    effect = "can be read on its way" if is_remote else "is as private as the network that it stays in"
    mode = "require" if tls.option == "sslmode" else "REQUIRED"
    where = (
        tls.variable or f"{server.setting}['OPTIONS']['{'sslmode' if server.is_postgres else 'ssl_mode'}']"
    )
    return Finding(
        message=f"The connection {server.alias!r} to the {server.name} database {effect}: {tls.says}.",
        hint=f"Set {where} to {mode!r}, or let it check the server's certificate as well.",
        subject=server.setting,
        identity=f"{server.alias} TLS",
        at=server.origin("OPTIONS", tls.option),
        severity=Severity.WARNING if is_remote else Severity.INFO,
    )
