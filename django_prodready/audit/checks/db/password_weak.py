"""The password of a database has fewer than 20 characters.

What it checks
--------------
The length of the password of each entry of `DATABASES` on a server, or of `PGPASSWORD`. One of 12
characters and more that looks made by a generator, as some platforms make them, is an info. Passwords
that everybody knows are what `db.default-credentials` is about.

No password is asked for where there is none in the settings: a password file, a service file, certificates,
tokens of IAM, and peer authentication on a unix socket.

Why it matters
--------------
A database server does not lock out who tries passwords, and nobody types this one: it can be as long as one
likes. A hash of it, from a backup or a replica, is tried a billion times a second elsewhere.

When it is wrong
----------------
When the server asks for something else as well, such as a client certificate.

How to fix
----------
Make a password: `python -c "import secrets; print(secrets.token_urlsafe(32))"`. It has no character that
is to be escaped in a URL. Set it with `ALTER ROLE shop PASSWORD …`, and in the environment of the server.

Source
------
[Password authentication](https://www.postgresql.org/docs/current/auth-password.html),
[OWASP database security](https://cheatsheetseries.owasp.org/cheatsheets/Database_Security_Cheat_Sheet.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.database import find_servers
from django_prodready.audit.facts.database_password import find_password

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts


def _postgres(password: str, **more: object) -> dict[str, object]:
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "shop",
            "HOST": "db",
            "USER": "seller",
            "PASSWORD": password,
            **more,
        }
    }


BAD = (
    Case(settings={"DATABASES": _postgres("blue-horse-7")}),
    Case(settings={"DATABASES": _postgres("k8Vq2XwLr9Tz")}),
)
GOOD = (
    Case(),
    Case(settings={"DATABASES": _postgres("")}),
    Case(settings={"DATABASES": _postgres("u7Vq-2kXw_Lr9TzB4mNc8HsD")}),
    Case(settings={"DATABASES": _postgres("seller")}),
    Case(settings={"DATABASES": _postgres("blue-horse-7", HOST="/run/postgresql")}),
    Case(settings={"DATABASES": _postgres("blue-horse-7", OPTIONS={"use_iam_auth": True})}),
)

_MIN_LENGTH = 20


@check(severity=Severity.WARNING)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each password that is short, and not known to everybody anyway."""
    passwords = [found for server in find_servers(facts) if (found := find_password(server)) is not None]
    if not passwords:
        raise NotApplicable("no connection to a database server has a password")
    for password in passwords:
        if len(password.text) < _MIN_LENGTH and password.why_default is None:
            yield Finding(
                message=f"The password of the database {password.server.alias!r} has fewer than {_MIN_LENGTH}"
                " characters.",
                hint='Give its user what python -c "import secrets; print(secrets.token_urlsafe(32))" prints,'
                f" and set {password.subject} to it.",
                subject=password.subject,
                at=password.at,
                identity=f"{password.server.alias} password",
                severity=Severity.INFO if password.is_random else Severity.WARNING,
            )
