"""A database URL was cut at a character of its password that is not escaped.

What it checks
--------------
What is left in each entry of `DATABASES` on a server: a `HOST` with `%`, `#`, `@` or `?` in it; a `PORT`
that is not a number; a `NAME` with `@`, `?`, `%` or `#`, or none at all for PostgreSQL; and a URL in the
environment with a second host behind the one in `HOST`. It shows none of them, because each may hold a
piece of the password.

Why it matters
--------------
In a URL, `#`, `/` and `?` end the host. Of `postgres://shop:p@ss#word@db/shop` dj-database-url makes the
host `ss` and a database without name, and says nothing: a part of the password goes to whatever DNS
server is asked, and to the logs. django-environ is as silent at other characters.

When it is wrong
----------------
When a database is really called so; for `%` and `#` in a name it is a warning only. Sockets, several
hosts and addresses with a scope (`fe80::1%eth0`) are left alone.

How to fix
----------
Escape the password where the URL is made: `python -c "import urllib.parse;
print(urllib.parse.quote(input(), safe=''))"`. Or give the parts in variables of their own, where nothing
is to be escaped. Then change the password: a part of it may stand in logs.

Where `PORT` is an address such as `tcp://10.0.0.7:5432`, Kubernetes set the variable for a service of
that name: call yours otherwise, or set `enableServiceLinks: false`.

Source
------
[RFC 3986, section 3.2](https://www.rfc-editor.org/rfc/rfc3986#section-3.2),
[URL schema of dj-database-url](https://github.com/jazzband/dj-database-url#url-schema),
[variables of services](https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django_prodready.audit import Case, Finding, NotApplicable, Severity, check
from django_prodready.audit.facts.database import find_servers
from django_prodready.audit.facts.database_address import find_damage

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts
    from django_prodready.audit.facts.database import DatabaseServer
    from django_prodready.audit.facts.database_address import Damage


def _postgres(**more: object) -> dict[str, object]:
    return {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop", "HOST": "db", **more}}


BAD = (
    Case(settings={"DATABASES": _postgres(HOST="ss%23word")}),
    Case(settings={"DATABASES": _postgres(HOST="ss", NAME="word@db:5432/shop")}),
    Case(settings={"DATABASES": _postgres(HOST="ss", NAME="")}),
    Case(settings={"DATABASES": _postgres(PORT="tcp://10.0.0.7:5432")}),
)
GOOD = (
    Case(),
    Case(settings={"DATABASES": _postgres(PORT=5432)}),
    Case(settings={"DATABASES": _postgres(HOST="db1,db2", PORT="5432,5433")}),
    Case(settings={"DATABASES": _postgres(HOST="/cloudsql/shop:europe-west1:main")}),
    Case(settings={"DATABASES": _postgres(HOST="fe80::1%eth0", PORT="5432")}),
    Case(settings={"DATABASES": _postgres(HOST="", NAME="", OPTIONS={"service": "shop"})}),
)

_KUBERNETES = "Rename the service, or set enableServiceLinks to false"


@check(severity=Severity.ERROR)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each entry that no sound URL gives."""
    servers = list(find_servers(facts))
    if not servers:
        raise NotApplicable("no database is on a server")
    for server in servers:
        damages = list(find_damage(server))
        if damages:
            yield _finding(server, damages)


def _finding(server: DatabaseServer, damages: list[Damage]) -> Finding:
    signs = ", and ".join(f"its {damage.key} {damage.says}" for damage in damages)
    is_certain = any(damage.is_certain for damage in damages)
    key = damages[0].key
    hint = "Escape the password in the database's URL (%23 for #, %2F for /, %3F for ?, %40 for @)"
    if any("Kubernetes" in damage.says for damage in damages):
        hint = _KUBERNETES
    return Finding(
        message=f"The address of the database {server.alias!r} is damaged: {signs}."
        if is_certain
        else f"The address of the database {server.alias!r} looks damaged: {signs}.",
        hint=f"{hint}, or set {server.setting}['{key}'] from a variable of its own.",
        subject=server.setting,
        at=server.origin(key),
        severity=Severity.ERROR if is_certain else Severity.WARNING,
    )
