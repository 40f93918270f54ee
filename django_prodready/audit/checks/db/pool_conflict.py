"""A database has a pool that Django will refuse to open.

What it checks
--------------
Each entry of `DATABASES` for PostgreSQL or Oracle with `OPTIONS["pool"]`: `CONN_MAX_AGE` is not 0 (the
text `"0"` is not, either), psycopg 3 is missing where psycopg2 is installed, or `psycopg_pool` is
missing.

Why it matters
--------------
Django finds out when it connects, not when it starts: `check` passes, the deployment goes through, and the
first request answers 500 with "Pooling doesn't support persistent connections".

When it is wrong
----------------
When a database backend of your own reads `pool` as something else; or when it ran where other packages are
installed than on the server.

How to fix
----------
`DATABASES["default"]["CONN_MAX_AGE"] = 0`: the pool keeps the connections. With dj-database-url leave
`conn_max_age` out. For PostgreSQL: `pip install "psycopg[binary,pool]"`.

Source
------
[Connection pool](https://docs.djangoproject.com/en/stable/ref/databases/#connection-pool)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.database import find_servers, has_pool

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.database import DatabaseServer


def _postgres(**more: object) -> dict[str, object]:
    return {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "HOST": "db", **more}}


BAD = (
    Case(settings={"DATABASES": _postgres(OPTIONS={"pool": True}, CONN_MAX_AGE=60)}),
    Case(settings={"DATABASES": _postgres(OPTIONS={"pool": {"max_size": 10}}, CONN_MAX_AGE=None)}),
)
GOOD = (
    Case(),
    Case(settings={"DATABASES": _postgres(CONN_MAX_AGE=60)}),
    Case(settings={"DATABASES": _postgres(OPTIONS={"pool": False}, CONN_MAX_AGE=60)}),
    Case(
        settings={
            "DATABASES": {"default": {"ENGINE": "django.db.backends.oracle", "OPTIONS": {"pool": True}}}
        }
    ),
)


@check(severity=Severity.CRITICAL)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each reason why a pool will not open."""
    servers = [server for server in find_servers(facts) if _is_pooled(server)]
    if not servers:
        raise NotApplicable("no database has a pool of Django's")
    for server in servers:
        age_s = server.entry["CONN_MAX_AGE"]
        if age_s != 0:
            yield Finding(
                message=f"No connection {server.alias!r} will open: Django refuses OPTIONS['pool'] with"
                f" CONN_MAX_AGE = {age_s!r}.",
                hint=f"Set {server.setting}['CONN_MAX_AGE'] to 0, or remove OPTIONS['pool'].",
                subject=f"{server.setting}['CONN_MAX_AGE']",
                at=server.origin("CONN_MAX_AGE"),
            )
        if server.is_postgres:
            yield from _missing(server)


def _is_pooled(server: DatabaseServer) -> bool:
    is_own = "pool" in str(server.entry["ENGINE"]).lower()  # an engine with a pool of its own
    return has_pool(server.entry) and server.name != "MySQL" and not is_own


def _missing(server: DatabaseServer) -> Iterator[Finding]:
    """Yield a finding for the package that the pool lacks; none where no driver is installed at all."""
    is_installed = server.facts.is_installed
    if not is_installed("psycopg"):
        missing = "psycopg 3 instead of psycopg2" if is_installed("psycopg2") else None
    else:
        missing = None if is_installed("psycopg_pool") else "the package psycopg_pool"
    if missing is not None:
        yield Finding(
            message=f"No connection {server.alias!r} will open: OPTIONS['pool'] asks for {missing}, which is"
            " not installed.",
            hint="Install \"psycopg[binary,pool]\", or remove OPTIONS['pool'].",
            subject=f"{server.setting}['OPTIONS']['pool']",
            at=server.origin("OPTIONS", "pool"),
        )
