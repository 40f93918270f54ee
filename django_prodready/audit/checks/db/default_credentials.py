"""The password of a database is one that everybody knows.

What it checks
--------------
The password of each entry of `DATABASES` on a server, or `PGPASSWORD`: it is the name of its user or
database, with or without a few digits, one of the first that are tried (`postgres`, `password`,
`changeme`, `123456`), or the placeholder of an example (`your-db-password`, `<password>`).

No password is asked for where there is none in the settings: a password file, a service file, certificates,
tokens of IAM, and peer authentication on a unix socket.

Why it matters
--------------
A database port that is open for an hour, by a published port of Docker or a wrong firewall rule, is found and
tried with exactly these. Then it is not only read: its tables are gone and a ransom note is left.

When it is wrong
----------------
When the server does not ask for the password, as with `trust` on a network of its own.

How to fix
----------
Make a password: `python -c "import secrets; print(secrets.token_urlsafe(32))"`. Set it with `ALTER ROLE
shop PASSWORD …`, and in the environment of the server. The variable of the database's image is read only
when it makes a new data directory.

Source
------
[CWE-1392: use of default credentials](https://cwe.mitre.org/data/definitions/1392.html),
[password file](https://www.postgresql.org/docs/current/libpq-pgpass.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.database import find_servers
from django_prodready.audit.facts.database_password import find_password

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts


def _postgres(user: str, password: str, **more: object) -> dict[str, object]:
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "shop",
            "HOST": "db",
            "USER": user,
            "PASSWORD": password,
            **more,
        }
    }


BAD = (
    Case(settings={"DATABASES": _postgres("postgres", "postgres")}),
    Case(settings={"DATABASES": _postgres("seller", "Shop123")}),
    Case(settings={"DATABASES": _postgres("seller", "your-database-password")}),
    Case(settings={"DATABASES": _postgres("seller", "")}, environ={"PGPASSWORD": "pass"}),
)
GOOD = (
    Case(),
    Case(settings={"DATABASES": _postgres("postgres", "")}),
    Case(settings={"DATABASES": _postgres("postgres", "u7Vq-2kXw_Lr9TzB4mNc8HsD")}),
    Case(settings={"DATABASES": _postgres("seller", "", OPTIONS={"passfile": "/run/secrets/pgpass"})}),
    Case(settings={"DATABASES": _postgres("seller", "", HOST="", OPTIONS={"service": "shop"})}),
    Case(settings={"DATABASES": _postgres("postgres", "postgres", HOST="/run/postgresql")}),
    Case(settings={"DATABASES": _postgres("seller", "seller", ENGINE="django_iam_dbauth.aws.postgresql")}),
)


@check(severity=Severity.CRITICAL)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each password that needs no guessing."""
    passwords = [found for server in find_servers(facts) if (found := find_password(server)) is not None]
    if not passwords:
        raise NotApplicable("no connection to a database server has a password")
    for password in passwords:
        if password.why_default is not None:
            yield Finding(
                message=f"The password of the database {password.server.alias!r} {password.why_default}.",
                hint='Give its user what python -c "import secrets; print(secrets.token_urlsafe(32))" prints,'
                f" and set {password.subject} to it.",
                subject=password.subject,
                at=password.at,
                identity=f"{password.server.alias} password",
            )
